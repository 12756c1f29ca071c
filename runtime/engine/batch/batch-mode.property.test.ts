/**
 * Batch mode gives what streaming gives at the end of the input with every row on time, each result once: random jobs, under random
 * interleavings, deaths and failing files, against the naive model. The simulation's jobs are taken as they are, but for the mode.
 */
import { describe, expect, it } from 'vitest';
import { compileDocument } from '../../compiler/index.ts';
import { readDocument } from '../../graph/index.ts';
import { drawCase, inBatchMode } from '../../simulation/draw-case.ts';
import { runCase } from '../../simulation/run-case.ts';
import type { SimulationCase } from '../../simulation/simulation-case.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import { propertyRuns } from '../../testing/property-runs.ts';

import { DeterministicScheduler } from '../deterministic-scheduler.ts';

const { numRuns: SEEDS, seed: FROM } = propertyRuns(100);
const SEEDS_A_TEST = 50;

function batchCase(seed: number): SimulationCase {
  const one = drawCase(seed);
  return { ...one, document: inBatchMode(one.document) };
}

describe('a job in batch mode', () => {
  it.each(Array.from({ length: Math.ceil(SEEDS / SEEDS_A_TEST) }, (_, i) => FROM + i * SEEDS_A_TEST))(
    'gives each result once, with no row late, from seed %i on',
    async (from) => {
      for (let seed = from; seed < from + SEEDS_A_TEST; seed++) {
        const { failure } = await runCase(batchCase(seed));
        expect(failure, `seed ${seed}`).toBeNull();
      }
    },
    120_000,
  );

  it('has all rows in one processing-time window, that of its start, however long it takes', async () => {
    const { document } = readDocument({
      format: 'millrace/pipeline',
      version: 1,
      name: 'still',
      settings: { runtimeMode: 'batch', parallelism: 2 },
      nodes: [
        {
          id: 'in',
          type: 'source.generator',
          config: { rows: 100, rowsPerSecond: 10, fields: [{ name: 'k', type: 'BIGINT', expr: 'n % 3' }] },
        },
        {
          id: 'count',
          type: 'aggregate.window',
          config: {
            groupBy: ['k'],
            window: { type: 'tumbling', size: '1 second', time: 'processing' },
            aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }],
          },
        },
        { id: 'out', type: 'sink.file', config: { path: 'out.csv', format: 'csv' } },
      ],
      edges: [
        { from: 'in', to: 'count' },
        { from: 'count', to: 'out' },
      ],
    });
    const { plan } = compileDocument(document!, { baseFolder: '/job' });
    const files = new MemoryFiles();
    const startAt = Date.UTC(2026, 0, 1);
    const scheduler = new DeterministicScheduler(plan!, { seed: 1, files, startAt });
    await scheduler.open();
    await scheduler.run();
    scheduler.close();
    expect(scheduler.now).toBeGreaterThan(startAt + 5000);
    const window = '2026-01-01T00:00:00.000Z,2026-01-01T00:00:01.000Z';
    expect(files.text('/job/out.csv').split('\n').toSorted()).toEqual(
      ['', `0,${window},34`, `1,${window},33`, `2,${window},33`, 'k,window_start,window_end,n'].toSorted(),
    );
  });
});
