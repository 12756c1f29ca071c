import { describe, expect, it } from 'vitest';
import { shape } from '../../testing/builders.ts';
import { createHarness, inferOperator } from '../../testing/operator-harness.ts';
import { createUnion } from './runtime.ts';
import { unionSpec } from './spec.ts';

const CLICKS = 'user STRING, page INT';

describe('union', () => {
  it('merges rows as they arrive', async () => {
    const union = await createHarness({
      spec: unionSpec,
      create: createUnion,
      config: {},
      inputs: [shape(CLICKS), shape(CLICKS), shape(CLICKS)],
    });
    union.push(2, [['c', 3]]);
    union.push(0, [['a', 1]]);
    union.push(1, [['b', null]]);
    expect(union.rows()).toEqual([
      ['c', 3],
      ['a', 1],
      ['b', null],
    ]);
  });

  it('forwards the lowest watermark of its inputs', async () => {
    const inputs = [shape('ts TIMESTAMP', { eventTime: true }), shape('ts TIMESTAMP', { eventTime: true })];
    const union = await createHarness({ spec: unionSpec, create: createUnion, config: {}, inputs });
    union.watermark(500, 0);
    expect(union.watermarks()).toEqual([]);
    union.watermark(300, 1);
    union.watermark(900, 1);
    expect(union.watermarks()).toEqual([300, 500]);
  });

  it('drops event times when an input has none', async () => {
    const inputs = [shape('ts TIMESTAMP', { eventTime: true }), shape('ts TIMESTAMP')];
    const union = await createHarness({ spec: unionSpec, create: createUnion, config: {}, inputs });
    union.push(0, [['2026-01-01T00:00:00Z']]);
    expect(union.output().map((row) => row.eventTime)).toEqual([null]);
  });

  it('may give NULL where any input may', () => {
    const { outputs } = inferOperator(unionSpec, {}, [shape('a INT NOT NULL'), shape('a INT')]);
    expect(outputs.out?.schema).toEqual(shape('a INT').schema);
  });

  it('ends, and only has inserts, if all its inputs do', () => {
    const inputs = [shape('a INT', { bounded: true }), shape('a INT', { bounded: false, changelog: 'update' })];
    expect(inferOperator(unionSpec, {}, inputs).outputs.out).toMatchObject({ bounded: false, changelog: 'update' });
  });

  it.each([
    ['user STRING, page STRING', 'field 2 is page STRING where page INT is needed'],
    ['page INT, user STRING', 'field 1 is page INT where user STRING is needed'],
    ['user STRING', 'it lacks page INT'],
    ['user STRING, page INT, ts DATE', 'it has a field too many, ts DATE'],
  ])('says how %s differs', (other, difference) => {
    const { diagnostics, outputs } = inferOperator(unionSpec, {}, [shape(CLICKS), shape(other)]);
    expect(diagnostics).toEqual([
      expect.objectContaining({
        code: 'MR1404',
        message: `Input 2 does not have the schema of input 1: ${difference}`,
      }),
    ]);
    expect(outputs).toEqual({});
  });
});
