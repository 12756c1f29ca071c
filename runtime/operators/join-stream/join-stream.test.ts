import { describe, expect, it } from 'vitest';
import {
  BatchBuilder,
  CHANGE_SIGNS,
  DELETE,
  INSERT,
  UPDATE_AFTER,
  UPDATE_BEFORE,
  type ChangeKind,
} from '../../core/batch.ts';
import type { Value } from '../../core/types.ts';
import { shape } from '../../testing/builders.ts';
import { createHarness, inferOperator, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createJoinStream } from './runtime.ts';
import { joinStreamSpec } from './spec.ts';

const LEFT = shape('id STRING, l INT', { changelog: 'update' });
const RIGHT = shape('id STRING, r INT', { changelog: 'update' });
const ON = [{ left: 'id', right: 'id' }];

type Change = readonly [ChangeKind, ...Value[]];

function start(config: Record<string, unknown>, inputs = [LEFT, RIGHT]): Promise<OperatorHarness> {
  return createHarness({ spec: joinStreamSpec, create: createJoinStream, config: { on: ON, ...config }, inputs });
}

function push(harness: OperatorHarness, input: number, ...changes: readonly Change[]): void {
  const builder = new BatchBuilder(harness.plan.inputs[input]!.shape.schema);
  for (const [kind, ...values] of changes) builder.appendRow(values, NaN, kind);
  harness.push(input, builder.finish());
}

/** What has left since the last look. */
function taker(harness: OperatorHarness): () => string[] {
  let seen = 0;
  return () => {
    const rows = harness.output().slice(seen);
    seen += rows.length;
    return rows.map(({ kind, values }) => `${CHANGE_SIGNS[kind]} ${values.map(String).join(' ')}`);
  };
}

const [LEFT_SIDE, RIGHT_SIDE] = [0, 1];

describe('an outer join', () => {
  it('takes a lonely row back before its first match, and gives it again after its last has gone', async () => {
    const harness = await start({ kind: 'left' });
    const empty = harness.stateBytes;
    const take = taker(harness);
    push(harness, LEFT_SIDE, [INSERT, 'a', 1]);
    expect(take()).toEqual(['+I a 1 null null']);
    push(harness, RIGHT_SIDE, [INSERT, 'a', 10], [INSERT, 'a', 11]);
    expect(take()).toEqual(['-D a 1 null null', '+I a 1 a 10', '+I a 1 a 11']);
    push(harness, RIGHT_SIDE, [DELETE, 'a', 10]);
    expect(take()).toEqual(['-D a 1 a 10']);
    push(harness, RIGHT_SIDE, [DELETE, 'a', 11]);
    expect(take()).toEqual(['-D a 1 a 11', '+I a 1 null null']);
    push(harness, LEFT_SIDE, [DELETE, 'a', 1]);
    expect(take()).toEqual(['-D a 1 null null']);
    expect(harness.stateBytes).toBe(empty);
  });

  it('gives what is alone on both sides, and adds and takes away in one go for many', async () => {
    const harness = await start({ kind: 'full' });
    const take = taker(harness);
    push(harness, LEFT_SIDE, [INSERT, 'a', 1], [INSERT, 'a', 1], [INSERT, 'b', 2]);
    expect(take()).toEqual(['+I a 1 null null', '+I a 1 null null', '+I b 2 null null']);
    push(harness, RIGHT_SIDE, [INSERT, 'c', 3], [INSERT, 'a', 9]);
    expect(take()).toEqual(['+I null null c 3', '-D a 1 null null', '-D a 1 null null', '+I a 1 a 9', '+I a 1 a 9']);
    push(harness, LEFT_SIDE, [DELETE, 'a', 1]);
    expect(take()).toEqual(['-D a 1 a 9']);
    push(harness, LEFT_SIDE, [DELETE, 'a', 1]);
    expect(take()).toEqual(['-D a 1 a 9', '+I null null a 9']);
  });

  it('knows at once that a row with NULL in its key is alone', async () => {
    const harness = await start({ kind: 'full' });
    const take = taker(harness);
    push(harness, LEFT_SIDE, [INSERT, null, 1]);
    push(harness, RIGHT_SIDE, [INSERT, null, 2]);
    push(harness, LEFT_SIDE, [DELETE, null, 1]);
    expect(take()).toEqual(['+I null 1 null null', '+I null null null 2', '-D null 1 null null']);
  });

  it('turns updates into rows that go and rows that come', async () => {
    const harness = await start({ kind: 'left' });
    const take = taker(harness);
    push(harness, RIGHT_SIDE, [INSERT, 'a', 1]);
    push(harness, LEFT_SIDE, [INSERT, 'a', 5], [UPDATE_BEFORE, 'a', 5], [UPDATE_AFTER, 'a', 6]);
    expect(take()).toEqual(['+I a 5 a 1', '-D a 5 a 1', '+I a 6 a 1']);
  });
});

describe('an inner join', () => {
  it('hands the kinds of its inputs on', async () => {
    const harness = await start({});
    const take = taker(harness);
    push(harness, RIGHT_SIDE, [INSERT, 'a', 1]);
    push(harness, LEFT_SIDE, [INSERT, 'a', 5], [UPDATE_BEFORE, 'a', 5], [UPDATE_AFTER, 'a', 6]);
    push(harness, RIGHT_SIDE, [DELETE, 'a', 1]);
    expect(take()).toEqual(['+I a 5 a 1', '-U a 5 a 1', '+U a 6 a 1', '-D a 6 a 1']);
  });

  it('joins more rows of a key than fit into a batch, each once, and lets every one go', async () => {
    const rows = 5000;
    const harness = await start({ condition: 'r % 2 = 0' });
    const all = Array.from({ length: rows }, (_, i): Change => [INSERT, 'a', i]);
    push(harness, RIGHT_SIDE, ...all);
    push(harness, LEFT_SIDE, [INSERT, 'a', 1], [INSERT, 'b', 1], [INSERT, 'a', 2]);
    expect(new Set(harness.rows().map(([, l, , r]) => `${String(l)} ${String(r)}`)).size).toBe(rows);
    push(harness, RIGHT_SIDE, ...all.slice(100).map(([, ...values]): Change => [DELETE, ...values]));
    const take = taker(harness);
    take();
    push(harness, LEFT_SIDE, [INSERT, 'a', 3]);
    expect(take()).toHaveLength(50);
  });
});

describe('a TTL', () => {
  const ttl = { stateTtl: '10 seconds' };

  it('forgets rows one by one, not keys', async () => {
    const harness = await start(ttl);
    const take = taker(harness);
    push(harness, RIGHT_SIDE, [INSERT, 'a', 1]);
    harness.advanceTo(harness.clock.now() + 6000);
    push(harness, RIGHT_SIDE, [INSERT, 'a', 2]);
    harness.advanceTo(harness.clock.now() + 6000);
    push(harness, LEFT_SIDE, [INSERT, 'a', 7]);
    expect(take()).toEqual(['+I a 7 a 2']);
    harness.advanceTo(harness.clock.now() + 6000);
    push(harness, LEFT_SIDE, [INSERT, 'a', 8]);
    push(harness, RIGHT_SIDE, [INSERT, 'a', 3]);
    expect(take()).toEqual(['+I a 7 a 3', '+I a 8 a 3']);
  });

  it('keeps its place in time when a row takes the number of another', async () => {
    const harness = await start(ttl);
    const take = taker(harness);
    push(harness, RIGHT_SIDE, [INSERT, 'a', 1]);
    push(harness, RIGHT_SIDE, [INSERT, 'a', 2]);
    harness.advanceTo(harness.clock.now() + 9000);
    push(harness, RIGHT_SIDE, [DELETE, 'a', 1]);
    harness.advanceTo(harness.clock.now() + 2000);
    push(harness, LEFT_SIDE, [INSERT, 'a', 7]);
    expect(take()).toEqual([]);
  });

  it('begins anew when the number of matches changes, as in Flink', async () => {
    const harness = await start({ ...ttl, kind: 'left' });
    const take = taker(harness);
    push(harness, LEFT_SIDE, [INSERT, 'a', 1]);
    for (let r = 0; r < 4; r++) {
      harness.advanceTo(harness.clock.now() + 6000);
      push(harness, RIGHT_SIDE, [INSERT, 'a', r]);
    }
    expect(take()).toEqual([
      '+I a 1 null null',
      '-D a 1 null null',
      '+I a 1 a 0',
      '+I a 1 a 1',
      '+I a 1 a 2',
      '+I a 1 a 3',
    ]);
  });

  it('may be of one side, and is none at 0', async () => {
    const harness = await start({ stateTtl: '10 seconds', leftStateTtl: '0 seconds' });
    const take = taker(harness);
    push(harness, LEFT_SIDE, [INSERT, 'a', 1]);
    push(harness, RIGHT_SIDE, [INSERT, 'b', 1]);
    harness.advanceTo(harness.clock.now() + 60_000);
    push(harness, RIGHT_SIDE, [INSERT, 'a', 2]);
    push(harness, LEFT_SIDE, [INSERT, 'b', 2]);
    expect(take()).toEqual(['+I a 1 a 2']);
  });
});

describe('its shape', () => {
  const infer = (config: Record<string, unknown>, left = {}, right = {}) =>
    inferOperator(joinStreamSpec, { on: ON, ...config }, [
      { ...LEFT, changelog: 'append', bounded: false, ...left },
      { ...RIGHT, changelog: 'append', bounded: false, ...right },
    ]);

  it('has updates when it is outer or an input has some, and no event time', () => {
    const { out } = infer({}, { eventTime: true }, { eventTime: true }).outputs;
    expect(out).toMatchObject({ changelog: 'append', eventTime: false, bounded: false });
    expect(infer({ kind: 'right' }).outputs.out!.changelog).toBe('update');
    expect(infer({}, {}, { changelog: 'update' }).outputs.out!.changelog).toBe('update');
    expect(out!.schema.fields.map(({ name }) => name)).toEqual(['id', 'l', 'right_id', 'r']);
  });

  it('warns of rows that are kept for ever, of inputs that do not end', () => {
    const warning = expect.objectContaining({ severity: 'warning', code: 'MR1504', path: 'stateTtl' });
    expect(infer({}).diagnostics).toEqual([warning]);
    expect(infer({ leftStateTtl: '1 hour' }).diagnostics[0]!.message).toContain('every row of the right input');
    expect(infer({ stateTtl: '1 hour' }).diagnostics).toEqual([]);
    expect(infer({}, { bounded: true }, { bounded: true }).diagnostics).toEqual([]);
  });
});
