/** The config `window`: which windows of time there are, how they are written and checked. All times in milliseconds. */
import { c, type ConfigField } from '../../core/config.ts';
import type { Firing, Report } from '../../core/operator.ts';
import { say, type Say } from '../../core/say.ts';
import { printDuration } from '../../core/time.ts';

/** What decides a row's windows: its event time, or the clock when it arrives. */
export type WindowTime = 'event' | 'processing';

export type WindowConfig =
  | { readonly type: 'tumbling'; readonly time: WindowTime; readonly size: number; readonly offset: number }
  | {
      readonly type: 'hopping';
      readonly time: WindowTime;
      readonly size: number;
      readonly slide: number;
      readonly offset: number;
    }
  | {
      readonly type: 'cumulative';
      readonly time: WindowTime;
      readonly step: number;
      readonly size: number;
      readonly offset: number;
    }
  | { readonly type: 'session'; readonly time: WindowTime; readonly gap: number };

const time = c.withDefault(
  c.choice(
    { label: 'Time', help: 'By the event time of rows, or by the clock when they arrive.' },
    { event: 'Event time', processing: 'Processing time' },
  ),
  'event',
);
const offset = c.withDefault(
  c.duration({
    label: 'Offset',
    help: 'Moves all windows by so much: windows of a day with an offset of 8 hours begin at 8:00 UTC.',
  }),
  '0 seconds',
);
const size = c.duration({ label: 'Size', help: 'Length of a window.' });

/** Cases of the variant: what has other windows beside these spreads them. */
export const timeWindowCases = {
  tumbling: { label: 'Tumbling', fields: { size, offset, time } },
  hopping: {
    label: 'Hopping',
    fields: {
      size,
      slide: c.duration({
        label: 'Slide',
        help: 'Distance from one window to the next; the size is a multiple of it.',
      }),
      offset,
      time,
    },
  },
  cumulative: {
    label: 'Cumulative',
    fields: {
      step: c.duration({
        label: 'Step',
        help: 'How much longer each window is than the one before; the size is a multiple of it.',
      }),
      size,
      offset,
      time,
    },
  },
  session: {
    label: 'Session',
    fields: { gap: c.duration({ label: 'Gap', help: 'A session ends when no row comes for so long.' }), time },
  },
} as const;

export const windowField: ConfigField<WindowConfig> = c.variant(
  { label: 'Window', help: 'How the stream is cut into windows. A window holds its start and not its end.' },
  'type',
  timeWindowCases,
);

/** Reports sizes that are zero or do not fit each other (MR1505). */
export function checkWindow(window: WindowConfig, report: Report): void {
  const problem = problemOf(window);
  if (problem !== null) report({ code: 'MR1505', message: problem.message, path: `window.${problem.key}` });
}

function problemOf(window: WindowConfig): { key: string; message: string } | null {
  switch (window.type) {
    case 'tumbling':
      return zero('size', window.size);
    case 'hopping':
      return zero('size', window.size) ?? zero('slide', window.slide) ?? multiple(window.size, 'slide', window.slide);
    case 'cumulative':
      return zero('size', window.size) ?? zero('step', window.step) ?? multiple(window.size, 'step', window.step);
    case 'session':
      return zero('gap', window.gap);
  }
}

function zero(key: string, ms: number): { key: string; message: string } | null {
  return ms > 0 ? null : { key, message: say`the ${key} of a window must be longer than 0` };
}

function multiple(size: number, key: string, part: number): { key: string; message: string } | null {
  if (size % part === 0) return null;
  return {
    key,
    message: say`the size, ${printDuration(size)}, is not a multiple of the ${key}, ${printDuration(part)}`,
  };
}

/** When windows fire: tumbling ones at their ends, hopping and cumulative ones at every slide and step, too. */
export function firingOf(window: WindowConfig): Firing {
  const { time } = window;
  if (window.type === 'session') return { type: 'session', time, gapMs: window.gap };
  const stepMs = window.type === 'tumbling' ? window.size : window.type === 'hopping' ? window.slide : window.step;
  const { offset } = window;
  return { type: 'aligned', time, endAfter: (at) => (Math.floor((at - offset) / stepMs) + 1) * stepMs + offset };
}

/** `1 minute every 10 seconds`: for the line under a node's label. */
export function describeWindow(window: WindowConfig, say: Say): string {
  switch (window.type) {
    case 'tumbling':
      return printDuration(window.size);
    case 'hopping':
      return say`${printDuration(window.size)} every ${printDuration(window.slide)}`;
    case 'cumulative':
      return say`up to ${printDuration(window.size)} by ${printDuration(window.step)}`;
    case 'session':
      return say`sessions with a gap of ${printDuration(window.gap)}`;
  }
}
