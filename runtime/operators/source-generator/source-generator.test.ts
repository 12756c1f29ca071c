import { describe, expect, it } from 'vitest';
import { FAKE_EPOCH_MS } from '../../testing/fake-clock.ts';
import {
  createHarness,
  inferOperator,
  type HarnessSnapshot,
  type OperatorHarness,
} from '../../testing/operator-harness.ts';
import { createSourceGenerator } from './runtime.ts';
import { sourceGeneratorSpec } from './spec.ts';

const FIELDS = [
  { name: 'n', type: 'BIGINT', expr: 'n' },
  { name: 'r', type: 'DOUBLE', expr: 'RAND()' },
  {
    name: 'pick',
    type: 'BIGINT',
    expr: 'CASE WHEN n % 2 = 0 THEN RAND_INTEGER(100) ELSE RAND_INTEGER(CAST(n AS INT)) END',
  },
  { name: 'id', type: 'STRING', expr: 'UUID()' },
];

interface Options {
  readonly subtask?: number;
  readonly parallelism?: number;
  readonly restoreFrom?: readonly HarnessSnapshot[];
}

function open(config: Record<string, unknown>, options: Options = {}): Promise<OperatorHarness> {
  return createHarness({
    spec: sourceGeneratorSpec,
    create: createSourceGenerator,
    config: { fields: FIELDS, ...config },
    ...options,
  });
}

function openAll(config: Record<string, unknown>, parallelism: number, restoreFrom?: readonly HarnessSnapshot[]) {
  const options = restoreFrom === undefined ? {} : { restoreFrom };
  return Promise.all(
    Array.from({ length: parallelism }, (_, subtask) => open(config, { subtask, parallelism, ...options })),
  );
}

const byNumber = (sources: readonly OperatorHarness[]) =>
  sources.flatMap((source) => source.rows()).sort((a, b) => Number(a[0]) - Number(b[0]));

describe('source.generator', () => {
  it('counts from 0 to its end', async () => {
    const source = await open({ rows: 5000, fields: [{ name: 'square', type: 'BIGINT', expr: 'n * n' }] });
    expect(source.poll()).toBe('ended');
    expect(source.rows()).toEqual(Array.from({ length: 5000 }, (_, n) => [BigInt(n * n)]));
    expect(source.batches().length).toBe(3);
  });

  it('gives the same rows, random ones too, at any parallelism and rate', async () => {
    const whole = await openAll({ rows: 700 }, 1);
    const parts = await openAll({ rows: 700, rowsPerSecond: 10_000 }, 3);
    whole[0]!.poll();
    for (const part of parts) while (part.pollOnce() !== 'ended') part.advanceTo(part.clock.now() + 7);
    expect(byNumber(parts)).toEqual(byNumber(whole));
  });

  it('draws evenly, and anew for each call and seed', async () => {
    const rolls = async (seed: number) => {
      const fields = ['RAND()', 'RAND()'].map((expr, i) => ({ name: `r${i}`, type: 'DOUBLE', expr }));
      const source = await open({ rows: 10_000, seed, fields });
      source.poll();
      return source.rows() as readonly (readonly number[])[];
    };
    const rows = await rolls(1);
    for (const column of [0, 1]) {
      const mean = rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length;
      const variance = rows.reduce((sum, row) => sum + (row[column]! - mean) ** 2, 0) / rows.length;
      expect(mean).toBeCloseTo(0.5, 1);
      expect(variance).toBeCloseTo(1 / 12, 2);
    }
    const covariance = rows.reduce((sum, [a, b]) => sum + (a! - 0.5) * (b! - 0.5), 0) / rows.length;
    expect(Math.abs(covariance)).toBeLessThan(0.01);
    expect(new Set(rows.flat()).size).toBeGreaterThan(19_990);
    expect((await rolls(2))[0]).not.toEqual(rows[0]);
  });

  it('keeps to its rate, shared by the subtasks', async () => {
    const sources = await openAll({ rowsPerSecond: 100 }, 2);
    for (const source of sources) {
      for (let ms = 0; ms <= 1000; ms += 10) {
        source.advanceTo(FAKE_EPOCH_MS + ms);
        expect(source.poll()).toBe('waiting');
      }
    }
    expect(sources.map((source) => source.rows().length)).toEqual([51, 51]);
  });

  it('makes watermarks from a field', async () => {
    const source = await open({
      rows: 4096,
      fields: [{ name: 'ts', type: 'TIMESTAMP', expr: 'TO_TIMESTAMP_LTZ(n, 3)' }],
      eventTime: { field: 'ts', maxOutOfOrdernessMs: 5 },
    });
    source.poll();
    expect(source.watermarks()).toEqual([2042, 4090, Infinity]);
  });

  it('goes on at another parallelism with no row lost or doubled, and no watermark behind', async () => {
    const config = {
      rows: 900,
      rowsPerSecond: 1000,
      fields: [...FIELDS, { name: 'ts', type: 'TIMESTAMP', expr: 'TO_TIMESTAMP_LTZ(n, 3)' }],
      eventTime: { field: 'ts' },
    };
    const whole = await open({ ...config, rowsPerSecond: null });
    whole.poll();
    const before = await openAll(config, 3);
    // One subtask is far ahead of the others.
    before.forEach((source, i) => {
      for (let turn = 0; turn < (i === 1 ? 20 : 3); turn++, source.advanceTo(source.clock.now() + 30))
        source.pollOnce();
    });
    const read = byNumber(before);
    const after = await openAll(
      { ...config, rowsPerSecond: null },
      2,
      before.map((source) => source.snapshot(1)),
    );
    for (const source of after) {
      source.poll();
      expect(source.events[0]?.type).toBe('watermark');
    }
    const rows = [...read, ...byNumber(after)].sort((a, b) => Number(a[0]) - Number(b[0]));
    expect(rows).toEqual(whole.rows());
  });

  it.each([
    [{ fields: [{ name: 'a', type: 'INT', expr: 'n' }] }, 'MR1306', 'fields[0].expr'],
    [
      {
        fields: [
          { name: 'a', type: 'INT', expr: '1' },
          { name: 'b', type: 'INT', expr: 'a' },
        ],
      },
      'MR1302',
      'fields[1].expr',
    ],
    [{ fields: [FIELDS[0], FIELDS[0]] }, 'MR1402', 'fields[1].name'],
    [{ fields: [] }, 'MR1203', 'fields'],
    [{ eventTime: { field: 'id' } }, 'MR1502', 'eventTime.field'],
  ])('%o is %s at %s', (config, code, path) => {
    const { diagnostics } = inferOperator(sourceGeneratorSpec, { fields: FIELDS, ...config }, []);
    expect(diagnostics).toMatchObject([{ code, path }]);
  });
});
