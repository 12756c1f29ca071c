/** What a row costs in JavaScript of the user's, against an expression that does the same. */
import type { BenchTable, Benchmark } from './benchmark.ts';
import { medianOf, round } from './median.ts';
import { userCodeDocument, USER_CODE_STEPS } from './pipelines.ts';
import { secondsOf } from './run-job.ts';

const ROWS = 5_000_000;

export const userCode: Benchmark = {
  name: 'user-code',
  about: 'generate → one operator that doubles a number → discard, parallelism 1; million rows/s (median)',
  async run({ runs, workerFile }): Promise<BenchTable> {
    const rates: { name: string; rate: number }[] = [];
    for (const name of USER_CODE_STEPS) {
      const document = userCodeDocument({ rows: ROWS, step: name });
      rates.push({
        name,
        rate: await medianOf(runs, async () => ROWS / (await secondsOf(document, workerFile)) / 1e6),
      });
    }
    const first = rates[0]!.rate;
    return {
      columns: ['by', 'M rows/s', '× project'],
      rows: rates.map(({ name, rate }) => [name, round(rate), round(rate / first)]),
    };
  },
};
