/** Queries by their results, against plain loops over the rows; and any text, which must be answered. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shape } from '../../testing/builders.ts';
import { runComposite } from '../../testing/composite-runs.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { sqlSpec } from './spec.ts';

interface Row {
  readonly k: string;
  readonly v: number;
  readonly ts: string;
}

const START = Date.UTC(2026, 0, 1);
const STREAM = shape('k STRING, v INT, ts TIMESTAMP', { eventTime: true });

const anyRows = fc.array(
  fc.record({
    k: fc.constantFrom('a', 'b', 'c'),
    v: fc.integer({ min: -9, max: 9 }),
    ts: fc.integer({ min: 0, max: 20_000 }).map((ms) => new Date(START + ms).toISOString()),
  }),
  { maxLength: 30 },
);
const anyJob = fc.record({ parallelism: fc.integer({ min: 1, max: 3 }), seed: fc.nat() });

async function results(
  query: string,
  rows: readonly Row[],
  job: { parallelism: number; seed: number },
): Promise<object[]> {
  const { out } = await runComposite({
    spec: sqlSpec,
    config: { inputs: [{ name: 't' }], query },
    inputs: [{ port: 't', shape: STREAM }],
    rows: [rows.map((row) => ({ ...row }))],
    times: ['ts'],
    ...job,
  });
  return out!.map((line) => JSON.parse(line) as object);
}

function sorted(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

function groupBy<K>(rows: readonly Row[], keyOf: (row: Row) => K): Map<K, Row[]> {
  const groups = new Map<K, Row[]>();
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row]);
  return groups;
}

const seconds = (ms: number): string => `INTERVAL '${ms / 1000}' SECOND`;

describe('a query gives what a loop over the rows gives', () => {
  it('filters and computes', async () => {
    const anyQuery = fc.record({ least: fc.integer({ min: -9, max: 9 }), factor: fc.integer({ min: 1, max: 4 }) });
    await fc.assert(
      fc.asyncProperty(anyRows, anyQuery, anyJob, async (rows, { least, factor }, job) => {
        const query = `WITH big AS (SELECT k AS name, v * ${factor} AS w FROM t AS x WHERE x.v > ${least}) SELECT name, w + 1 AS more FROM big WHERE name <> 'c'`;
        const expected = rows
          .filter(({ k, v }) => v > least && k !== 'c')
          .map(({ k, v }) => ({ name: k, more: v * factor + 1 }));
        expect(sorted(await results(query, rows, job))).toEqual(sorted(expected));
      }),
      propertyRuns(25),
    );
  });

  it('aggregates in windows', async () => {
    const anyQuery = fc.record({
      size: fc.constantFrom(1000, 7000),
      often: fc.integer({ min: 1, max: 3 }),
      isPerKey: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(anyRows, anyQuery, anyJob, async (rows, { size, often, isPerKey }, job) => {
        const key = isPerKey ? ', k' : '';
        const query = `SELECT window_start${key}, COUNT(*) AS n, SUM(v) + MAX(v) AS s, COUNT(*) FILTER (WHERE v > 0) AS positive
          FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), ${seconds(size)})) GROUP BY window_start, window_end${key} HAVING COUNT(*) >= ${often}`;
        const groups = groupBy(
          rows,
          ({ k, ts }) => `${Math.floor((Date.parse(ts) - START) / size)} ${isPerKey ? k : ''}`,
        );
        const expected = [...groups.values()]
          .filter((group) => group.length >= often)
          .map((group) => ({
            window_start: new Date(START + Math.floor((Date.parse(group[0]!.ts) - START) / size) * size).toISOString(),
            ...(isPerKey ? { k: group[0]!.k } : {}),
            n: group.length,
            s: group.reduce((sum, { v }) => sum + v, 0) + Math.max(...group.map(({ v }) => v)),
            positive: group.filter(({ v }) => v > 0).length,
          }));
        expect(sorted(await results(query, rows, job))).toEqual(sorted(expected));
      }),
      propertyRuns(25),
    );
  });

  it('joins by time, and drops repeated rows', async () => {
    const anyBounds = fc.record({ before: fc.constantFrom(0, 2000), after: fc.constantFrom(0, 3000) });
    await fc.assert(
      fc.asyncProperty(anyRows, anyBounds, anyJob, async (rows, { before, after }, job) => {
        const query = `SELECT DISTINCT a.k, a.v AS x, b.v AS y FROM t a JOIN t b
          ON a.k = b.k AND b.ts BETWEEN a.ts - ${seconds(before)} AND a.ts + ${seconds(after)} AND a.v < b.v`;
        const pairs = rows.flatMap((a) =>
          rows
            .filter((b) => {
              const difference = Date.parse(b.ts) - Date.parse(a.ts);
              return a.k === b.k && difference >= -before && difference <= after && a.v < b.v;
            })
            .map((b) => ({ k: a.k, x: a.v, y: b.v })),
        );
        expect(sorted(await results(query, rows, job))).toEqual([...new Set(sorted(pairs))]);
      }),
      propertyRuns(25),
    );
  });

  it('ranks within windows', async () => {
    await fc.assert(
      fc.asyncProperty(anyRows, fc.integer({ min: 1, max: 2 }), anyJob, async (rows, n, job) => {
        const query = `SELECT window_end, k, total FROM (
            SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY total DESC, k) AS rn
            FROM (SELECT window_start, window_end, k, SUM(v) AS total FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), ${seconds(5000)})) GROUP BY window_start, window_end, k)
          ) WHERE rn <= ${n}`;
        const windows = groupBy(rows, ({ ts }) => Math.floor((Date.parse(ts) - START) / 5000));
        const expected = [...windows].flatMap(([window, group]) =>
          [...groupBy(group, ({ k }) => k)]
            .map(([k, same]) => ({
              window_end: new Date(START + (window + 1) * 5000).toISOString(),
              k,
              total: same.reduce((sum, { v }) => sum + v, 0),
            }))
            .sort((a, b) => b.total - a.total || (a.k < b.k ? -1 : 1))
            .slice(0, n),
        );
        expect(sorted(await results(query, rows, job))).toEqual(sorted(expected));
      }),
      propertyRuns(25),
    );
  });
});

describe('any text', () => {
  const words =
    "SELECT DISTINCT * , ( ) FROM t WHERE v > 1 GROUP BY k HAVING COUNT(*) SUM(v) AS x UNION ALL JOIN u ON t.k = u.k LEFT CROSS UNNEST TABLE TUMBLE( DESCRIPTOR(ts) INTERVAL '1' MINUTE OVER PARTITION ORDER BY ROW_NUMBER() LIMIT 3 WITH a MATCH_RECOGNIZE PATTERN DEFINE MEASURES ; . => ' ` { } AND BETWEEN CASE END $0 FILTER window_start window_end".split(
      ' ',
    );
  const whole =
    "WITH a AS (SELECT k, SUM(v) AS s FROM t WHERE v > 1 GROUP BY k) SELECT b.k, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE)) b GROUP BY b.k, window_start, window_end HAVING COUNT(*) > 1 UNION ALL SELECT k, s FROM a LEFT JOIN t ON a.k = t.k AND t.v > 2".split(
      ' ',
    );
  const anyText = fc.oneof(
    fc.array(fc.constantFrom(...words), { maxLength: 25 }).map((parts) => parts.join(' ')),
    fc
      .tuple(fc.nat(whole.length - 1), fc.nat(3), fc.constantFrom(...words, ''))
      .map(([at, count, word]) => whole.toSpliced(at, count, word).join(' ')),
    fc.string(),
  );

  it('gives operators, or one problem at a place in it', () => {
    fc.assert(
      fc.property(anyText, (query) => {
        const problems: { message: string; range?: { start: number; end: number } }[] = [];
        const config = { inputs: ['t', 'u'].map((name) => ({ name, time: null })), query };
        const streams = ['t', 'u'].map((port) => ({ port, shape: STREAM }));
        const expansion = sqlSpec.expand(config, streams, (problem) => {
          if (problem.severity !== 'warning') problems.push(problem);
        });
        expect(problems).toHaveLength(expansion === null ? 1 : 0);
        for (const { range } of problems) {
          expect(range!.start).toBeGreaterThanOrEqual(0);
          expect(range!.end).toBeGreaterThanOrEqual(range!.start);
          expect(range!.end).toBeLessThanOrEqual(query.length);
        }
      }),
      propertyRuns(1500),
    );
  });
});
