/** Some hundred seeds, always the same; `npm run simulate` runs as many as wanted. */
import { describe, expect, it } from 'vitest';
import { propertyRuns } from '../testing/property-runs.ts';
import { drawCase } from './draw-case.ts';
import { runCase, type Failure } from './run-case.ts';
import { shrink } from './shrink.ts';
import type { SimulationCase } from './simulation-case.ts';

const { numRuns: SEEDS, seed: FROM } = propertyRuns(300);
const SEEDS_A_TEST = 50;

describe('whole jobs by seed', () => {
  it.each(Array.from({ length: Math.ceil(SEEDS / SEEDS_A_TEST) }, (_, i) => FROM + i * SEEDS_A_TEST))(
    'hold all invariants from seed %i on',
    async (from) => {
      for (let seed = from; seed < from + SEEDS_A_TEST; seed++) {
        const { failure } = await runCase(drawCase(seed));
        expect(failure, `npm run simulate -- --seed ${seed}`).toBeNull();
      }
    },
    120_000,
  );

  it('do the very same when they run again', async () => {
    const fingerprints = new Set<string>();
    for (let seed = 0; seed < 10; seed++) {
      const first = await runCase(drawCase(seed));
      const copy = JSON.parse(JSON.stringify(drawCase(seed))) as SimulationCase;
      expect(await runCase(copy)).toEqual(first);
      fingerprints.add(first.fingerprint);
    }
    expect(fingerprints.size).toBe(10);
  });

  it('cover what there is: late rows, deaths, restores, all operators', async () => {
    const types = new Set<string>();
    const ends = new Set<string>();
    let restores = 0;
    let rows = 0;
    for (let seed = 0; seed < 60; seed++) {
      const one = drawCase(seed);
      for (const { type } of one.document.nodes) types.add(type);
      for (const { end } of one.schedule.attempts) ends.add(end.at);
      const report = await runCase(one);
      restores += report.restores;
      rows += report.rows;
    }
    expect([...types].sort()).toEqual([
      'aggregate.window',
      'dedup',
      'filter',
      'join.interval',
      'join.stream',
      'join.temporal',
      'join.window',
      'over',
      'project',
      'route',
      'sink.file',
      'source.file',
      'source.generator',
      'union',
      'unnest',
      'watermark',
    ]);
    expect([...ends].sort()).toEqual(['completed', 'error', 'file', 'finish', 'step', 'stop', 'triggered']);
    expect(restores).toBeGreaterThan(30);
    expect(rows).toBeGreaterThan(1000);
  });
});

describe('shrinking', () => {
  /** Stands in for a fault that shows with two windows, a death and five rows of input. */
  async function fails(one: SimulationCase): Promise<Failure | null> {
    const windows = one.document.nodes.filter((node) => node.type === 'aggregate.window').length;
    const lines = Object.values(one.files).reduce((sum, file) => sum + file.length, 0);
    const isBroken = windows >= 2 && one.schedule.attempts.length >= 2 && lines >= 5;
    return isBroken ? { invariant: 'output', message: 'planted', attempt: 0, step: 0 } : null;
  }

  it('leaves out all that a failure does without', async () => {
    let seed = 0;
    while ((await fails(drawCase(seed))) === null) seed++;
    const one = drawCase(seed);
    const { smallest, runs } = await shrink(one, (await fails(one))!, { maxRuns: 5000, fails });
    const { nodes, settings } = smallest.document;
    expect(nodes.filter((node) => node.type === 'aggregate.window')).toHaveLength(2);
    expect(nodes.length).toBeLessThanOrEqual(6);
    expect(Object.values(smallest.files).flat()).toHaveLength(5);
    expect(settings).toMatchObject({ parallelism: 1, batchRows: 2048 });
    expect(smallest.schedule.attempts).toHaveLength(2);
    expect(smallest.schedule.attempts[0]).toMatchObject({ checkpointEvery: 0, stallEvery: 0, parallelism: {} });
    expect(runs).toBeLessThan(5000);
    expect((await runCase(smallest)).failure).toBeNull();
  });
});
