/** Rows and bytes per second as rows get longer, through an exchange between two threads. */
import type { BenchTable, Benchmark } from './benchmark.ts';
import { medianOf, round } from './median.ts';
import { countDocument } from './pipelines.ts';
import { secondsOf } from './run-job.ts';

/** Bytes of the text column, and rows that take some seconds. */
const SIZES = [
  { bytes: 10, rows: 8_000_000 },
  { bytes: 100, rows: 4_000_000 },
  { bytes: 1000, rows: 1_000_000 },
  { bytes: 10_000, rows: 100_000 },
];
const NUMBERS_BYTES = 16;

export const recordSize: Benchmark = {
  name: 'record-size',
  about: 'count per key of 1,000, parallelism 2, a text column that crosses the exchange',
  async run({ runs, workerFile }): Promise<BenchTable> {
    const rows: (string | number)[][] = [];
    for (const { bytes, rows: count } of SIZES) {
      const document = countDocument({
        rows: count,
        keys: 1000,
        payloadBytes: bytes,
        windowSeconds: 1,
        settings: { parallelism: 2 },
      });
      const rate = await medianOf(runs, async () => count / (await secondsOf(document, workerFile)));
      rows.push([bytes, round(rate / 1e6, 3), Math.round((rate * (bytes + NUMBERS_BYTES)) / 1e6)]);
    }
    return { columns: ['text, bytes', 'M rows/s', 'MB/s'], rows };
  },
};
