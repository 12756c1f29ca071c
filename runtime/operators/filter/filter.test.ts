import { describe, expect, it } from 'vitest';
import { UPDATE_AFTER, UPDATE_BEFORE } from '../../core/batch.ts';
import { batch, shape } from '../../testing/builders.ts';
import { createHarness, inferOperator } from '../../testing/operator-harness.ts';
import { createFilter } from './runtime.ts';
import { filterSpec } from './spec.ts';

const EVENTS = shape('level INT, ts TIMESTAMP', { eventTime: true });

function filter(condition: string, input = EVENTS) {
  return createHarness({ spec: filterSpec, create: createFilter, config: { condition }, inputs: [input] });
}

describe('filter', () => {
  it('keeps rows for which the condition is TRUE, with their event times', async () => {
    const harness = await filter('level > 1');
    harness.push(0, [
      [1, 1000],
      [2, 2000],
      [null, 3000],
      [3, 4000],
    ]);
    expect(harness.output()).toEqual([
      { values: [2, 2000], eventTime: 2000, kind: 0 },
      { values: [3, 4000], eventTime: 4000, kind: 0 },
    ]);
  });

  it('hands a batch on as it is when all of it is kept', async () => {
    const harness = await filter('level > 0');
    const rows = batch(
      EVENTS.schema,
      [
        [1, 0],
        [2, 0],
      ],
      [0, 0],
    );
    harness.push(0, rows);
    expect(harness.batches()[0]).toBe(rows);
  });

  it('sends nothing when no row is kept', async () => {
    const harness = await filter('level > 9');
    harness.push(0, [[1, 0]]);
    expect(harness.events).toEqual([]);
  });

  it('keeps the change kind of a row', async () => {
    const harness = await filter('level > 0', shape('level INT', { changelog: 'update' }));
    harness.push(0, batch('level INT', [[0], [1], [2]], undefined, [UPDATE_BEFORE, UPDATE_BEFORE, UPDATE_AFTER]));
    expect(harness.output().map((row) => row.kind)).toEqual([UPDATE_BEFORE, UPDATE_AFTER]);
  });

  it('takes batches of any size, one after the other', async () => {
    const harness = await filter('level % 2 = 0', shape('level INT'));
    for (const size of [1, 3000, 10])
      harness.push(
        0,
        Array.from({ length: size }, (_, i) => [i]),
      );
    expect(harness.rows()).toHaveLength(1 + 1500 + 5);
  });

  it.each([
    ['level', 'MR1306'],
    ['nosuch > 1', 'MR1302'],
    ['level >', 'MR1301'],
  ])('reports what is wrong with %s, and still knows its fields', (condition, code) => {
    const { diagnostics, outputs } = inferOperator(filterSpec, { condition }, [EVENTS]);
    expect(diagnostics).toEqual([expect.objectContaining({ code, path: 'condition', severity: 'error' })]);
    expect(outputs.out).toEqual(EVENTS);
  });
});
