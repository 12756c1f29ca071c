import { describe, expect, it } from 'vitest';
import { at, shape } from '../../testing/builders.ts';
import { createHarness, inferOperator, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createPattern } from './runtime.ts';
import { patternSpec } from './spec.ts';

const TICKS = shape('symbol STRING, price INT, ts TIMESTAMP NOT NULL', { eventTime: true });

interface Raw {
  readonly pattern: string;
  readonly define?: Readonly<Record<string, string>>;
  readonly measures?: Readonly<Record<string, string>>;
  readonly [key: string]: unknown;
}

function configOf({ define = {}, measures = { n: 'COUNT(*)' }, ...rest }: Raw): Record<string, unknown> {
  return {
    partitionBy: ['symbol'],
    define: Object.entries(define).map(([variable, condition]) => ({ variable, condition })),
    measures: Object.entries(measures).map(([as, expr]) => ({ as, expr })),
    ...rest,
  };
}

function pattern(raw: Raw): Promise<OperatorHarness> {
  return createHarness({ spec: patternSpec, create: createPattern, config: configOf(raw), inputs: [TICKS] });
}

const DAY = '2026-01-01T';
function instant(second: number): number {
  return at(`${DAY}00:00:00Z`) + second * 1000;
}

/** One tick a second, from second 0 on. */
function push(harness: OperatorHarness, prices: readonly (number | null)[], from = 0, symbol = 'ACME'): void {
  harness.push(
    0,
    prices.map((price, i) => [symbol, price, new Date(instant(from + i)).toISOString()]),
  );
}

async function matchesOf(raw: Raw, prices: readonly (number | null)[], port = 'out'): Promise<unknown[]> {
  const harness = await pattern(raw);
  push(harness, prices);
  harness.end();
  return harness
    .rows(port)
    .map(([, ...measures]) => measures.map((value) => (typeof value === 'bigint' ? Number(value) : value)));
}

describe("the examples of Flink's documentation", () => {
  it('a fall of a price and its end', async () => {
    const raw = {
      pattern: 'START_ROW PRICE_DOWN+ PRICE_UP',
      define: {
        PRICE_DOWN:
          '(LAST(PRICE_DOWN.price, 1) IS NULL AND PRICE_DOWN.price < START_ROW.price) OR PRICE_DOWN.price < LAST(PRICE_DOWN.price, 1)',
        PRICE_UP: 'PRICE_UP.price > LAST(PRICE_DOWN.price, 1)',
      },
      measures: { start_at: 'START_ROW.ts', bottom: 'LAST(PRICE_DOWN.ts)', end_at: 'LAST(PRICE_UP.ts)' },
      afterMatch: { type: 'to-last', variable: 'PRICE_UP' },
    };
    expect(await matchesOf(raw, [12, 17, 19, 21, 25, 18, 15, 14, 24, 25, 19])).toEqual([
      [instant(4), instant(7), instant(8)],
    ]);
  });

  it('rows whose average stays below a limit', async () => {
    const raw = {
      pattern: 'A+ B',
      define: { A: 'AVG(CAST(A.price AS DOUBLE)) < 15' },
      measures: { start_at: 'FIRST(A.ts)', end_at: 'LAST(A.ts)', average: 'AVG(CAST(A.price AS DOUBLE))' },
    };
    expect(await matchesOf(raw, [12, 17, 13, 16, 25, 2, 4, 10, 15, 25, 25, 30])).toEqual([
      [instant(0), instant(3), 14.5],
      [instant(5), instant(10), 13.5],
    ]);
  });

  it.each([
    ['A B* C', [[16]]],
    ['A B*? C', [[13], [16]]],
  ])('%s', async (text, last) => {
    const raw = {
      pattern: text,
      define: { A: 'A.price > 10', B: 'B.price < 15', C: 'C.price > 12' },
      measures: { last: 'C.price' },
    };
    expect(await matchesOf(raw, [10, 11, 12, 13, 14, 16])).toEqual(last);
  });
});

describe('which match', () => {
  it('a greedy quantifier does not give a row back', async () => {
    const raw = { pattern: 'A B* C', define: { A: 'price = 1', B: 'price >= 2', C: 'price = 3' } };
    expect(await matchesOf(raw, [1, 2, 3, 1, 9])).toEqual([]);
  });

  it('a filler leads over rows that do not matter', async () => {
    const raw = { pattern: 'A N*? B', define: { A: 'price = 1', B: 'price = 5' } };
    expect(await matchesOf(raw, [1, 7, 8, 5, 5])).toEqual([[4]]);
  });

  it('a condition on the filler says what must not come between', async () => {
    const raw = { pattern: 'A N*? B', define: { A: 'price = 1', N: 'price <> 9', B: 'price = 5' } };
    expect(await matchesOf(raw, [1, 7, 9, 5, 1, 5])).toEqual([[2]]);
  });

  it('ways that differ in a row that a condition looks at are all followed', async () => {
    const raw = {
      pattern: 'X+? A N*? C',
      define: { C: 'price = A.price + 10' },
      measures: { a: 'A.price', c: 'C.price' },
    };
    expect(await matchesOf(raw, [1, 2, 3, 13])).toEqual([[3, 13]]);
  });

  it('groups and alternatives', async () => {
    const raw = {
      pattern: '(UP DOWN){2} (FLAT | HIGH)',
      define: {
        UP: 'price > PREV(price)',
        DOWN: 'price < PREV(price)',
        FLAT: 'price = PREV(price)',
        HIGH: 'price > 90',
      },
      measures: { ups: 'COUNT(UP.*)', flat: 'FLAT.price', high: 'HIGH.price' },
    };
    expect(await matchesOf(raw, [1, 5, 2, 6, 3, 3, 9, 4, 8, 2, 99])).toEqual([
      [2, 3, null],
      [2, null, 99],
    ]);
  });

  it.each([
    [{ type: 'past-last-row' }, [[1, 3]]],
    [
      { type: 'to-next-row' },
      [
        [1, 3],
        [2, 4],
        [3, 5],
      ],
    ],
    [
      { type: 'to-last', variable: 'B' },
      [
        [1, 3],
        [3, 5],
      ],
    ],
    [
      { type: 'to-first', variable: 'B' },
      [
        [1, 3],
        [2, 4],
        [3, 5],
      ],
    ],
    // Where the match began: the row after it.
    [
      { type: 'to-first', variable: 'A' },
      [
        [1, 3],
        [2, 4],
        [3, 5],
      ],
    ],
  ])('after a match: %j', async (afterMatch, expected) => {
    const raw = {
      pattern: 'A B{2}',
      define: { B: 'price > PREV(price)' },
      measures: { first: 'FIRST(price)', last: 'price' },
      afterMatch,
    };
    expect(await matchesOf(raw, [1, 2, 3, 4, 5])).toEqual(expected);
  });

  it('a later match waits for an earlier attempt, which takes it away', async () => {
    const raw = {
      pattern: 'A N*? B',
      define: { A: 'price < 5', B: 'price = A.price + 10' },
      measures: { a: 'A.price', b: 'B.price' },
    };
    expect(await matchesOf(raw, [1, 2, 12, 11])).toEqual([[1, 11]]);
  });

  it('a later match goes when the earlier attempt has timed out, with that as its event time', async () => {
    const raw = {
      pattern: 'A N*? B',
      define: { A: 'price < 5', B: 'price = A.price + 10' },
      measures: { a: 'A.price' },
      within: '10 seconds',
    };
    const harness = await pattern(raw);
    push(harness, [1, 2, 12]);
    harness.watermark(instant(9));
    expect(harness.rows()).toEqual([]);
    harness.watermark(instant(10));
    expect(harness.output().map(({ values, eventTime }) => [...values, eventTime])).toEqual([['ACME', 2, instant(10)]]);
    expect(harness.output('timedOut').map(({ values, eventTime }) => [...values, eventTime])).toEqual([
      ['ACME', 1, instant(10)],
    ]);
  });
});

describe('expressions', () => {
  it('PREV looks at rows before the match, also of rows long gone', async () => {
    const raw = {
      pattern: 'A',
      define: { A: 'price > 2 * PREV(price, 2)' },
      measures: { p: 'PREV(price)', now: 'A.price' },
    };
    const harness = await pattern(raw);
    for (const [second, price] of [1, 2, 3, 4, 5, 10].entries()) {
      push(harness, [price], second);
      harness.watermark(instant(second));
    }
    expect(harness.rows()).toEqual([
      ['ACME', 2, 3],
      ['ACME', 5, 10],
    ]);
  });

  it('a variable without rows gives NULL, and counts none', async () => {
    const raw = {
      pattern: 'A B?? C',
      measures: {
        b: 'B.price',
        sum: 'SUM(B.price)',
        n: 'COUNT(B.*)',
        any: 'COUNT(price)',
        second: 'FIRST(C.price, 1)',
      },
    };
    expect(await matchesOf(raw, [1, null])).toEqual([[null, null, 0, 1, null]]);
  });

  it('NULL is not TRUE', async () => {
    expect(await matchesOf({ pattern: 'A', define: { A: 'price > 1' } }, [null, 2])).toEqual([[1]]);
  });

  it('words that name no field stay as they are', async () => {
    const measures = {
      s: 'EXTRACT(SECOND FROM A.ts)',
      n: 'MAX(EXTRACT(SECOND FROM B.ts)) - EXTRACT(SECOND FROM FIRST(ts))',
    };
    expect(await matchesOf({ pattern: 'A B{2}', measures }, [1, 1, 1, 1, 1, 1])).toEqual([
      [0, 2],
      [3, 2],
    ]);
  });

  it('a star in a text is none', async () => {
    expect(await matchesOf({ pattern: 'A', measures: { t: "'COUNT(*)'" } }, [1])).toEqual([['COUNT(*)']]);
  });
});

describe('time', () => {
  it('takes rows in the order of their event times, once the watermark has passed them', async () => {
    const harness = await pattern({
      pattern: 'A B',
      define: { B: 'price > A.price' },
      measures: { at: 'MATCH_ROWTIME()' },
    });
    push(harness, [2], 2);
    push(harness, [1], 1);
    harness.watermark(instant(1));
    expect(harness.rows()).toEqual([]);
    harness.watermark(instant(2));
    expect(harness.rows()).toEqual([['ACME', instant(2)]]);
  });

  it('drops and counts what is late', async () => {
    const harness = await pattern({ pattern: 'A' });
    harness.watermark(instant(3));
    push(harness, [1, 2, 3, 4, 5], 0);
    harness.end();
    expect(harness.lateRows).toBe(4);
    expect(harness.rows()).toEqual([['ACME', 1n]]);
  });

  it.each([
    ['3001 milliseconds', [[2]], []],
    // As Flink: less than, not up to.
    ['3 seconds', [], [[1]]],
  ])('within %s', async (within, matches, timedOut) => {
    const raw = { pattern: 'A B', define: { A: 'price = 1', B: 'price = 2' }, within };
    const harness = await pattern(raw);
    push(harness, [1]);
    push(harness, [2], 3);
    harness.end();
    const numbers = (port: string) => harness.rows(port).map(([, n]) => [Number(n)]);
    expect([numbers('out'), numbers('timedOut')]).toEqual([matches, timedOut]);
  });

  it('gives an attempt up at its time, without a row of its key', async () => {
    const harness = await pattern({ pattern: 'A B', define: { B: 'price = 2' }, within: '5 seconds' });
    push(harness, [1]);
    harness.watermark(instant(4));
    expect(harness.rows('timedOut')).toEqual([]);
    harness.watermark(instant(60));
    expect(harness.output('timedOut').map(({ eventTime }) => eventTime)).toEqual([instant(5)]);
  });

  it('keeps nothing of a key that has no attempt', async () => {
    const harness = await pattern({ pattern: 'A B', define: { A: 'price = 1', B: 'price = 2' } });
    const empty = harness.stateBytes;
    push(harness, [1, 2, 3, 1, 3]);
    harness.watermark(instant(60));
    expect(harness.stateBytes).toBe(empty);
  });

  it('emits many matches in parts', async () => {
    const harness = await pattern({ pattern: 'A' });
    const rows = Array.from({ length: 5000 }, () => 1);
    push(harness, rows);
    harness.end();
    expect(harness.batches().map((batch) => batch.length)).toEqual([2048, 2048, 904]);
  });
});

describe('what is wrong is said at its place', () => {
  const good: Raw = { pattern: 'A B', define: { B: 'price > A.price' }, within: '1 minute' };

  it.each<[string, Partial<Raw>, string, string]>([
    ['a pattern', { pattern: 'A (B' }, 'MR1310', 'pattern'],
    ['a pattern without an end', { pattern: 'A B+' }, 'MR1311', 'pattern'],
    ['a condition of no variable', { define: { X: 'TRUE' } }, 'MR1203', 'define[0].variable'],
    ['a condition that is none', { define: { B: 'price' } }, 'MR1306', 'define[0].condition'],
    ['a field', { define: { B: 'prize > 1' } }, 'MR1302', 'define[0].condition'],
    ['a field of a variable', { define: { B: 'A.prize > 1' } }, 'MR1302', 'define[0].condition'],
    ['a count of no variable', { measures: { n: 'COUNT(X.*)' } }, 'MR1302', 'measures[0].expr'],
    ['two variables in one', { measures: { n: 'SUM(A.price + B.price)' } }, 'MR1304', 'measures[0].expr'],
    ['one in another', { measures: { n: 'FIRST(LAST(A.price))' } }, 'MR1304', 'measures[0].expr'],
    ['a count that is no number', { measures: { n: 'LAST(A.price, price)' } }, 'MR1304', 'measures[0].expr'],
    ['nothing to look at', { measures: { n: 'LAST()' } }, 'MR1304', 'measures[0].expr'],
    ['a sum of texts', { measures: { n: 'SUM(symbol)' } }, 'MR1304', 'measures[0].expr'],
    ['half an expression', { measures: { n: 'A.price +' } }, 'MR1301', 'measures[0].expr'],
    ['a field twice', { measures: { symbol: 'A.price' } }, 'MR1402', 'measures[0].as'],
    ['a key', { partitionBy: ['sym'] }, 'MR1403', 'partitionBy[0]'],
    ['no time', { within: '0 seconds' }, 'MR1203', 'within'],
    ['where to go on', { afterMatch: { type: 'to-last', variable: 'X' } }, 'MR1203', 'afterMatch.variable'],
  ])('%s', (_name, change, code, path) => {
    const { diagnostics } = inferOperator(patternSpec, configOf({ ...good, ...change }), [TICKS]);
    expect(diagnostics).toEqual([expect.objectContaining({ code, path })]);
  });

  it('a variable that is defined twice', () => {
    const define = ['price > 1', 'price > 2'].map((condition) => ({ variable: 'B', condition }));
    const { diagnostics } = inferOperator(patternSpec, { ...configOf(good), define }, [TICKS]);
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'MR1203', path: 'define[1].variable' })]);
  });

  it('with the range in the text', () => {
    const raw = configOf({ ...good, measures: { n: '1 + SUM(A.price * A.prize)' } });
    const { diagnostics } = inferOperator(patternSpec, raw, [TICKS]);
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'MR1302', range: { start: 20, end: 25 } })]);
  });

  it('a stream without watermarks, and one that keeps attempts for ever', () => {
    const { diagnostics } = inferOperator(patternSpec, configOf({ pattern: 'A B' }), [{ ...TICKS, eventTime: false }]);
    expect(diagnostics).toEqual([
      expect.objectContaining({ severity: 'error', code: 'MR1501' }),
      expect.objectContaining({ severity: 'warning', code: 'MR1504', path: 'within' }),
    ]);
  });

  it('the fields of a match are those of the key and the measures', () => {
    const raw = configOf({ ...good, measures: { n: 'COUNT(B.*)', last: 'price', sum: 'SUM(B.price)', at: 'ts' } });
    const { outputs } = inferOperator(patternSpec, raw, [TICKS]);
    expect(outputs.out?.schema.fields.map((f) => [f.name, f.type.kind, f.nullable])).toEqual([
      ['symbol', 'STRING', true],
      ['n', 'BIGINT', false],
      ['last', 'INT', true],
      ['sum', 'INT', true],
      ['at', 'TIMESTAMP', false],
    ]);
    expect(outputs.timedOut).toEqual(outputs.out);
  });
});
