import { describe, expect, it } from 'vitest';
import { CHANGE_SIGNS, DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE, type ChangeKind } from '../../core/batch.ts';
import { batch, shape } from '../../testing/builders.ts';
import { createHarness, inferOperator, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createTopn } from './runtime.ts';
import { topnSpec } from './spec.ts';

const ROWS = shape('k STRING, v INT, id STRING');
const UPDATES = shape('k STRING, v INT, id STRING', { changelog: 'update' });
const WINDOWS = shape('k STRING, v INT, window_start TIMESTAMP, window_end TIMESTAMP', { eventTime: true });
const BEST = { partitionBy: ['k'], orderBy: [{ expr: 'v', direction: 'desc' }], n: 2 };

function topn(config: Record<string, unknown> = {}, input = ROWS): Promise<OperatorHarness> {
  return createHarness({ spec: topnSpec, create: createTopn, config: { ...BEST, ...config }, inputs: [input] });
}

function change(harness: OperatorHarness, kind: ChangeKind, k: string, v: number | null, id: string): void {
  harness.push(0, batch(ROWS.schema, [[k, v, id]], undefined, [kind]));
}

/** What left since the last look: `+I a 5 x 1`. */
function looker(harness: OperatorHarness): () => readonly string[] {
  let seen = 0;
  return () => {
    const rows = harness.output().slice(seen);
    seen += rows.length;
    return rows.map(({ kind, values }) => `${CHANGE_SIGNS[kind]} ${values.join(' ')}`);
  };
}

describe('topn over all rows', () => {
  it('without rank: one comes, one goes, and an equal row stays out', async () => {
    const harness = await topn();
    const look = looker(harness);
    harness.push(0, [['a', 5, 'x'], ['a', 7, 'y'], ['b', 1, 'z']]); // prettier-ignore
    expect(look()).toEqual(['+I a 5 x', '+I a 7 y', '+I b 1 z']);
    harness.push(0, [['a', 4, 'p'], ['a', 5, 'q']]); // prettier-ignore
    expect(look()).toEqual([]);
    harness.push(0, [['a', 6, 'r']]);
    expect(look()).toEqual(['-D a 5 x', '+I a 6 r']);
  });

  it('with rank: all below move down', async () => {
    const harness = await topn({ rank: 'rn', n: 3 });
    const look = looker(harness);
    harness.push(0, [['a', 5, 'x']]);
    harness.push(0, [['a', 7, 'y']]);
    expect(look()).toEqual(['+I a 5 x 1', '-U a 5 x 1', '+U a 7 y 1', '+I a 5 x 2']);
    harness.push(0, [['a', 6, 'z']]);
    expect(look()).toEqual(['-U a 5 x 2', '+U a 6 z 2', '+I a 5 x 3']);
    harness.push(0, [['a', 6, 'w']]);
    expect(look()).toEqual(['-U a 5 x 3', '+U a 6 w 3']);
  });

  it('takes back rows: those below move up, and the best of the rest comes in', async () => {
    const harness = await topn({}, UPDATES);
    const look = looker(harness);
    harness.push(0, [['a', 5, 'x'], ['a', 7, 'y'], ['a', 6, 'z']]); // prettier-ignore
    expect(look()).toEqual(['+I a 5 x', '+I a 7 y', '-D a 5 x', '+I a 6 z']);
    change(harness, DELETE, 'a', 7, 'y');
    expect(look()).toEqual(['-D a 7 y', '+I a 5 x']);
    change(harness, UPDATE_BEFORE, 'a', 5, 'x');
    change(harness, UPDATE_AFTER, 'a', 8, 'x');
    expect(look()).toEqual(['-D a 5 x', '+I a 8 x']);
    change(harness, DELETE, 'a', 1, 'nobody');
    change(harness, DELETE, 'nowhere', 1, 'nobody');
    expect(look()).toEqual([]);
  });

  it('takes back rows with rank', async () => {
    const harness = await topn({ rank: 'rn' }, UPDATES);
    const look = looker(harness);
    harness.push(0, [['a', 7, 'y'], ['a', 6, 'z'], ['a', 5, 'x']]); // prettier-ignore
    expect(look()).toEqual(['+I a 7 y 1', '+I a 6 z 2']);
    change(harness, DELETE, 'a', 7, 'y');
    expect(look()).toEqual(['-U a 7 y 1', '+U a 6 z 1', '-U a 6 z 2', '+U a 5 x 2']);
    change(harness, DELETE, 'a', 6, 'z');
    expect(look()).toEqual(['-U a 6 z 1', '+U a 5 x 1', '-D a 5 x 2']);
    change(harness, DELETE, 'a', 5, 'x');
    expect(look()).toEqual(['-D a 5 x 1']);
    change(harness, INSERT, 'a', 1, 'w');
    expect(look()).toEqual(['+I a 1 w 1']);
  });

  it.each([
    ['asc', undefined, ['a  n', 'a 1 x', 'a 2 y']],
    ['asc', 'last', ['a 1 x', 'a 2 y', 'a  n']],
    ['desc', undefined, ['a 2 y', 'a 1 x', 'a  n']],
    ['desc', 'first', ['a  n', 'a 2 y', 'a 1 x']],
  ])('sorts %s with NULLs %s', async (direction, nulls, expected) => {
    const harness = await topn({ orderBy: [{ expr: 'v', direction, nulls: nulls ?? null }], n: 3, rank: 'rn' });
    harness.push(0, [['a', 1, 'x'], ['a', null, 'n'], ['a', 2, 'y']]); // prettier-ignore
    const places = new Map(harness.output().map(({ values: [k, v, id, rank] }) => [rank, `${k} ${v ?? ''} ${id}`]));
    expect([1n, 2n, 3n].map((rank) => places.get(rank))).toEqual(expected);
  });

  it('sorts by several keys and by expressions, text by code points', async () => {
    const harness = await topn({
      partitionBy: [],
      orderBy: [{ expr: 'v % 2' }, { expr: 'id', direction: 'desc' }],
      n: 1,
    });
    const look = looker(harness);
    harness.push(0, [['a', 1, 'x'], ['a', 2, '\u{ff5e}'], ['b', 4, '\u{1f600}'], ['b', 3, 'z']]); // prettier-ignore
    expect(look()).toEqual(['+I a 1 x', '-D a 1 x', '+I a 2 \u{ff5e}', '-D a 2 \u{ff5e}', '+I b 4 \u{1f600}']);
  });

  it('puts NaN above all numbers', async () => {
    const harness = await createHarness({
      spec: topnSpec,
      create: createTopn,
      config: { partitionBy: [], orderBy: [{ expr: 'd', direction: 'desc' }], n: 1 },
      inputs: [shape('d DOUBLE')],
    });
    const look = looker(harness);
    harness.push(0, [[Infinity], [NaN], [Infinity], [-0], [NaN]]);
    expect(look()).toEqual(['+I Infinity', '-D Infinity', '+I NaN']);
  });

  it('keeps -U and +U in one batch however far rows move', async () => {
    const harness = await topn({ rank: 'rn', n: 5000 });
    harness.push(
      0,
      Array.from({ length: 2000 }, (_, i) => ['a', 1, `${i}`]),
    );
    harness.push(0, [['a', 2, 'first']]);
    const batches = harness.batches();
    expect(batches.length).toBeGreaterThan(2);
    for (const one of batches) {
      expect(one.length).toBeLessThanOrEqual(2048);
      expect(CHANGE_SIGNS[one.kind(one.length - 1)]).not.toBe('-U');
    }
    expect(harness.output()).toHaveLength(2000 + 4001);
  });

  it('begins anew once the time to live of a ranking is over', async () => {
    const harness = await topn({ stateTtl: '10 seconds', n: 1 });
    const look = looker(harness);
    harness.push(0, [['a', 5, 'x']]);
    harness.advanceTo(harness.clock.now() + 9_000);
    harness.push(0, [['a', 4, 'y']]);
    expect(look()).toEqual(['+I a 5 x']);
    harness.advanceTo(harness.clock.now() + 2_000);
    harness.push(0, [['a', 3, 'z']]);
    expect(look()).toEqual(['+I a 3 z']);
  });
});

describe('topn per window', () => {
  const window = (k: string, v: number, start: number) => [k, v, start, start + 10] as const;

  it('gives the result once, at the end of the window, by rank', async () => {
    const harness = await topn({ rank: 'rn', perWindow: true }, WINDOWS);
    const look = looker(harness);
    harness.push(0, [window('a', 1, 0), window('a', 9, 10), window('a', 3, 0), window('a', 2, 0)], [1, 11, 3, 2]);
    harness.watermark(8);
    expect(look()).toEqual([]);
    harness.watermark(9);
    expect(look()).toEqual(['+I a 3 0 10 1', '+I a 2 0 10 2']);
    expect(harness.output().map((row) => row.eventTime)).toEqual([9, 9]);
    harness.push(0, [window('a', 7, 0)], [5]);
    expect(harness.lateRows).toBe(1);
    harness.end();
    expect(look()).toEqual(['+I a 9 10 20 1']);
  });

  it('takes back rows before the end', async () => {
    const harness = await topn({ n: 1, perWindow: true }, { ...WINDOWS, changelog: 'update' });
    const rows = [window('a', 1, 0), window('a', 3, 0), window('a', 3, 0), window('b', 1, 0), window('b', 1, 0)];
    harness.push(0, batch(WINDOWS.schema, rows, [1, 1, 1, 1, 1], [INSERT, INSERT, DELETE, INSERT, DELETE]));
    harness.end();
    expect(harness.rows()).toEqual([['a', 1, 0, 10]]);
  });

  it('remembers after a restore which windows have ended', async () => {
    const before = await topn({ perWindow: true }, WINDOWS);
    before.push(0, [window('a', 1, 0), window('a', 2, 10)], [1, 11]);
    before.watermark(9);
    const after = await createHarness({
      spec: topnSpec,
      create: createTopn,
      config: { ...BEST, perWindow: true },
      inputs: [WINDOWS],
      restoreFrom: [before.snapshot(1)],
    });
    after.push(0, [window('a', 3, 0)], [3]);
    after.end();
    expect([after.lateRows, after.rows()]).toEqual([1, [['a', 2, 10, 20]]]);
  });

  it('fails on a row that is in no window', async () => {
    const harness = await topn({ perWindow: true }, WINDOWS);
    expect(() => harness.push(0, [['a', 1, 0, null]], [1])).toThrow('window_end');
  });
});

describe('topn infers', () => {
  const inferred = (config: Record<string, unknown>, input = ROWS) => {
    const { outputs, diagnostics } = inferOperator(topnSpec, { ...BEST, ...config }, [input]);
    return {
      fields: outputs.out?.schema.fields.map((f) => f.name).join(),
      changelog: outputs.out?.changelog,
      problems: diagnostics.map(({ code, path }) => `${code} ${path}`),
    };
  };

  it('a stream with updates, or per window one that only grows', () => {
    expect(inferred({})).toEqual({ fields: 'k,v,id', changelog: 'update', problems: [] });
    expect(inferred({ rank: 'rn', perWindow: true }, WINDOWS)).toEqual({
      fields: 'k,v,window_start,window_end,rn',
      changelog: 'append',
      problems: [],
    });
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a key that is not there', { partitionBy: ['k', 'x'] }, ['MR1403 partitionBy[1]']],
    ['a sort key that is not there', { orderBy: [{ expr: 'v' }, { expr: 'x' }] }, ['MR1302 orderBy[1].expr']],
    ['a rank that is there already', { rank: 'v' }, ['MR1402 rank']],
    ['no sort key', { orderBy: [] }, ['MR1203 orderBy']],
    ['no rows', { n: 0 }, ['MR1203 n']],
    ['no windows', { perWindow: true }, ['MR1403 perWindow', 'MR1403 perWindow', 'MR1501 perWindow']],
  ])('%s', (_, config, problems) => {
    expect(inferred(config).problems).toEqual(problems);
  });

  it('values that have no order, or no equality', () => {
    const input = shape('k ARRAY<INT>, v ROW<a INT>');
    expect(inferred({}, input).problems).toEqual(['MR1405 partitionBy[0]', 'MR1405 orderBy[0].expr']);
  });

  it('window fields that are no times, and a TTL that does nothing', () => {
    const input = shape('k STRING, v INT, window_start INT, window_end TIMESTAMP', { eventTime: true });
    expect(inferred({ perWindow: true }, input).problems).toEqual(['MR1405 perWindow']);
    expect(inferred({ perWindow: true, stateTtl: '1 hour' }, WINDOWS).problems).toEqual(['MR1203 stateTtl']);
  });
});
