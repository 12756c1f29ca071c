/** Rows per second of one pipeline, against the same logic without an engine, and what watching it costs. */
import { nodeId } from '../core/ids.ts';
import type { Watch } from '../protocol/job.ts';
import { nodeStreamSeconds, rowLoopSeconds } from './baselines.ts';
import type { BenchTable, Benchmark } from './benchmark.ts';
import { medianOf, round } from './median.ts';
import { throughputDocument } from './pipelines.ts';
import { secondsOf, type JobChoices } from './run-job.ts';

/** Long enough that thread start and compilation do not show. */
const ENGINE_ROWS = 20_000_000;
const LOOP_ROWS = 5_000_000;
const STREAM_ROWS = 500_000;
/** Whose rows are kept for who looks later. */
const OPERATORS = ['rows', 'kept', 'shaped', 'counted'];

function ports(...nodes: readonly string[]): readonly Watch[] {
  return nodes.map((node) => ({ nodeId: nodeId(node), port: 'out' }));
}

export const throughput: Benchmark = {
  name: 'throughput',
  about: 'filter → project → tumbling count per key, generated rows; million rows/s (median)',
  async run({ runs, workerFile }): Promise<BenchTable> {
    const rows: (string | number)[][] = [];
    for (const hasText of [false, true]) {
      const rate = (count: number, seconds: () => number | Promise<number>): Promise<number> =>
        medianOf(runs, async () => count / (await seconds()) / 1e6);
      const engine = (parallelism: number, watched: Pick<JobChoices, 'watches' | 'keeps'> = {}): Promise<number> => {
        const document = throughputDocument({ rows: ENGINE_ROWS, parallelism, hasText });
        return rate(ENGINE_ROWS, () => secondsOf(document, workerFile, watched));
      };
      const columns = hasText ? 'with two strings' : 'numeric';
      const loop = await rate(LOOP_ROWS, () => rowLoopSeconds(LOOP_ROWS, hasText));
      const streams = await rate(STREAM_ROWS, () => nodeStreamSeconds(STREAM_ROWS, hasText));
      const one = await engine(1);
      const two = await engine(2);
      const watched = await engine(1, { watches: ports('shaped', 'counted'), keeps: ports(...OPERATORS) });
      rows.push(
        [columns, 'row objects in one loop', round(loop), round(loop / loop)],
        [columns, 'Node streams, object mode', round(streams), round(streams / loop)],
        [columns, 'Millrace, parallelism 1', round(one), round(one / loop)],
        [columns, 'Millrace, parallelism 1, two edges watched', round(watched), round(watched / loop)],
        [columns, 'Millrace, parallelism 2', round(two), round(two / loop)],
      );
    }
    return { columns: ['rows', 'by', 'M rows/s', '× loop'], rows };
  },
};
