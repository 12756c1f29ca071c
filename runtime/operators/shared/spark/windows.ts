/** Windows of time as grouping columns. */
import type { Unsupported } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import { wholeUnits } from '../../../expression/print.ts';
import type { WindowConfig } from '../windows.ts';
import { columnText } from './columns.ts';

/** `"10 seconds"`, as Spark's functions and `withWatermark` take a length of time. */
export function durationText(ms: number): string {
  const { count, unit } = wholeUnits(ms);
  return `"${count} ${unit.toLowerCase()}${Math.abs(count) === 1 ? '' : 's'}"`;
}

/** `F.window("ts", "10 seconds")`; a column with `start` and `end`. */
export function windowColumn(window: WindowConfig, time: string): { readonly column: string } | Unsupported {
  if (window.time === 'processing') {
    return {
      unsupported: say`goes by processing time, and the clock of Spark stands still within a micro-batch: use event time`,
    };
  }
  switch (window.type) {
    case 'tumbling': {
      const { size, offset } = window;
      return { column: call(time, size, ...(offset === 0 ? [] : [size, startTime(offset, size)])) };
    }
    case 'hopping': {
      const { size, slide, offset } = window;
      return { column: call(time, size, slide, ...(offset === 0 ? [] : [startTime(offset, slide)])) };
    }
    case 'session':
      return { column: `F.session_window(${columnText(time)}, ${durationText(window.gap)})` };
    case 'cumulative':
      return {
        unsupported: say`has cumulative windows, which Spark has not: use hopping windows, or runtimeMode "batch"`,
      };
  }
}

function call(time: string, ...lengths: readonly number[]): string {
  return `F.window(${[columnText(time), ...lengths.map(durationText)].join(', ')})`;
}

/** Spark takes one below the slide. */
function startTime(offset: number, slide: number): number {
  return ((offset % slide) + slide) % slide;
}
