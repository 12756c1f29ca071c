/** How long checkpoints take while a consumer works off far less than its sources give. */
import { parseDocument, type PipelineDocument } from '../graph/index.ts';
import { assert } from '../core/errors.ts';
import type { BenchTable, Benchmark } from './benchmark.ts';
import { median, round } from './median.ts';
import { runInProcess } from './run-process.ts';

const MEASURED_MS = 30_000;
const INTERVAL_MS = 2000;
/** Hashing this many bytes takes about a millisecond a row. */
const HASHED_BYTES = 100_000;
const BATCH_ROWS = 256;
const MIB = 2 ** 20;

const CASES = [
  { alignment: 'aligned', alignedTimeoutMs: 0 },
  { alignment: 'unaligned', alignedTimeoutMs: 0 },
  { alignment: 'unaligned', alignedTimeoutMs: 500 },
] as const;

export const backpressure: Benchmark = {
  name: 'backpressure',
  about: `two sources before one consumer that takes 1 ms a row, far below 1 % of their pace; batches of ${BATCH_ROWS} rows`,
  async run({ workerFile }): Promise<BenchTable> {
    const rows: (string | number)[][] = [];
    for (const { alignment, alignedTimeoutMs } of CASES) {
      const run = await runInProcess(slowDocument({ alignment, alignedTimeoutMs }), {
        workerFile,
        stopAfterMs: MEASURED_MS,
      });
      const completed = run.checkpoints.slice(0, -1).filter(({ status }) => status === 'completed');
      const persisted = completed.map(({ details }) => details.reduce((sum, one) => sum + one.persistedBytes, 0));
      rows.push([
        alignment,
        alignedTimeoutMs,
        completed.length,
        completed.length === 0 ? '' : Math.round(median(completed.map(({ durationMs }) => durationMs!))),
        completed.length === 0 ? '' : Math.round(Math.max(...completed.map(({ durationMs }) => durationMs!))),
        completed.length === 0 ? '' : round(median(persisted) / MIB),
      ]);
    }
    const columns = ['alignment', 'aligned for at most, ms', 'completed', 'median ms', 'longest ms', 'in-flight, MiB'];
    return { columns, rows };
  },
};

function slowDocument(checkpoint: object): PipelineDocument {
  const { document, diagnostics } = parseDocument(
    JSON.stringify({
      format: 'millrace/pipeline',
      version: 1,
      name: 'slow',
      settings: {
        parallelism: 2,
        batchRows: BATCH_ROWS,
        latencyTargetMs: 0,
        checkpoint: { intervalMs: INTERVAL_MS, ...checkpoint },
      },
      nodes: [
        node('rows', 'source.generator', { seed: 1, fields: [{ name: 'n', type: 'BIGINT', expr: 'n' }] }),
        {
          ...node('hashed', 'project', {
            fields: [{ as: 'hash', expr: `SHA256(REPEAT(CAST(n AS STRING), ${HASHED_BYTES / 10}))` }],
          }),
          parallelism: 1,
        },
        { ...node('shown', 'sink.table', {}), parallelism: 1 },
      ],
      edges: [
        { from: 'rows', to: 'hashed' },
        { from: 'hashed', to: 'shown' },
      ],
      notes: [],
      groups: [],
    }),
  );
  assert(document !== null, `the benchmark's document is not valid: ${diagnostics[0]?.message}`);
  return document;
}

function node(id: string, type: string, config: unknown): object {
  return { id, type, position: { x: 0, y: 0 }, config };
}
