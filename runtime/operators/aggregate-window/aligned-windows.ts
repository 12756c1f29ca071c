/**
 * Windows that lie the same for all keys, as runs of panes. A pane is the time between two neighbouring window bounds: all of it
 * or none is in a window, so rows are aggregated once a pane and panes are merged when a window fires, instead of keeping a copy
 * in each window. Tumbling: a pane is a window. Hopping: panes of the slide. Cumulative: panes of the step.
 *
 * The windows that hold a pane `P` end at `P + paneMs`, `P + 2 paneMs`, … `lastEnd(P)`.
 */
import { assert } from '../../core/errors.ts';
import type { WindowConfig } from '../shared/windows.ts';

export interface AlignedWindows {
  readonly paneMs: number;
  /** Whether every window of a cycle holds the one before: then panes behind may be merged for good. */
  readonly accumulates: boolean;
  /** Start of the pane that holds an instant. */
  paneOf(timeMs: number): number;
  /** Start of the window that ends at `end`. */
  startOf(end: number): number;
  /** End of the last window that holds a pane. */
  lastEnd(pane: number): number;
}

export function alignedWindows(window: WindowConfig): AlignedWindows {
  assert(window.type !== 'session', 'sessions are not aligned');
  const { size, offset } = window;
  const floorTo = (timeMs: number, ms: number): number => timeMs - floorMod(timeMs - offset, ms);
  switch (window.type) {
    case 'tumbling':
    case 'hopping': {
      const paneMs = window.type === 'tumbling' ? size : window.slide;
      return {
        paneMs,
        accumulates: false,
        paneOf: (timeMs) => floorTo(timeMs, paneMs),
        startOf: (end) => end - size,
        lastEnd: (pane) => pane + size,
      };
    }
    case 'cumulative':
      return {
        paneMs: window.step,
        accumulates: true,
        paneOf: (timeMs) => floorTo(timeMs, window.step),
        startOf: (end) => floorTo(end - 1, size),
        lastEnd: (pane) => floorTo(pane, size) + size,
      };
  }
}

/** End of the first window that holds `pane` and ends after `time`; Infinity when there is none. */
export function firstEndAfter({ paneMs, lastEnd }: AlignedWindows, pane: number, time: number): number {
  const end = time < pane + paneMs ? pane + paneMs : pane + paneMs * (Math.floor((time - pane) / paneMs) + 1);
  return end <= lastEnd(pane) ? end : Infinity;
}

/** Exact for whole numbers below 2^53; never negative. */
function floorMod(a: number, b: number): number {
  const rest = a % b;
  return rest < 0 ? rest + b : rest;
}
