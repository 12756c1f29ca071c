/** The operator against its oracle, step by step: random streams, all window kinds, all aggregates, crashes at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
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

interface Case {
  readonly window: ReferenceWindow;
  readonly lateness: number;
  readonly groupBy: readonly string[];
  readonly aggregates: readonly Aggregate[];
  readonly trial: OracleTrial;
}

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

const anyWindow: Arbitrary<ReferenceWindow> = fc.oneof(
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

function anyCase(
  aggregates: Arbitrary<readonly Aggregate[]>,
  maxRows: number,
  backend: Arbitrary<HarnessBackend> = inMemory,
): Arbitrary<Case> {
  return fc.record({
    window: anyWindow,
    lateness: fc.constantFrom(0, 0, 1, 6, 15),
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
      maxRows,
    }),
  });
}

function configOf({ window, lateness, groupBy, aggregates }: Case): Record<string, unknown> {
  const durations = Object.entries(window).map(([key, value]) => [
    key,
    typeof value === 'number' ? printDuration(value) : value,
  ]);
  return {
    groupBy,
    window: Object.fromEntries(durations) as unknown,
    aggregates: aggregates.map(({ config }) => config),
    allowedLateness: printDuration(lateness),
  };
}

function runReference({ window, lateness, groupBy, aggregates, trial }: Case): Seen {
  const keys = groupBy.map((name) => FIELDS.findIndex((f) => f.name === name));
  const reference = new ReferenceWindowAggregate(
    window,
    keys,
    aggregates.map((one) => one.reference),
    lateness,
  );
  return runOracle(
    {
      row({ values, eventTime }) {
        const { results, late } = reference.row(values, eventTime);
        return [...results, ...late.map((row) => ({ port: 'late', values: row, eventTime }))];
      },
      watermark: (watermark) => reference.watermark(watermark),
    },
    trial,
  );
}

/** Sorted; numbers to ten digits (an INT has no more), since the order of adding differs. */
function sorted({ steps }: Seen): string[][] {
  return steps.map((rows) => rows.map((row) => printEmitted(row, 10)).sort());
}

async function agree(one: Case): Promise<void> {
  const subject = {
    spec: aggregateWindowSpec,
    create: createAggregateWindow,
    config: configOf(one),
    inputs: [INPUT],
  };
  expect(sorted(await runOperator(subject, one.trial))).toEqual(sorted(runReference(one)));
}

const listed = fc.tuple(anyAggregate('COUNT', 0), anyAggregate('COLLECT', 1));
const names = Object.keys(aggregateFunctions) as (keyof typeof aggregateFunctions)[];

describe('aggregate.window agrees with its oracle', () => {
  it('on which rows are in which windows, and when they fire', async () => {
    await fc.assert(fc.asyncProperty(anyCase(listed, 12), agree), propertyRuns(250));
  });

  it.each(names)('on %s', async (fn) => {
    const two = fc.tuple(anyAggregate(fn, 0), anyAggregate(fn, 1));
    await fc.assert(fc.asyncProperty(anyCase(two, 8), agree), propertyRuns(40));
  });

  it('on several aggregates at once', async () => {
    const several = fc
      .array(fc.constantFrom(...names), { maxLength: 5 })
      .chain((chosen) => fc.tuple(...chosen.map(anyAggregate)));
    await fc.assert(fc.asyncProperty(anyCase(several, 8), agree), propertyRuns(60));
  });

  describeInRocksDb((backend) => anyCase(listed, 12, backend), agree, 40);
});
