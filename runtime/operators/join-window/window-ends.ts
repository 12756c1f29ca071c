/** The windows that hold an instant, by their ends: `first(t)`, one `stepMs` later, and so on to `last(t)`. */
import { assert } from '../../core/errors.ts';
import type { WindowConfig } from '../shared/windows.ts';

export interface WindowEnds {
  readonly stepMs: number;
  /** Most windows that hold one instant. */
  readonly most: number;
  first(time: number): number;
  last(time: number): number;
  /** Start of the window with that end. */
  startOf(end: number): number;
}

export function windowEnds(window: WindowConfig): WindowEnds {
  assert(window.type !== 'session', 'rows are not joined in sessions');
  const { size, offset } = window;
  const floorTo = (time: number, ms: number): number => Math.floor((time - offset) / ms) * ms + offset;
  switch (window.type) {
    case 'tumbling':
    case 'hopping': {
      const stepMs = window.type === 'tumbling' ? size : window.slide;
      return {
        stepMs,
        most: size / stepMs,
        first: (time) => floorTo(time, stepMs) + stepMs,
        last: (time) => floorTo(time, stepMs) + size,
        startOf: (end) => end - size,
      };
    }
    case 'cumulative':
      return {
        stepMs: window.step,
        most: size / window.step,
        first: (time) => floorTo(time, window.step) + window.step,
        last: (time) => floorTo(time, size) + size,
        startOf: (end) => floorTo(end - 1, size),
      };
  }
}
