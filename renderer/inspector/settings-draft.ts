/** Settings while they are typed. A document holds valid ones only: what is not valid (yet) waits here, and is told about at its field. */
import { checkConfig, type ConfigProblem } from '../../runtime/core/config.ts';
import { setAt } from '../../runtime/graph/edits/set-at.ts';
import { settingsSchema, type Settings } from '../../runtime/graph/index.ts';
import { printPath } from './form/config-path.ts';
import type { ConfigChange } from './form/form-context.ts';

export interface SettingsDraft {
  /** The document's settings that the changes are to. */
  readonly base: Settings;
  /** Those that are not in the document. */
  readonly waiting: readonly ConfigChange[];
}

const CHECKED = { schema: settingsSchema, fields: {} };

/** As on screen: what waits on top of what the document says. Changes to settings that were changed elsewhere are dropped. */
export function shownSettings(
  settings: Settings,
  draft: SettingsDraft | null,
): { readonly config: Readonly<Record<string, unknown>>; readonly problems: readonly ConfigProblem[] } {
  if (draft === null || draft.base !== settings || draft.waiting.length === 0) {
    return { config: settings as unknown as Record<string, unknown>, problems: [] };
  }
  const config = applied(settings, draft.waiting) as Record<string, unknown>;
  return { config, problems: checkConfig(CHECKED, config).problems };
}

/**
 * `settings` for the document: the same when the change makes none that are valid. What waited before goes with it when both
 * together are.
 */
export function changeSettings(
  settings: Settings,
  draft: SettingsDraft | null,
  changes: readonly ConfigChange[],
): { readonly settings: Settings; readonly waiting: readonly ConfigChange[] } {
  const before = draft === null || draft.base !== settings ? [] : draft.waiting;
  const others = before.filter((one) => !changes.some((other) => printPath(one.path) === printPath(other.path)));
  const together = valid(applied(settings, [...others, ...changes]));
  if (together !== null) return { settings: together, waiting: [] };
  const alone = valid(applied(settings, changes));
  if (alone !== null) return { settings: alone, waiting: others };
  return { settings, waiting: [...others, ...changes] };
}

function applied(settings: Settings, changes: readonly ConfigChange[]): unknown {
  return changes.reduce<unknown>((value, one) => setAt(value, one.path, one.value), settings);
}

function valid(raw: unknown): Settings | null {
  return checkConfig(CHECKED, raw).value;
}
