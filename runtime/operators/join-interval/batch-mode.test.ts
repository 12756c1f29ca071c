/** A join in a whole job, whose state has two inputs: streaming and batch mode give the same when every row is on time. */
import { describe, expect, it } from 'vitest';
import { compileDocument } from '../../compiler/index.ts';
import { seededRandom } from '../../core/random.ts';
import { DeterministicScheduler } from '../../engine/deterministic-scheduler.ts';
import { readDocument } from '../../graph/index.ts';
import { node } from '../../testing/whole-job.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';

const START = Date.UTC(2026, 0, 1);

function writeInputs(files: MemoryFiles): void {
  const random = seededRandom(7);
  for (const [name, key] of [
    ['orders', 'id'],
    ['payments', 'orderId'],
  ] as const) {
    const lines = Array.from({ length: 400 }, (_, i) => {
      const id = random() < 0.05 ? '' : `o${Math.floor(random() * 60)}`;
      return `${id},${i},${new Date(START + i * 1000 - Math.floor(random() * 30_000)).toISOString()}`;
    });
    files.write(`/job/${name}.csv`, [`${key},n,ts`, ...lines, ''].join('\n'));
  }
}

interface Run {
  readonly runtimeMode: 'streaming' | 'batch';
  readonly kind: string;
  readonly seed: number;
  readonly spillAfterBytes?: number;
}

async function run({ runtimeMode, kind, seed, spillAfterBytes }: Run): Promise<string[]> {
  const source = (id: string, key: string): object =>
    node(id, 'source.file', {
      path: `${id}.csv`,
      format: 'csv',
      schema: [
        { name: key, type: 'STRING' },
        { name: 'n', type: 'INT' },
        { name: 'ts', type: 'TIMESTAMP' },
      ],
      eventTime: { field: 'ts', maxOutOfOrdernessMs: 30_000 },
    });
  const { document, diagnostics } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'paid orders',
    settings: { runtimeMode, parallelism: 2, batchRows: 32 },
    nodes: [
      source('orders', 'id'),
      source('payments', 'orderId'),
      node('join', 'join.interval', {
        on: [{ left: 'id', right: 'orderId' }],
        lowerBound: '-5 seconds',
        upperBound: '20 seconds',
        kind,
        condition: 'left.n <> right.n',
      }),
      node('out', 'sink.file', { path: 'out.csv', format: 'csv' }),
    ],
    edges: [
      { from: 'orders', to: 'join', toPort: 'left' },
      { from: 'payments', to: 'join', toPort: 'right' },
      { from: 'join', to: 'out' },
    ],
  });
  expect(diagnostics).toEqual([]);
  const { plan } = compileDocument(document!, { baseFolder: '/job' });
  const exchanges = plan!.links.filter((link) => link.to === 'join').map((link) => link.exchange);
  expect(exchanges).toEqual(Array(2).fill(runtimeMode === 'batch' ? 'blocking' : 'hash'));
  const files = new MemoryFiles();
  writeInputs(files);
  const scheduler = new DeterministicScheduler(plan!, {
    seed,
    files,
    ...(spillAfterBytes === undefined ? {} : { spillAfterBytes }),
  });
  await scheduler.open();
  await scheduler.run();
  scheduler.close();
  return files.text('/job/out.csv').split('\n').toSorted();
}

describe('join.interval in batch mode', () => {
  it.each(['inner', 'left', 'right', 'full'])('gives what streaming gives, with any part spilled: %s', async (kind) => {
    const streaming = await run({ runtimeMode: 'streaming', kind, seed: 1 });
    expect(streaming.length).toBeGreaterThan(100);
    for (const spillAfterBytes of [0, 20_000, Infinity]) {
      expect(await run({ runtimeMode: 'batch', kind, seed: 2, spillAfterBytes })).toEqual(streaming);
    }
  });
});
