import { describe, expect, it } from 'vitest';
import { CHANGE_SIGNS, DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE, type ChangeKind } from '../../core/batch.ts';
import { batch, shape } from '../../testing/builders.ts';
import { createHarness, inferOperator, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createDedup } from './runtime.ts';
import { dedupSpec } from './spec.ts';

const ROWS = shape('k STRING, n INT', { eventTime: true });

function dedup(config: Record<string, unknown>): Promise<OperatorHarness> {
  return createHarness({
    spec: dedupSpec,
    create: createDedup,
    config: { keys: ['k'], ...config },
    inputs: [ROWS],
  });
}

/** Rows with their event times. */
function push(
  harness: OperatorHarness,
  ...rows: readonly (readonly [k: string | null, n: number, at: number])[]
): void {
  harness.push(
    0,
    rows.map(([k, n]) => [k, n]),
    rows.map(([, , at]) => at),
  );
}

function changes(harness: OperatorHarness): readonly string[] {
  return harness
    .output()
    .map(({ kind, values, eventTime }) => `${CHANGE_SIGNS[kind]} ${values.join(' ')} @${eventTime}`);
}

describe('dedup keeps the first row', () => {
  it('to arrive, whatever its event time, with NULL as a key', async () => {
    const harness = await dedup({});
    push(harness, ['a', 1, 50], [null, 2, 40], ['a', 3, 10], [null, 4, 10]);
    push(harness, ['a', 5, 60], ['b', 6, 10]);
    expect(changes(harness)).toEqual(['+I a 1 @50', '+I  2 @40', '+I b 6 @10']);
  });

  it('in event time, once the watermark has come to it', async () => {
    const harness = await dedup({ time: 'event' });
    push(harness, ['a', 1, 50], ['b', 2, 40], ['a', 3, 30], ['a', 4, 30]);
    harness.watermark(29);
    expect(changes(harness)).toEqual([]);
    harness.watermark(30);
    expect(changes(harness)).toEqual(['+I a 3 @30']);
    push(harness, ['a', 5, 31], ['b', 6, 35]);
    harness.watermark(100);
    expect(changes(harness)).toEqual(['+I a 3 @30', '+I b 6 @35']);
    harness.end();
    expect(harness.output()).toHaveLength(2);
  });

  it('in event time, with a row late behind the watermark and in time on it', async () => {
    const harness = await dedup({ time: 'event' });
    harness.watermark(30);
    push(harness, ['a', 1, 29], ['b', 2, 30]);
    expect(harness.lateRows).toBe(1);
    push(harness, ['a', 3, 40]);
    harness.watermark(31);
    expect(changes(harness)).toEqual(['+I b 2 @30']);
    harness.end();
    expect(changes(harness)).toEqual(['+I b 2 @30', '+I a 3 @40']);
  });

  it('in event time, with rows still late after a restore', async () => {
    const before = await dedup({ time: 'event' });
    before.watermark(30);
    const after = await createHarness({
      spec: dedupSpec,
      create: createDedup,
      config: { keys: ['k'], time: 'event' },
      inputs: [ROWS],
      restoreFrom: [before.snapshot(1)],
    });
    push(after, ['a', 1, 29]);
    after.end();
    expect([after.lateRows, changes(after)]).toEqual([1, []]);
  });

  it('again once its time to live is over, which duplicates do not lengthen', async () => {
    const harness = await dedup({ stateTtl: '10 seconds' });
    const start = harness.clock.now();
    push(harness, ['a', 1, 0]);
    harness.advanceTo(start + 9_000);
    push(harness, ['a', 2, 0]);
    harness.advanceTo(start + 11_000);
    push(harness, ['a', 3, 0], ['a', 4, 0]);
    expect(changes(harness)).toEqual(['+I a 1 @0', '+I a 3 @0']);
  });

  it('for ever with a time to live of 0', async () => {
    const harness = await dedup({ stateTtl: '0 seconds' });
    push(harness, ['a', 1, 0]);
    harness.advanceTo(harness.clock.now() + 1e9);
    push(harness, ['a', 2, 0]);
    expect(changes(harness)).toEqual(['+I a 1 @0']);
  });

  it('in event time with a time to live for what has passed alone', async () => {
    const harness = await dedup({ time: 'event', stateTtl: '10 seconds' });
    const start = harness.clock.now();
    push(harness, ['a', 1, 10]);
    harness.advanceTo(start + 60_000);
    harness.watermark(10);
    expect(changes(harness)).toEqual(['+I a 1 @10']);
    push(harness, ['a', 2, 20]);
    harness.advanceTo(start + 80_000);
    push(harness, ['a', 3, 30]);
    harness.end();
    expect(changes(harness)).toEqual(['+I a 1 @10', '+I a 3 @30']);
  });
});

describe('dedup keeps the last row', () => {
  it('to arrive, taking back the one before', async () => {
    const harness = await dedup({ keep: 'last' });
    push(harness, ['a', 1, 50], ['b', 2, 40], ['a', 3, 10]);
    push(harness, ['a', 3, 10]);
    expect(changes(harness)).toEqual([
      '+I a 1 @50',
      '+I b 2 @40',
      '-U a 1 @50',
      '+U a 3 @10',
      '-U a 3 @10',
      '+U a 3 @10',
    ]);
  });

  it('in event time: an older row changes nothing, one as old does', async () => {
    const harness = await dedup({ keep: 'last', time: 'event' });
    harness.watermark(100);
    push(harness, ['a', 1, 50], ['a', 2, 49], ['a', 3, 50]);
    expect(changes(harness)).toEqual(['+I a 1 @50', '-U a 1 @50', '+U a 3 @50']);
    expect(harness.lateRows).toBe(0);
  });

  it('with -U and +U in one batch, however many there are', async () => {
    const harness = await dedup({ keep: 'last' });
    push(harness, ...Array.from({ length: 3000 }, (_, n) => ['a', n, n] as const));
    const batches = harness.batches();
    expect(batches.length).toBeGreaterThan(1);
    for (const one of batches) {
      expect(one.length).toBeLessThanOrEqual(2048);
      expect(CHANGE_SIGNS[one.kind(one.length - 1)]).not.toBe('-U');
    }
    expect(harness.output()).toHaveLength(5999);
  });

  it('as a new one once its time to live is over', async () => {
    const harness = await dedup({ keep: 'last', stateTtl: '10 seconds' });
    push(harness, ['a', 1, 0]);
    harness.advanceTo(harness.clock.now() + 9_000);
    push(harness, ['a', 2, 0]);
    harness.advanceTo(harness.clock.now() + 9_000);
    push(harness, ['a', 3, 0]);
    harness.advanceTo(harness.clock.now() + 11_000);
    push(harness, ['a', 4, 0]);
    expect(changes(harness)).toEqual(['+I a 1 @0', '-U a 1 @0', '+U a 2 @0', '-U a 2 @0', '+U a 3 @0', '+I a 4 @0']);
  });
});

describe('dedup keeps the last row of a stream with updates', () => {
  async function run(
    time: 'processing' | 'event',
    rows: readonly (readonly [kind: ChangeKind, n: number, at: number])[],
  ): Promise<{ readonly seen: readonly string[]; readonly stateBytes: number }> {
    const harness = await createHarness({
      spec: dedupSpec,
      create: createDedup,
      config: { keys: ['k'], keep: 'last', time },
      inputs: [{ ...ROWS, changelog: 'update' }],
    });
    const literals = rows.map(([, n]) => ['a', n]);
    harness.push(
      0,
      batch(
        'k STRING, n INT',
        literals,
        rows.map(([, , at]) => at),
        rows.map(([kind]) => kind),
      ),
    );
    return { seen: changes(harness), stateBytes: harness.stateBytes };
  }

  it('and brings back the one before, until the key is gone with all its state', async () => {
    const { seen, stateBytes } = await run('processing', [
      [INSERT, 1, 50],
      [INSERT, 2, 10],
      [UPDATE_BEFORE, 2, 10],
      [UPDATE_AFTER, 3, 20],
      [DELETE, 1, 50],
      [DELETE, 7, 50],
      [DELETE, 3, 20],
      [DELETE, 3, 20],
    ]);
    expect(seen).toEqual([
      '+I a 1 @50',
      '-U a 1 @50',
      '+U a 2 @10',
      '-U a 2 @10',
      '+U a 1 @50',
      '-U a 1 @50',
      '+U a 3 @20',
      '-D a 3 @20',
    ]);
    expect(stateBytes).toBe((await run('processing', [[DELETE, 1, 1]])).stateBytes);
  });

  it('in event time, whatever the order in which rows come and go', async () => {
    const { seen } = await run('event', [
      [INSERT, 1, 50],
      [INSERT, 2, 40],
      [INSERT, 3, 50],
      [DELETE, 1, 50],
      [DELETE, 3, 50],
    ]);
    expect(seen).toEqual(['+I a 1 @50', '-U a 1 @50', '+U a 3 @50', '-U a 3 @50', '+U a 2 @40']);
  });
});

describe('dedup infers', () => {
  const inferred = (config: Record<string, unknown>, input = ROWS) => {
    const { outputs, diagnostics } = inferOperator(dedupSpec, config, [input]);
    return { changelog: outputs.out?.changelog, problems: diagnostics.map(({ code, path }) => `${code} ${path}`) };
  };

  it.each([
    ['first', 'processing', 'append'],
    ['first', 'event', 'append'],
    ['last', 'processing', 'update'],
    ['last', 'event', 'update'],
  ])('from %s by %s time a stream that is %s', (keep, time, changelog) => {
    expect(inferred({ keys: ['k'], keep, time })).toEqual({ changelog, problems: [] });
  });

  it('keys that are not there or have no equality', () => {
    const input = shape('k STRING, tags ARRAY<STRING>');
    expect(inferred({ keys: ['x', 'k', 'tags'] }, input).problems).toEqual(['MR1403 keys[0]', 'MR1405 keys[2]']);
    expect(inferred({ keys: [] }).problems).toEqual(['MR1203 keys']);
  });

  it('event time that the input does not have', () => {
    expect(inferred({ keys: ['k'], time: 'event' }, shape('k STRING')).problems).toEqual(['MR1501 time']);
  });
});
