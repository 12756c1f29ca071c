/** The config `window`: windows of time, and windows that go by the number of a group's rows. */
import { c, type ConfigField } from '../../core/config.ts';
import type { Firing, Report } from '../../core/operator.ts';
import type { Say } from '../../core/say.ts';
import { checkWindow, describeWindow, firingOf, timeWindowCases, type WindowConfig } from '../shared/windows.ts';

/** Windows without bounds in time, which fire by the number of rows. */
export type CountWindowConfig =
  | { readonly type: 'count'; readonly size: number; readonly slide: number | null }
  | { readonly type: 'global'; readonly trigger: { readonly count: number; readonly purge: boolean } };

export type AnyWindowConfig = WindowConfig | CountWindowConfig;

const trigger = c.object(
  { label: 'Trigger', help: 'When the window fires.' },
  {
    count: c.integer(
      { label: 'Every so many rows', help: 'The window fires with every so many rows of its group.' },
      { min: 1, unit: 'rows' },
    ),
    purge: c.withDefault(
      c.flag({
        label: 'Purge when it fires',
        help: 'Whether the window begins anew when it has fired. Otherwise each result holds all rows so far.',
      }),
      false,
    ),
  },
);

export const anyWindowField: ConfigField<AnyWindowConfig> = c.variant(
  {
    label: 'Window',
    help: 'How the stream is cut into windows. A window of time holds its start and not its end; the others go by the rows of each group.',
  },
  'type',
  {
    ...timeWindowCases,
    count: {
      label: 'Count',
      fields: {
        size: c.integer(
          { label: 'Size', help: 'Rows of a group that a window holds, at most.' },
          { min: 1, unit: 'rows' },
        ),
        slide: c.optional(
          c.integer(
            {
              label: 'Slide',
              help: 'A window fires with every so many rows, over the last ones up to its size. Empty: windows follow each other.',
            },
            { min: 1, unit: 'rows' },
          ),
        ),
      },
    },
    global: { label: 'Global', fields: { trigger } },
  },
);

export function isCountWindow(window: AnyWindowConfig): window is CountWindowConfig {
  return window.type === 'count' || window.type === 'global';
}

export function checkAnyWindow(window: AnyWindowConfig, report: Report): void {
  if (!isCountWindow(window)) checkWindow(window, report);
}

export function anyFiringOf(window: AnyWindowConfig): Firing {
  if (!isCountWindow(window)) return firingOf(window);
  return { type: 'rows', rows: window.type === 'count' ? (window.slide ?? window.size) : window.trigger.count };
}

/** For the line under a node's label. */
export function describeAnyWindow(window: AnyWindowConfig, say: Say): string {
  if (!isCountWindow(window)) return describeWindow(window, say);
  if (window.type === 'count') {
    return window.slide === null ? rows(window.size, say) : say`${window.size} rows every ${window.slide}`;
  }
  const { count, purge } = window.trigger;
  return purge ? rows(count, say) : say`all rows every ${count}`;
}

function rows(count: number, say: Say): string {
  return count === 1 ? say`1 row` : say`${count} rows`;
}
