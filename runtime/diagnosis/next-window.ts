/** When the next window of an operator closes, as far as that is known from outside. */
import type { Firing } from '../core/operator.ts';
import type { Watermark } from './observed-job.ts';

export interface NextWindow {
  readonly time: 'event' | 'processing';
  /** ms since the epoch, as is `now`: how far that time has come. */
  readonly windowEnd: number;
  readonly now: number;
  readonly missingMs: number;
}

/** `at`: the clock of the report. Null: it has no such windows, or there is no watermark to count from. */
export function nextWindow(firing: Firing, watermark: Watermark, at: number): NextWindow | null {
  if (firing.type !== 'aligned') return null;
  if (firing.time === 'processing') return { time: 'processing', ...untilEnd(at, firing.endAfter(at)) };
  if (typeof watermark !== 'number') return null;
  // A window fires at 1 ms before its end.
  return { time: 'event', ...untilEnd(watermark, firing.endAfter(watermark + 1)) };
}

function untilEnd(now: number, windowEnd: number): Omit<NextWindow, 'time'> {
  return { now, windowEnd, missingMs: Math.max(0, windowEnd - now) };
}
