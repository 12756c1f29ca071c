/** Time from source to sink at shares of the load that the machine can carry. */
import { assert } from '../core/errors.ts';
import type { JobMetrics, LatencySummary } from '../protocol/job.ts';
import type { BenchTable, Benchmark } from './benchmark.ts';
import { round } from './median.ts';
import { countDocument } from './pipelines.ts';
import { runInProcess, type ProcessRun } from './run-process.ts';

const CAPACITY_ROWS = 20_000_000;
const KEYS = 1000;
const MEASURED_MS = 15_000;
const SHARES = [0.1, 0.5, 0.9];
const FOREVER = 1_000_000_000_000;

export const latency: Benchmark = {
  name: 'latency',
  about:
    'source → exchange → count per key and second → sink, parallelism 2; ms from source to sink, of the last 10 s of 15',
  async run({ workerFile }): Promise<BenchTable> {
    const settings = { parallelism: 2 };
    const options = { keys: KEYS, windowSeconds: 1, settings };
    const full = await runInProcess(countDocument({ rows: CAPACITY_ROWS, ...options }), { workerFile });
    const capacity = CAPACITY_ROWS / full.seconds;
    const rows: (string | number)[][] = [];
    for (const share of SHARES) {
      const rowsPerSecond = Math.round(capacity * share);
      const run = await runInProcess(countDocument({ rows: FOREVER, rowsPerSecond, ...options }), {
        workerFile,
        stopAfterMs: MEASURED_MS,
      });
      const { p50, p95, p99 } = lastLatency(run);
      const reached = round(reachedRate(run) / 1e6);
      rows.push([`${share * 100} %`, round(rowsPerSecond / 1e6), reached, round(p50), round(p95), round(p99)]);
    }
    return { columns: ['load', 'M rows/s wanted', 'reached', 'p50', 'p95', 'p99'], rows };
  },
};

/** Rows a second that left the source, between the first report and the last. */
function reachedRate({ metrics }: ProcessRun): number {
  const emitted = ({ operators }: JobMetrics): number =>
    operators[0]!.subtasks.reduce((sum, { numRecordsOut }) => sum + numRecordsOut['out']!, 0);
  const [first, last] = [metrics[0]!, metrics.at(-1)!];
  return ((emitted(last) - emitted(first)) * 1000) / (last.at - first.at);
}

/** Of the subtask of the sink that is slowest. */
function lastLatency({ metrics }: ProcessRun): LatencySummary {
  const sinks = metrics
    .toReversed()
    .map(({ operators }) => operators.flatMap(({ subtasks }) => subtasks.flatMap((one) => one.latency ?? [])))
    .find((found) => found.length > 0);
  assert(sinks !== undefined, 'no latency was measured');
  return sinks.reduce((slowest, one) => (one.p99 > slowest.p99 ? one : slowest));
}
