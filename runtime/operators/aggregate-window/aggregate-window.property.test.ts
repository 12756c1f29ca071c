/** The operator against its oracle, step by step: random streams, all window kinds, all aggregates, crashes at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DELETE, INSERT, UPDATE_BEFORE } from '../../core/batch.ts';
import { printDuration } from '../../core/time.ts';
import type { DataType, Value } from '../../core/types.ts';
import { anyRow } from '../../testing/arbitraries.ts';
import { shape } from '../../testing/builders.ts';
import type { HarnessBackend } from '../../testing/operator-harness.ts';
import {
  anyOracleTrial,
  describeInRocksDb,
  inMemory,
  printEmitted,
  runOperator,
  runOracle,
  type OracleTrial,
  type Seen,
} from '../../testing/oracle-trials.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import type { ReferenceAggregate } from '../../testing/reference/aggregates.ts';
import { ReferenceCountWindows, type ReferenceCountWindow } from '../../testing/reference/count-windows.ts';
import { ReferenceWindowAggregate, type ReferenceWindow } from '../../testing/reference/window-aggregate.ts';
import { aggregateFunctions } from '../shared/aggregates/index.ts';
import { createAggregateWindow } from './runtime.ts';
import { aggregateWindowSpec } from './spec.ts';

const INPUT = shape(
  'k STRING, j INT, i INT, l BIGINT, d DOUBLE, m DECIMAL(38, 2), s STRING, b BOOLEAN, y BYTES, t DATE, ts TIMESTAMP NOT NULL, a ARRAY<INT>',
  { eventTime: true },
);
const FIELDS = INPUT.schema.fields;
const TIME = FIELDS.findIndex((f) => f.name === 'ts');

interface Aggregate {
  readonly config: Record<string, unknown>;
  readonly reference: ReferenceAggregate;
}

interface Early {
  readonly count: number | null;
  readonly every: boolean;
}

interface Case {
  readonly window: ReferenceWindow | ReferenceCountWindow;
  readonly lateness: number;
  readonly early: Early | null;
  readonly groupBy: readonly string[];
  readonly aggregates: readonly Aggregate[];
  readonly trial: OracleTrial;
}

const EARLY_EVERY_MS = 50;

const FILTERS: readonly { readonly text: string; readonly holds: (row: readonly Value[]) => boolean }[] = [
  { text: 'b', holds: (row) => row[7] === true },
  { text: 'i > 3', holds: (row) => row[2] !== null && (row[2] as number) > 3 },
];

function anyAggregate(fn: keyof typeof aggregateFunctions, index: number): Arbitrary<Aggregate> {
  const { infer, distinct: kind } = aggregateFunctions[fn];
  const fitting = FIELDS.flatMap((field, i) => (infer(field.type).ok ? [i] : []));
  return fc
    .record({
      field: fn === 'COUNT' ? fc.constantFrom(null, ...fitting) : fc.constantFrom(...fitting),
      distinct: fc.boolean(),
      filter: fc.option(fc.constantFrom(...FILTERS), { freq: 2 }),
      percentile: fc.constantFrom(0, 0.25, 0.5, 0.9, 1),
      separator: fc.option(fc.constantFrom('', '; ')),
    })
    .map(({ field, distinct, filter, percentile, separator }) => {
      const type: DataType = field === null ? { kind: 'BOOLEAN' } : FIELDS[field]!.type;
      const isDistinct = distinct && field !== null && kind !== 'refused' && type.kind !== 'ARRAY';
      const options = {
        percentile: fn === 'PERCENTILE' ? percentile : null,
        separator: fn === 'LISTAGG' ? separator : null,
      };
      return {
        config: {
          as: `r${index}`,
          fn,
          expr: field === null ? '*' : FIELDS[field]!.name,
          distinct: isDistinct,
          filter: filter?.text ?? null,
          ...options,
        },
        reference: { fn, type, field, distinct: isDistinct, filter: filter?.holds ?? null, ...options },
      };
    });
}

const anyTimeWindow: Arbitrary<ReferenceWindow> = fc.oneof(
  fc.record({
    type: fc.constant('tumbling' as const),
    size: fc.constantFrom(1, 7, 10),
    offset: fc.constantFrom(0, 3, 25),
  }),
  fc
    .record({ slide: fc.constantFrom(1, 3, 5), times: fc.integer({ min: 1, max: 4 }), offset: fc.constantFrom(0, 2) })
    .map(({ slide, times, offset }) => ({ type: 'hopping' as const, size: slide * times, slide, offset })),
  fc
    .record({ step: fc.constantFrom(1, 4), times: fc.integer({ min: 1, max: 5 }), offset: fc.constantFrom(0, 3) })
    .map(({ step, times, offset }) => ({ type: 'cumulative' as const, size: step * times, step, offset })),
  fc.record({ type: fc.constant('session' as const), gap: fc.constantFrom(1, 4, 9) }),
);

const anyCountWindow: Arbitrary<ReferenceCountWindow> = fc.oneof(
  fc.record({
    type: fc.constant('count' as const),
    size: fc.integer({ min: 1, max: 7 }),
    slide: fc.option(fc.integer({ min: 1, max: 9 }), { freq: 3 }),
  }),
  fc.record({
    type: fc.constant('global' as const),
    trigger: fc.record({ count: fc.integer({ min: 1, max: 5 }), purge: fc.boolean() }),
  }),
);

const anyEarly: Arbitrary<Early> = fc
  .record({ count: fc.option(fc.integer({ min: 1, max: 4 })), every: fc.boolean() })
  .filter(({ count, every }) => every || count !== null);

interface CaseOptions {
  readonly backend?: Arbitrary<HarnessBackend>;
  readonly window?: Arbitrary<Case['window']>;
  readonly early?: Arbitrary<Early>;
}

function anyCase(
  aggregates: Arbitrary<readonly Aggregate[]>,
  maxRows: number,
  { backend = inMemory, window = anyTimeWindow, early }: CaseOptions = {},
): Arbitrary<Case> {
  return fc.record({
    window,
    lateness: fc.constantFrom(0, 0, 1, 6, 15),
    early: early ?? fc.constant(null),
    groupBy: fc.constantFrom([], ['k'], ['k'], ['j'], ['k', 'j']),
    aggregates,
    trial: anyOracleTrial({
      backend,
      row: fc.record({
        values: anyRow(INPUT.schema),
        k: fc.constantFrom('x', 'y', null),
        j: fc.constantFrom(1, 2),
      }),
      values: ({ values, k, j }, eventTime) => values.with(0, k).with(1, j).with(TIME, eventTime),
      drift: { start: -20, behind: 40 },
      advanceMs: early === undefined ? 0 : EARLY_EVERY_MS,
      maxRows,
    }),
  });
}

function configOf({ window, lateness, groupBy, aggregates, early }: Case): Record<string, unknown> {
  const durations = Object.entries(window).map(([key, value]) => [
    key,
    typeof value === 'number' ? printDuration(value) : (value as unknown),
  ]);
  return {
    groupBy,
    window: isByCount(window) ? window : (Object.fromEntries(durations) as unknown),
    aggregates: aggregates.map(({ config }) => config),
    allowedLateness: printDuration(lateness),
    ...(early === null
      ? {}
      : { emitEarlyCount: early.count, emitEarlyEvery: early.every ? printDuration(EARLY_EVERY_MS) : null }),
  };
}

function isByCount(window: Case['window']): window is ReferenceCountWindow {
  return window.type === 'count' || window.type === 'global';
}

function runReference({ window, lateness, groupBy, aggregates, early, trial }: Case): Seen {
  const keys = groupBy.map((name) => FIELDS.findIndex((f) => f.name === name));
  const references = aggregates.map((one) => one.reference);
  if (isByCount(window)) {
    const reference = new ReferenceCountWindows(window, keys, references);
    return runOracle({ row: ({ values, eventTime }) => reference.row(values, eventTime) }, trial);
  }
  const reference = new ReferenceWindowAggregate(window, keys, references, lateness, early);
  return runOracle(
    {
      row({ values, eventTime }) {
        const { results, late } = reference.row(values, eventTime);
        return [...results, ...late.map((row) => ({ port: 'late', values: row, eventTime }))];
      },
      watermark: (watermark) => reference.watermark(watermark),
      advance: () => (early?.every === true ? reference.fireEarly() : []),
    },
    trial,
  );
}

/** Sorted; numbers to ten digits (an INT has no more), since the order of adding differs. */
function sorted({ steps }: Seen): string[][] {
  return steps.map((rows) => rows.map((row) => printEmitted(row, 10)).sort());
}

/** The rows that stand once all changes up to a step are applied. Throws when one is taken back that is not there. */
function standing({ steps }: Seen, until: number): string[] {
  const counts = new Map<string, number>();
  for (const { kind = INSERT, ...row } of steps.slice(0, until + 1).flat()) {
    const text = printEmitted(row, 10);
    const count = (counts.get(text) ?? 0) + (kind === DELETE || kind === UPDATE_BEFORE ? -1 : 1);
    if (count < 0) throw new Error(`taken back, but not there: ${text}`);
    counts.set(text, count);
  }
  return [...counts].flatMap(([text, count]) => Array.from({ length: count }, () => text)).sort();
}

function runCase(one: Case): Promise<Seen> {
  const subject = {
    spec: aggregateWindowSpec,
    create: createAggregateWindow,
    config: configOf(one),
    inputs: [INPUT],
  };
  return runOperator(subject, one.trial);
}

async function agree(one: Case): Promise<void> {
  expect(sorted(await runCase(one))).toEqual(sorted(runReference(one)));
}

/** Which result of sessions that become one is updated and which is deleted is not said: only what stands when all have been given. */
async function agreeOnSessions(one: Case): Promise<void> {
  const seen = await runCase(one);
  const expected = runReference(one);
  const { steps } = one.trial;
  steps.forEach((step, i) => {
    const isSettled = i === steps.length - 1 || ('advanceMs' in step && one.early?.every === true);
    const rows = standing(seen, i);
    if (isSettled) expect(rows).toEqual(standing(expected, i));
  });
}

const listed = fc.tuple(anyAggregate('COUNT', 0), anyAggregate('COLLECT', 1));
const names = Object.keys(aggregateFunctions) as (keyof typeof aggregateFunctions)[];
const several = fc
  .array(fc.constantFrom(...names), { maxLength: 5 })
  .chain((chosen) => fc.tuple(...chosen.map(anyAggregate)));

describe('aggregate.window agrees with its oracle', () => {
  it('on which rows are in which windows, and when they fire', async () => {
    await fc.assert(fc.asyncProperty(anyCase(listed, 12), agree), propertyRuns(250));
  });

  it.each(names)('on %s', async (fn) => {
    const two = fc.tuple(anyAggregate(fn, 0), anyAggregate(fn, 1));
    await fc.assert(fc.asyncProperty(anyCase(two, 8), agree), propertyRuns(40));
  });

  it('on several aggregates at once', async () => {
    await fc.assert(fc.asyncProperty(anyCase(several, 8), agree), propertyRuns(60));
  });

  describeInRocksDb((backend) => anyCase(listed, 12, { backend }), agree, 40);
});

describe('windows by the number of rows agree with their oracle', () => {
  it('on which rows are in which windows', async () => {
    await fc.assert(fc.asyncProperty(anyCase(listed, 12, { window: anyCountWindow }), agree), propertyRuns(150));
  });

  it('on several aggregates at once', async () => {
    await fc.assert(fc.asyncProperty(anyCase(several, 12, { window: anyCountWindow }), agree), propertyRuns(60));
  });

  describeInRocksDb((backend) => anyCase(listed, 12, { backend, window: anyCountWindow }), agree, 25);
});

describe('early results agree with their oracle', () => {
  const aligned = { window: anyTimeWindow.filter(({ type }) => type !== 'session'), early: anyEarly };
  const sessions = { window: anyTimeWindow.filter(({ type }) => type === 'session'), early: anyEarly };

  it('of windows, change by change', async () => {
    await fc.assert(fc.asyncProperty(anyCase(listed, 12, aligned), agree), propertyRuns(200));
  });

  it('of sessions, on what they come to', async () => {
    await fc.assert(fc.asyncProperty(anyCase(listed, 12, sessions), agreeOnSessions), propertyRuns(200));
  });

  describe('of windows', () => describeInRocksDb((backend) => anyCase(listed, 12, { backend, ...aligned }), agree, 25));
  describe('of sessions', () =>
    describeInRocksDb((backend) => anyCase(listed, 12, { backend, ...sessions }), agreeOnSessions, 25));
});
