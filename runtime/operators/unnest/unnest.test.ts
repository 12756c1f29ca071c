import { describe, expect, it } from 'vitest';
import { DELETE, INSERT, MAX_BATCH_ROWS } from '../../core/batch.ts';
import { batch, schema, shape } from '../../testing/builders.ts';
import { createHarness, inferOperator } from '../../testing/operator-harness.ts';
import { createUnnest } from './runtime.ts';
import { unnestSpec } from './spec.ts';

const LISTS = shape('id INT, list ARRAY<STRING>');

function unnest(config: Record<string, unknown>, input = LISTS) {
  return createHarness({ spec: unnestSpec, create: createUnnest, config: { as: 'one', ...config }, inputs: [input] });
}

describe('unnest', () => {
  it('gives a row per element and drops rows without any', async () => {
    const harness = await unnest({ expr: 'list' });
    harness.push(0, [
      [1, ['a', null]],
      [2, []],
      [3, null],
      [4, ['b']],
    ]);
    expect(harness.rows().map(([id, , one]) => [id, one])).toEqual([
      [1, 'a'],
      [1, null],
      [4, 'b'],
    ]);
  });

  it('keeps rows without elements with outer', async () => {
    const harness = await unnest({ expr: 'list', outer: true });
    harness.push(0, [
      [1, []],
      [2, ['a', 'b']],
      [3, null],
    ]);
    expect(harness.rows().map(([id, , one]) => [id, one])).toEqual([
      [1, null],
      [2, 'a'],
      [2, 'b'],
      [3, null],
    ]);
  });

  it('repeats rows rightly when there are as many elements as rows', async () => {
    const harness = await unnest({ expr: 'list' });
    harness.push(0, [
      [1, ['a', 'b']],
      [2, []],
      [3, ['c']],
    ]);
    expect(harness.rows().map(([id]) => id)).toEqual([1, 1, 3]);
  });

  it('gives the entries of a map as rows', async () => {
    const harness = await unnest({ expr: 'm' }, shape('m MAP<STRING, INT>'));
    expect(harness.plan.outputs.out?.schema).toEqual(
      schema('m MAP<STRING, INT>, one ROW<key STRING NOT NULL, value INT>'),
    );
    harness.push(0, [
      [new Map([['a', 1]])],
      [
        new Map([
          ['b', 2],
          ['c', null],
        ]),
      ],
    ]);
    expect(harness.rows().map(([, one]) => one)).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', null],
    ]);
  });

  it('takes arrays of arrays apart one level at a time', async () => {
    const harness = await unnest({ expr: 'list' }, shape('list ARRAY<ARRAY<INT>>'));
    harness.push(0, [[[[1, 2], [], null, [3]]]]);
    expect(harness.rows().map(([, one]) => one)).toEqual([[1, 2], [], null, [3]]);
  });

  it('sends batches of the usual size, however many elements there are', async () => {
    const harness = await unnest({ expr: 'list' }, shape('list ARRAY<INT>'));
    const lists = Array.from({ length: 45 }, (_, row) => Array.from({ length: 100 }, (_, i) => 100 * row + i));
    harness.push(
      0,
      lists.map((list) => [list]),
    );
    expect(harness.batches().map((b) => b.length)).toEqual([MAX_BATCH_ROWS, MAX_BATCH_ROWS, 4500 - 2 * MAX_BATCH_ROWS]);
    expect(harness.rows().map(([, one]) => one)).toEqual(lists.flat());
  });

  it('keeps event time and change kind of a row on each of its elements', async () => {
    const harness = await unnest({ expr: 'list' }, { ...LISTS, eventTime: true, changelog: 'update' });
    harness.push(
      0,
      batch(
        LISTS.schema,
        [
          [1, ['a', 'b']],
          [2, ['c']],
        ],
        [10, 20],
        [INSERT, DELETE],
      ),
    );
    expect(harness.output().map(({ eventTime, kind }) => [eventTime, kind])).toEqual([
      [10, INSERT],
      [10, INSERT],
      [20, DELETE],
    ]);
  });

  it.each([
    [{ expr: 'id', as: 'one' }, 'MR1306', 'expr'],
    [{ expr: 'list', as: 'id' }, 'MR1402', 'as'],
    [{ expr: 'nosuch', as: 'one' }, 'MR1302', 'expr'],
  ])('reports what is wrong with %j', (config, code, path) => {
    const { diagnostics, outputs } = inferOperator(unnestSpec, config, [LISTS]);
    expect(diagnostics).toEqual([expect.objectContaining({ code, path })]);
    expect(outputs).toEqual({});
  });
});
