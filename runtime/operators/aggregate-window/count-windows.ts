/**
 * Windows that go by the number of a key's rows, as runs of panes. A window fires with every `slide` rows and holds the last `size` of
 * them, so windows begin and end at two places in each slide: rows between two such places are a pane, which is in a window as a whole
 * or not at all. Panes are numbered from 0; window `k` ends behind row `(k + 1) * slide`.
 */
import type { CountWindowConfig } from './window-config.ts';

export interface CountWindows {
  /** A window fires with every so many rows. */
  readonly slide: number;
  /** Rows of a window; Infinity when it holds all that ever came. */
  readonly size: number;
  /** Panes of a window; Infinity as `size`. */
  readonly panes: number;
  /** In each slide: 2 when windows begin inside of it, else 1. */
  readonly panesPerSlide: 1 | 2;
  /** Pane of a key's row number `row`, from 0. */
  paneOf(row: number): number;
}

/** `countWindow(size)`, `countWindow(size, slide)` and a `CountTrigger` over `GlobalWindows` of Flink's DataStream API. */
export function countWindows(window: CountWindowConfig): CountWindows {
  if (window.type === 'count') return slidingWindows(window.size, window.slide ?? window.size);
  const { count, purge } = window.trigger;
  return slidingWindows(purge ? count : Infinity, count);
}

function slidingWindows(size: number, slide: number): CountWindows {
  // Rows of a slide before the place where a window begins.
  const before = size === Infinity ? 0 : (slide - (size % slide)) % slide;
  if (before === 0) {
    return { slide, size, panes: size / slide, panesPerSlide: 1, paneOf: (row) => Math.floor(row / slide) };
  }
  return {
    slide,
    size,
    panes: 2 * Math.floor(size / slide) + 1,
    panesPerSlide: 2,
    paneOf: (row) => 2 * Math.floor(row / slide) + (row % slide >= before ? 1 : 0),
  };
}
