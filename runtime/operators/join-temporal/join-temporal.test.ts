import { describe, expect, it } from 'vitest';
import {
  batchOf,
  DELETE,
  INSERT,
  UPDATE_AFTER,
  UPDATE_BEFORE,
  BatchBuilder,
  type ChangeKind,
} from '../../core/batch.ts';
import type { Value } from '../../core/types.ts';
import { shape } from '../../testing/builders.ts';
import { createHarness, inferOperator, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createJoinTemporal } from './runtime.ts';
import { joinTemporalSpec } from './spec.ts';

const LEFT = shape('id STRING, n INT', { eventTime: true });
const RIGHT = shape('id STRING, v INT', { eventTime: true });
const ON = [{ left: 'id', right: 'id' }];

function start(config: Record<string, unknown> = {}, connected?: readonly string[]): Promise<OperatorHarness> {
  return createHarness({
    spec: joinTemporalSpec,
    create: createJoinTemporal,
    config: { on: ON, kind: 'left', ...config },
    inputs: [LEFT, { ...RIGHT, changelog: 'update' }],
    ...(connected === undefined ? {} : { connected }),
  });
}

function left(harness: OperatorHarness, ...rows: readonly (readonly [time: number, ...Value[]])[]): void {
  const batch = batchOf(
    LEFT.schema,
    rows.map(([, ...values]) => values),
    rows.map(([time]) => time),
  );
  harness.push(0, batch);
}

function right(harness: OperatorHarness, ...rows: readonly (readonly [ChangeKind, time: number, ...Value[]])[]): void {
  const builder = new BatchBuilder(RIGHT.schema);
  for (const [kind, time, ...values] of rows) builder.appendRow(values, time, kind);
  harness.push(1, builder.finish());
}

const seen = (harness: OperatorHarness) =>
  harness.output().map(({ eventTime, values }) => `@${eventTime} ${values.map(String).join(' ')}`);

describe('join.temporal', () => {
  it('waits for both watermarks, then gives each row the version of its time', async () => {
    const harness = await start();
    left(harness, [10, 'a', 1], [9, 'a', 2], [20, 'a', 3]);
    right(harness, [INSERT, 10, 'a', 100]);
    harness.watermark(30, 0);
    harness.watermark(15, 1);
    expect(seen(harness)).toEqual(['@9 a 2 null null', '@10 a 1 a 100']);
    right(harness, [INSERT, 16, 'a', 101]);
    harness.watermark(30, 1);
    expect(seen(harness).slice(2)).toEqual(['@20 a 3 a 101']);
  });

  it('has nothing for a key from its deletion on; what an update replaces holds until then', async () => {
    const harness = await start();
    right(
      harness,
      [INSERT, 10, 'a', 1],
      [UPDATE_BEFORE, 20, 'a', 1],
      [UPDATE_AFTER, 20, 'a', 2],
      [DELETE, 30, 'a', 2],
      [INSERT, 40, 'a', 3],
    );
    left(harness, [19, 'a', 0], [20, 'a', 0], [30, 'a', 0], [39, 'a', 0], [40, 'a', 0]);
    harness.end();
    expect(seen(harness)).toEqual([
      '@19 a 0 a 1',
      '@20 a 0 a 2',
      '@30 a 0 null null',
      '@39 a 0 null null',
      '@40 a 0 a 3',
    ]);
  });

  it('takes the last of two versions of one time', async () => {
    const harness = await start({ kind: 'inner' });
    right(harness, [INSERT, 10, 'a', 1], [INSERT, 10, 'a', 2]);
    left(harness, [10, 'a', 0]);
    harness.end();
    expect(seen(harness)).toEqual(['@10 a 0 a 2']);
  });

  it('does not look for another version when the condition fails', async () => {
    const harness = await start({ condition: 'v > n' });
    right(harness, [INSERT, 10, 'a', 9], [INSERT, 20, 'a', 1]);
    left(harness, [25, 'a', 5], [15, 'a', 5]);
    harness.end();
    expect(seen(harness)).toEqual(['@15 a 5 a 9', '@25 a 5 null null']);
  });

  it('sends left rows behind the watermark to late, and counts them without an edge there', async () => {
    const harness = await start();
    harness.watermark(20);
    left(harness, [19, 'a', 1], [20, 'a', 2]);
    harness.end();
    expect(harness.output('late').map(({ values, eventTime }) => [eventTime, ...values])).toEqual([
      [19, 'a', 1, null, null],
    ]);
    expect(seen(harness)).toEqual(['@20 a 2 null null']);
    const counting = await start({}, ['out']);
    counting.watermark(20);
    left(counting, [19, 'a', 1]);
    expect(counting.lateRows).toBe(1);
  });

  it('takes late versions for rows to come, unless a deletion is newer', async () => {
    const harness = await start();
    right(harness, [INSERT, 5, 'a', 1], [INSERT, 5, 'b', 1], [DELETE, 8, 'b', 1]);
    harness.watermark(20);
    right(harness, [INSERT, 15, 'a', 2], [INSERT, 7, 'b', 2]);
    left(harness, [21, 'a', 0], [21, 'b', 0]);
    harness.end();
    expect(seen(harness)).toEqual(['@21 a 0 a 2', '@21 b 0 null null']);
  });

  it('drops versions that no row can see any more, also of keys that nothing comes for', async () => {
    const harness = await start();
    right(harness, [INSERT, 0, 'a', 0], [INSERT, 0, 'b', 0]);
    harness.watermark(1);
    const one = harness.stateBytes;
    right(
      harness,
      ...Array.from({ length: 500 }, (_, i): [ChangeKind, number, string, number] => [INSERT, 2 + i, 'a', i]),
    );
    const full = harness.stateBytes;
    harness.watermark(400);
    expect(harness.stateBytes).toBeLessThan(one + (full - one) / 3);
    harness.watermark(1000);
    expect(harness.stateBytes).toBeLessThan(one + (full - one) / 20);
    left(harness, [1001, 'a', 1]);
    harness.end();
    expect(seen(harness)).toEqual(['@1001 a 1 a 499']);
  });

  it('refuses updates on the left, and inputs without event time', () => {
    const infer = (one: object, other: object) =>
      inferOperator(joinTemporalSpec, { on: ON }, [
        { ...LEFT, ...one },
        { ...RIGHT, ...other },
      ]);
    expect(infer({ changelog: 'update' }, {}).diagnostics.map(({ code }) => code)).toEqual(['MR1503']);
    expect(infer({}, { eventTime: false }).diagnostics.map(({ code }) => code)).toEqual(['MR1501']);
    expect(infer({}, { changelog: 'update' }).diagnostics).toEqual([]);
    expect(infer({}, { changelog: 'update' }).outputs.out).toMatchObject({ changelog: 'append', eventTime: true });
  });
});
