/** Windows of time in Java. */
import type { WindowConfig } from '../windows.ts';

/** Not of sessions, which have a bolt of their own. */
export function windowsText(window: Exclude<WindowConfig, { type: 'session' }>): string {
  const { type, size, offset } = window;
  switch (type) {
    case 'tumbling':
      return `Windows.tumbling(${milliseconds(size)}, ${milliseconds(offset)})`;
    case 'hopping':
      return `Windows.hopping(${milliseconds(size)}, ${milliseconds(window.slide)}, ${milliseconds(offset)})`;
    case 'cumulative':
      return `Windows.cumulative(${milliseconds(size)}, ${milliseconds(window.step)}, ${milliseconds(offset)})`;
  }
}

/** `60_000L` */
export function milliseconds(ms: number): string {
  return `${String(ms).replaceAll(/\B(?=(\d{3})+$)/g, '_')}L`;
}
