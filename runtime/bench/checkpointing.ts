/** What checkpoints cost a job that keeps 100,000 keys, by their interval and alignment. */
import type { CheckpointReport } from '../protocol/job.ts';
import type { BenchTable, Benchmark } from './benchmark.ts';
import { median, round } from './median.ts';
import { countDocument } from './pipelines.ts';
import { runInProcess } from './run-process.ts';

const ROWS = 30_000_000;
const KEYS = 100_000;

const CASES = [
  { intervalMs: 0, alignment: 'aligned' },
  { intervalMs: 1000, alignment: 'aligned' },
  { intervalMs: 1000, alignment: 'unaligned' },
  { intervalMs: 100, alignment: 'aligned' },
  { intervalMs: 100, alignment: 'unaligned' },
] as const;

export const checkpointing: Benchmark = {
  name: 'checkpointing',
  about: `count per key, ${KEYS} keys, parallelism 2, state in memory, checkpoints in a local folder`,
  async run({ runs, workerFile }): Promise<BenchTable> {
    const rows: (string | number)[][] = [];
    let without = 0;
    for (const checkpoint of CASES) {
      const document = countDocument({ rows: ROWS, keys: KEYS, settings: { parallelism: 2, checkpoint } });
      const rates: number[] = [];
      const completed: CheckpointReport[] = [];
      for (let i = 0; i < runs; i++) {
        const run = await runInProcess(document, { workerFile });
        rates.push(ROWS / run.seconds);
        // The last one ends the job.
        completed.push(...run.checkpoints.slice(0, -1).filter(({ status }) => status === 'completed'));
      }
      const rate = median(rates);
      if (checkpoint.intervalMs === 0) without = rate;
      rows.push([
        checkpoint.intervalMs === 0 ? 'none' : `${checkpoint.intervalMs} ms`,
        checkpoint.intervalMs === 0 ? '' : checkpoint.alignment,
        round(rate / 1e6),
        round(rate / without),
        round(completed.length / runs, 1),
        completed.length === 0 ? '' : Math.round(median(completed.map(({ durationMs }) => durationMs!))),
      ]);
    }
    return { columns: ['interval', 'alignment', 'M rows/s', '× none', 'completed a run', 'median ms'], rows };
  },
};
