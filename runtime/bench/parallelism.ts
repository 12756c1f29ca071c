/** How throughput grows with the number of subtasks. */
import type { BenchTable, Benchmark } from './benchmark.ts';
import { medianOf, round } from './median.ts';
import { throughputDocument } from './pipelines.ts';
import { secondsOf } from './run-job.ts';

const ROWS = 20_000_000;

export const parallelism: Benchmark = {
  name: 'parallelism',
  about: 'filter → project → tumbling count per key, generated rows; subtasks run in a thread each',
  async run({ runs, workerFile }): Promise<BenchTable> {
    const rows: (string | number)[][] = [];
    for (const hasText of [false, true]) {
      let one = 0;
      for (const subtasks of [1, 2, 4]) {
        const document = throughputDocument({ rows: ROWS, parallelism: subtasks, hasText });
        const rate = await medianOf(runs, async () => ROWS / (await secondsOf(document, workerFile)) / 1e6);
        if (subtasks === 1) one = rate;
        rows.push([hasText ? 'with two strings' : 'numeric', subtasks, round(rate), round(rate / one)]);
      }
    }
    return { columns: ['rows', 'parallelism', 'M rows/s', '× one'], rows };
  },
};
