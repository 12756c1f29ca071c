import { describe, expect, it } from 'vitest';
import { CHANGE_SIGNS, DELETE, INSERT, MAX_BATCH_ROWS, UPDATE_AFTER, UPDATE_BEFORE } from '../../core/batch.ts';
import type { ChangeKind } from '../../core/batch.ts';
import type { ChangelogMode } from '../../core/schema.ts';
import { batch, shape } from '../../testing/builders.ts';
import type { Literal } from '../../testing/literals.ts';
import { createHarness, inferOperator, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createAggregateRunning } from './runtime.ts';
import { aggregateRunningSpec } from './spec.ts';

const FIELDS = 'k STRING, n INT, d DOUBLE, ts TIMESTAMP';
const COUNT = { as: 'count', fn: 'COUNT', expr: '*' };
const SUM = { as: 'sum', fn: 'SUM', expr: 'n' };
const MAX = { as: 'max', fn: 'MAX', expr: 'n' };

type Row = readonly [k: string | null, n: number | null, d?: Literal];

function open(config: Record<string, unknown>, changelog: ChangelogMode = 'append'): Promise<OperatorHarness> {
  return createHarness({
    spec: aggregateRunningSpec,
    create: createAggregateRunning,
    config: { groupBy: ['k'], ...config },
    inputs: [shape(FIELDS, { changelog })],
  });
}

function push(harness: OperatorHarness, rows: readonly Row[], kinds?: readonly ChangeKind[]): void {
  const literals = rows.map(([k, n, d = null]): Literal[] => [k, n, d, null]);
  harness.push(0, batch(FIELDS, literals, undefined, kinds));
}

function seen(harness: OperatorHarness): string[] {
  return harness.output().map(({ kind, values }) => [CHANGE_SIGNS[kind], ...values.map(String)].join(' '));
}

function problems(config: Record<string, unknown>, changelog: ChangelogMode = 'append') {
  const { diagnostics } = inferOperator(aggregateRunningSpec, { groupBy: ['k'], ...config }, [
    shape(FIELDS, { changelog }),
  ]);
  return diagnostics.map(({ code, path, message }) => ({ code, path, message }));
}

describe('rows that are added', () => {
  it('insert a group, then update it', async () => {
    const harness = await open({ aggregates: [COUNT, SUM] });
    push(harness, [
      ['a', 1],
      ['b', 5],
      ['a', 2],
      ['a', 3],
    ]);
    push(harness, [['b', null]]);
    expect(seen(harness)).toEqual([
      '+I a 1 1',
      '+I b 1 5',
      '-U a 1 1',
      '+U a 2 3',
      '-U a 2 3',
      '+U a 3 6',
      '-U b 1 5',
      '+U b 2 5',
    ]);
  });

  it('give nothing when the result has not changed', async () => {
    const harness = await open({ aggregates: [MAX] });
    push(harness, [
      ['a', 2],
      ['a', 1],
    ]);
    push(harness, [['a', 2]]);
    push(harness, [['a', 3]]);
    expect(seen(harness)).toEqual(['+I a 2', '-U a 2', '+U a 3']);
  });

  it('take NULL and NaN for results like any other', async () => {
    const harness = await open({ aggregates: [SUM, { as: 'd', fn: 'SUM', expr: 'd' }] });
    push(harness, [
      [null, null],
      [null, null],
      [null, null, NaN],
      [null, null, 1],
    ]);
    expect(seen(harness)).toEqual(['+I null null null', '-U null null null', '+U null null NaN']);
  });

  it('are one group without keys, in one subtask', async () => {
    const harness = await open({ groupBy: [], aggregates: [COUNT] });
    push(harness, [
      ['a', 1],
      ['b', 1],
    ]);
    expect(seen(harness)).toEqual(['+I 1', '-U 1', '+U 2']);
    const config = { groupBy: [], aggregates: [], stateTtl: 0 };
    expect(aggregateRunningSpec.traits(config).maxParallelism).toBe(1);
    expect(aggregateRunningSpec.distribution!(config, 'in')).toEqual({ type: 'single' });
  });

  it('compare lists by what is in them', async () => {
    const harness = await open({ aggregates: [{ as: 'all', fn: 'COLLECT', expr: 'd' }] });
    push(harness, [
      ['a', 1, 1],
      ['a', 1],
      ['a', 1, 2],
    ]);
    expect(seen(harness)).toEqual(['+I a 1', '-U a 1', '+U a 1,2']);
  });

  it('leave in batches that are not too large, without parting an update', async () => {
    const harness = await open({ aggregates: [COUNT] });
    push(
      harness,
      Array.from({ length: 2 * MAX_BATCH_ROWS }, (): Row => ['a', 1]),
    );
    const batches = harness.batches();
    expect(batches.reduce((sum, one) => sum + one.length, 0)).toBe(4 * MAX_BATCH_ROWS - 1);
    for (const one of batches) {
      expect(one.length).toBeLessThanOrEqual(MAX_BATCH_ROWS);
      expect(one.kind(0)).not.toBe(UPDATE_AFTER);
    }
  });
});

describe('rows that are taken back', () => {
  it('are subtracted, and the last one deletes its group', async () => {
    const harness = await open({ aggregates: [COUNT, SUM, { as: 'avg', fn: 'AVG', expr: 'd' }] }, 'update');
    push(
      harness,
      [
        ['a', 1, 2],
        ['a', 4, 5],
        ['a', 1, 2],
        ['a', 4, 5],
        ['a', 7, 1],
      ],
      [INSERT, INSERT, UPDATE_BEFORE, DELETE, UPDATE_AFTER],
    );
    expect(seen(harness)).toEqual([
      '+I a 1 1 2',
      '-U a 1 1 2',
      '+U a 2 5 3.5',
      '-U a 2 5 3.5',
      '+U a 1 4 5',
      '-D a 1 4 5',
      '+I a 1 7 1',
    ]);
  });

  it('leave no state behind', async () => {
    const harness = await open({ aggregates: [COUNT] }, 'update');
    push(harness, [['a', 1]]);
    const held = harness.stateBytes;
    push(
      harness,
      [
        ['b', 1],
        ['b', 1],
        ['c', 1],
      ],
      [INSERT, DELETE, DELETE],
    );
    expect(harness.stateBytes).toBe(held);
    expect(seen(harness)).toEqual(['+I a 1', '+I b 1', '-D b 1']);
  });

  it('from a group that is not there are ignored', async () => {
    const harness = await open({ aggregates: [COUNT] }, 'update');
    push(
      harness,
      [
        ['a', 1],
        ['b', 1],
        ['b', 1],
      ],
      [DELETE, INSERT, INSERT],
    );
    expect(seen(harness)).toEqual(['+I b 1', '-U b 1', '+U b 2']);
  });

  it('count distinct values as often as they are there', async () => {
    const harness = await open({ aggregates: [{ as: 'users', fn: 'COUNT', expr: 'n', distinct: true }] }, 'update');
    push(
      harness,
      [
        ['a', 1],
        ['a', 1],
        ['a', 2],
        ['a', 1],
        ['a', 1],
      ],
      [INSERT, INSERT, INSERT, DELETE, DELETE],
    );
    expect(seen(harness)).toEqual(['+I a 1', '-U a 1', '+U a 2', '-U a 2', '+U a 1']);
  });

  it('take rounding and infinities with them when no value is left', async () => {
    const harness = await open({ aggregates: [{ as: 'd', fn: 'SUM', expr: 'd' }] }, 'update');
    push(
      harness,
      [
        ['a', 1],
        ['a', 1, Infinity],
        ['a', 1, Infinity],
        ['a', 1, 0.5],
      ],
      [INSERT, INSERT, DELETE, INSERT],
    );
    expect(seen(harness).at(-1)).toBe('+U a 0.5');
  });
});

describe('values that are taken back', () => {
  async function results(
    aggregate: Record<string, unknown>,
    changes: readonly (readonly [ChangeKind, value: Literal])[],
  ): Promise<string[]> {
    const harness = await open({ aggregates: [{ as: 'r', ...aggregate }] }, 'update');
    const rows = changes.map(([, value]): Row => ['a', 0, value]);
    push(
      harness,
      rows,
      changes.map(([kind]) => kind),
    );
    const emitted = harness.output().filter(({ kind }) => kind !== UPDATE_BEFORE);
    return emitted.map(({ kind, values }) => `${CHANGE_SIGNS[kind]} ${String(values[1])}`);
  }

  it('bring the least, the greatest and the percentile back to what they were', async () => {
    const changes = [
      [INSERT, 3],
      [INSERT, 1],
      [INSERT, 5],
      [DELETE, 1],
      [DELETE, 5],
      [DELETE, 3],
    ] as const;
    expect(await results({ fn: 'MIN', expr: 'd' }, changes)).toEqual(['+I 3', '+U 1', '+U 3', '-D 3']);
    expect(await results({ fn: 'MAX', expr: 'd' }, changes)).toEqual(['+I 3', '+U 5', '+U 3', '-D 3']);
    const median = { fn: 'PERCENTILE', expr: 'd', percentile: 0.5 };
    expect(await results(median, changes)).toEqual(['+I 3', '+U 2', '+U 3', '+U 4', '+U 3', '-D 3']);
  });

  it('are the first of equal ones where order counts', async () => {
    const changes = [
      [INSERT, 1],
      [INSERT, 2],
      [INSERT, 1],
      [DELETE, 1],
    ] as const;
    expect(await results({ fn: 'FIRST_VALUE', expr: 'd' }, changes)).toEqual(['+I 1', '+U 2']);
    expect(await results({ fn: 'LAST_VALUE', expr: 'd' }, changes)).toEqual(['+I 1', '+U 2', '+U 1']);
    expect((await results({ fn: 'COLLECT', expr: 'd' }, changes)).at(-1)).toBe('+U 2,1');
    const joined = { fn: 'LISTAGG', expr: 'CAST(d AS STRING)', separator: ' ' };
    expect((await results(joined, changes)).at(-1)).toMatch(/^\+U 2\S* 1\S*$/);
  });

  it('leave a distinct value in its place for as long as it is there', async () => {
    const changes = [
      [INSERT, 1],
      [INSERT, 2],
      [INSERT, 1],
      [DELETE, 1],
      [DELETE, 1],
    ] as const;
    const distinct = { fn: 'COLLECT', expr: 'd', distinct: true };
    expect(await results(distinct, changes)).toEqual(['+I 1', '+U 1,2', '+U 2']);
  });

  it('are found in lists of lists, too', async () => {
    const changes = [
      [INSERT, 1],
      [INSERT, 2],
      [DELETE, 1],
    ] as const;
    expect(await results({ fn: 'LAST_VALUE', expr: 'ARRAY[d]' }, changes)).toEqual(['+I 1', '+U 2']);
    expect((await results({ fn: 'COLLECT', expr: 'ARRAY[d, d]' }, changes)).at(-1)).toBe('+U 2,2');
  });

  it('cancel out when they are taken back before they come, but in lists', async () => {
    const changes = [
      [INSERT, 5],
      [INSERT, 5],
      [DELETE, 9],
      [INSERT, 9],
    ] as const;
    expect(await results({ fn: 'MAX', expr: 'd' }, changes)).toEqual(['+I 5']);
    expect(await results({ fn: 'COUNT', expr: 'd', distinct: true }, changes)).toEqual(['+I 1']);
    expect(await results({ fn: 'LAST_VALUE', expr: 'd' }, changes)).toEqual(['+I 5', '+U 9']);
  });

  it('hardly disturb a variance, however far from 0 the values are', async () => {
    const far = 1e9;
    const changes = [
      [INSERT, far + 4],
      [INSERT, far + 7],
      [INSERT, far + 1000],
      [INSERT, far + 13],
      [INSERT, far + 16],
      [DELETE, far + 1000],
    ] as const;
    const seen = await results({ fn: 'VAR_SAMP', expr: 'd' }, changes);
    expect(Number(seen.at(-1)!.slice('+U '.length))).toBeCloseTo(30, 6);
    const exact = await results({ fn: 'VAR_SAMP', expr: 'CAST(d AS BIGINT)' }, changes);
    expect(exact.at(-1)).toBe('+U 30');
  });
});

describe('time to live', () => {
  it('forgets groups without rows, and repeats results that have not changed', async () => {
    const harness = await open({ aggregates: [MAX], stateTtl: '10 seconds' });
    const start = harness.clock.now();
    push(harness, [
      ['a', 2],
      ['a', 1],
    ]);
    harness.advanceTo(start + 9_000);
    push(harness, [['a', 1]]);
    harness.advanceTo(start + 20_000);
    push(harness, [['a', 1]]);
    expect(seen(harness)).toEqual(['+I a 2', '-U a 2', '+U a 2', '-U a 2', '+U a 2', '+I a 1']);
  });
});

describe('what is wrong with a config', () => {
  it('fields that are not there or cannot be keys, and names twice', () => {
    expect(problems({ groupBy: ['x'], aggregates: [COUNT] })).toMatchObject([{ code: 'MR1403', path: 'groupBy[0]' }]);
    expect(problems({ aggregates: [{ ...COUNT, as: 'k' }] })).toMatchObject([
      { code: 'MR1402', path: 'aggregates[0].as' },
    ]);
    expect(problems({ aggregates: [{ as: 's', fn: 'SUM', expr: 'k' }] })).toMatchObject([
      { code: 'MR1304', path: 'aggregates[0].expr' },
    ]);
    const nested = inferOperator(aggregateRunningSpec, { groupBy: ['a'] }, [shape('a ARRAY<INT>')]).diagnostics;
    expect(nested).toMatchObject([{ code: 'MR1405', path: 'groupBy[0]' }]);
  });

  it('functions that cannot take a row back, on an input with updates', () => {
    expect(problems({ aggregates: [COUNT, MAX] })).toEqual([]);
    expect(problems({ aggregates: [COUNT, SUM] }, 'update')).toEqual([]);
    expect(problems({ aggregates: [COUNT, MAX, { as: 'all', fn: 'COLLECT', expr: 'n' }] }, 'update')).toEqual([]);
    const approximate = { as: 'a', fn: 'APPROX_COUNT_DISTINCT', expr: 'n' };
    expect(problems({ aggregates: [COUNT, approximate] })).toEqual([]);
    expect(problems({ aggregates: [COUNT, approximate] }, 'update')).toEqual([
      {
        code: 'MR1503',
        path: 'aggregates[1].fn',
        message:
          'APPROX_COUNT_DISTINCT keeps a sketch, which cannot take a value back, and the input has updates: use COUNT with "distinct", which is exact, or aggregate before the operator that makes the updates',
      },
    ]);
  });

  it('gives a stream with updates, without event time', () => {
    const { outputs } = inferOperator(aggregateRunningSpec, { groupBy: ['k'] }, [shape(FIELDS, { eventTime: true })]);
    expect(outputs.out).toMatchObject({ changelog: 'update', eventTime: false });
  });
});
