/** The operator against its oracle, watermark by watermark: random patterns, conditions and streams, late rows, crashes at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printDuration } from '../../core/time.ts';
import type { Value } from '../../core/types.ts';
import { shape } from '../../testing/builders.ts';
import type { HarnessBackend } from '../../testing/operator-harness.ts';
import {
  anyOracleTrial,
  describeInRocksDb,
  inMemory,
  printed,
  runOperator,
  runOracle,
  type OracleTrial,
  type Seen,
} from '../../testing/oracle-trials.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import {
  ReferencePattern,
  type ReferenceMatch,
  type ReferencePatternNode,
  type ReferencePatternOptions,
} from '../../testing/reference/pattern.ts';
import { checkPattern } from './check-pattern.ts';
import { createPattern } from './runtime.ts';
import { patternSpec } from './spec.ts';

const INPUT = shape('k INT, v INT, ts TIMESTAMP NOT NULL', { eventTime: true });
const VARIABLES = ['A', 'B', 'C'] as const;

/** Values of v in the rows of a variable, or of all. */
function values(match: ReferenceMatch, variable?: string): number[] {
  return match.rows
    .filter((row) => variable === undefined || row.variable === variable)
    .map((row) => row.values[1] as number);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

interface Condition {
  readonly text: (variable: string) => string;
  /** Of the value at hand. */
  readonly holds: (match: ReferenceMatch, variable: string, v: number) => boolean;
  readonly needs?: string;
}

const CONDITIONS: readonly Condition[] = [
  { text: () => 'v >= 2', holds: (_match, _variable, v) => v >= 2 },
  { text: (x) => `${x}.v <= 2`, holds: (_match, _variable, v) => v <= 2 },
  {
    text: () => 'v > PREV(v)',
    holds: ({ before }, _, v) => before.length > 1 && v > (before.at(-2)!.values[1] as number),
  },
  {
    text: (x) => `LAST(${x}.v, 1) IS NULL OR v > LAST(${x}.v, 1)`,
    holds: (match, x, v) => v > (values(match, x).at(-2) ?? -1),
  },
  { text: () => 'v > A.v', holds: (match, _, v) => v > (values(match, 'A').at(-1) ?? Infinity), needs: 'A' },
  { text: (x) => `COUNT(${x}.*) <= 2`, holds: (match, x) => values(match, x).length <= 2 },
  {
    text: (x) => `SUM(${x}.v) < 5 AND COUNT(*) < 6`,
    holds: (match, x) => sum(values(match, x)) < 5 && match.rows.length < 6,
  },
  { text: () => 'v >= FIRST(v)', holds: (match, _, v) => v >= values(match)[0]! },
  {
    text: () => 'v > AVG(B.v)',
    holds: (match, _, v) =>
      values(match, 'B').length > 0 && v > Math.trunc(sum(values(match, 'B')) / values(match, 'B').length),
    needs: 'B',
  },
];

const MEASURES: readonly {
  readonly expr: string;
  readonly of: (match: ReferenceMatch) => Value;
  readonly needs?: string;
}[] = [
  { expr: 'COUNT(*)', of: ({ rows }) => rows.length },
  { expr: 'v', of: (match) => values(match).at(-1)! },
  { expr: 'FIRST(A.v)', of: (match) => values(match, 'A')[0] ?? null, needs: 'A' },
  { expr: 'FIRST(v, 1) * 10', of: ({ rows }) => (rows.length > 1 ? (rows[1]!.values[1] as number) * 10 : null) },
  { expr: 'LAST(C.v, 1)', of: (match) => values(match, 'C').at(-2) ?? null, needs: 'C' },
  { expr: 'PREV(v, 2)', of: ({ before }) => before.at(-3)?.values[1] ?? null },
  {
    expr: 'SUM(B.v * 2)',
    of: (match) => (values(match, 'B').length > 0 ? 2 * sum(values(match, 'B')) : null),
    needs: 'B',
  },
  { expr: 'COALESCE(MAX(B.v), -1)', of: (match) => Math.max(-1, ...values(match, 'B')), needs: 'B' },
  { expr: 'MATCH_ROWTIME()', of: ({ rows }) => rows.at(-1)!.eventTime },
];

interface Case {
  readonly pattern: ReferencePatternNode;
  /** Index into CONDITIONS; -1 for none. */
  readonly conditions: readonly number[];
  readonly afterMatch: ReferencePatternOptions['afterMatch'];
  readonly withinMs: number | null;
  readonly trial: OracleTrial;
}

const { node: anyNode } = fc.letrec<{ node: ReferencePatternNode }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: fc.record({ variable: fc.constantFrom(...VARIABLES) }) },
    { weight: 2, arbitrary: fc.record({ sequence: fc.array(tie('node'), { minLength: 2, maxLength: 3 }) }) },
    { weight: 1, arbitrary: fc.record({ alternatives: fc.array(tie('node'), { minLength: 2, maxLength: 2 }) }) },
    {
      weight: 3,
      arbitrary: fc
        .record({
          item: tie('node'),
          times: fc.constantFrom([0, Infinity], [1, Infinity], [0, 1], [2, 2], [2, Infinity], [1, 3], [0, 2]),
          isGreedy: fc.boolean(),
        })
        .map(({ times, ...rest }) => ({ ...rest, min: times[0]!, max: times[1]! })),
    },
  ),
}));

const anyPattern = fc
  .array(anyNode, { minLength: 1, maxLength: 4 })
  .map((sequence): ReferencePatternNode => ({ sequence }))
  .filter((pattern) => checkPattern(print(pattern)).pattern !== null);

function print(node: ReferencePatternNode): string {
  if ('variable' in node) return node.variable;
  if ('sequence' in node) return `(${node.sequence.map(print).join(' ')})`;
  if ('alternatives' in node) return `(${node.alternatives.map(print).join(' | ')})`;
  const { min, max, isGreedy } = node;
  const times = max === Infinity ? `{${min},}` : min === 0 ? `{,${max}}` : min === max ? `{${min}}` : `{${min},${max}}`;
  const short: Record<string, string> = { '{0,}': '*', '{1,}': '+', '{,1}': '?' };
  // `A+` twice is not `A+?`.
  const item = 'item' in node.item ? `(${print(node.item)})` : print(node.item);
  return `${item}${short[times] ?? times}${isGreedy ? '' : '?'}`;
}

function anyCase(backend: Arbitrary<HarnessBackend>): Arbitrary<Case> {
  return fc
    .record({
      pattern: anyPattern,
      conditions: fc.tuple(...VARIABLES.map(() => fc.integer({ min: -1, max: CONDITIONS.length - 1 }))),
      afterMatch: fc.oneof(
        fc.record({ type: fc.constantFrom('past-last-row' as const, 'to-next-row' as const) }),
        fc.record({
          type: fc.constantFrom('to-first' as const, 'to-last' as const),
          variable: fc.constantFrom(...VARIABLES),
        }),
      ),
      withinMs: fc.constantFrom(null, 1, 5, 12, 30),
      trial: anyOracleTrial({
        backend,
        row: fc.record({ k: fc.constantFrom(1, 1, 2, null), v: fc.nat(4) }),
        values: ({ k, v }, eventTime) => [k, v, eventTime],
        drift: { step: 6, behind: 12, lag: 12 },
        maxRows: 6,
        maxSteps: 12,
      }),
    })
    .filter(({ afterMatch, pattern }) => !('variable' in afterMatch) || print(pattern).includes(afterMatch.variable));
}

function measuresOf(text: string) {
  return MEASURES.filter(({ needs }) => needs === undefined || text.includes(needs));
}

function conditionsOf({ conditions, pattern }: Case): [variable: string, condition: Condition][] {
  const text = print(pattern);
  return VARIABLES.flatMap((variable, i) => {
    const condition = CONDITIONS[conditions[i]!];
    const fits = condition !== undefined && text.includes(variable) && text.includes(condition.needs ?? '');
    return fits ? [[variable, condition]] : [];
  });
}

function configOf(one: Case): Record<string, unknown> {
  const pattern = print(one.pattern);
  return {
    partitionBy: ['k'],
    pattern,
    define: conditionsOf(one).map(([variable, { text }]) => ({ variable, condition: text(variable) })),
    measures: measuresOf(pattern).map(({ expr }, i) => ({ as: `m${i}`, expr })),
    afterMatch: one.afterMatch,
    ...(one.withinMs === null ? {} : { within: printDuration(one.withinMs) }),
  };
}

function runReference(one: Case): Seen {
  const measures = measuresOf(print(one.pattern));
  const reference = new ReferencePattern({
    key: 0,
    pattern: one.pattern,
    conditions: Object.fromEntries(
      conditionsOf(one).map(([variable, { holds }]) => [
        variable,
        (match: ReferenceMatch) => holds(match, variable, match.rows.at(-1)!.values[1] as number),
      ]),
    ),
    measures: (match) => measures.map(({ of }) => of(match)),
    withinMs: one.withinMs,
    afterMatch: one.afterMatch,
  });
  return runOracle(
    {
      row: ({ values: row, eventTime }) => (reference.row(row, eventTime) ? [] : null),
      watermark: (watermark) => reference.watermark(watermark),
    },
    one.trial,
  );
}

async function agree(one: Case): Promise<void> {
  const subject = { spec: patternSpec, create: createPattern, config: configOf(one), inputs: [INPUT] };
  const seen = await runOperator(subject, one.trial);
  expect(printed(seen)).toEqual(printed(runReference(one)));
}

describe('pattern agrees with its oracle', () => {
  it('on which matches there are, and when', async () => {
    await fc.assert(fc.asyncProperty(anyCase(inMemory), agree), propertyRuns(300));
  });

  describeInRocksDb(anyCase, agree, 25);
});
