/** What a count per key costs as its keys grow in number, with state in memory and in RocksDB. */
import type { BenchTable, Benchmark } from './benchmark.ts';
import { medianOf, round } from './median.ts';
import { countDocument } from './pipelines.ts';
import { runInProcess } from './run-process.ts';

const KEYS = [1000, 100_000, 1_000_000, 10_000_000];
const LEAST_ROWS = 4_000_000;
const MIB = 2 ** 20;
/** For RocksDB's caches, so that most of the largest states is on disk. */
const ROCKSDB_MB = 256;

export const stateGrowth: Benchmark = {
  name: 'state-growth',
  about: 'count per key in one window, keys in no order; all rows and the firing; one checkpoint, at the end',
  async run({ runs, workerFile }): Promise<BenchTable> {
    const rows: (string | number)[][] = [];
    for (const keys of KEYS) {
      const count = Math.max(LEAST_ROWS, keys);
      let memoryRate = 0;
      for (const stateBackend of ['memory', 'rocksdb']) {
        const settings = {
          stateBackend,
          managedMemoryMb: stateBackend === 'rocksdb' ? ROCKSDB_MB : 4096,
          checkpoint: { intervalMs: 0, timeoutMs: 600_000 },
        };
        let peak = 0;
        const rate = await medianOf(runs, async () => {
          const run = await runInProcess(countDocument({ rows: count, keys, settings }), { workerFile });
          peak = Math.max(peak, run.peakBytes);
          return count / run.seconds;
        });
        if (stateBackend === 'memory') memoryRate = rate;
        rows.push([keys, stateBackend, round(rate / 1e6), round(rate / memoryRate), Math.round(peak / MIB)]);
      }
    }
    return { columns: ['keys', 'backend', 'M rows/s', '× memory', 'peak RSS, MiB'], rows };
  },
};
