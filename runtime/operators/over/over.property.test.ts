/** The operator against its oracle, step by step: random streams, all frames, all aggregates, crashes at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { printDuration } from '../../core/time.ts';
import type { DataType } from '../../core/types.ts';
import { anyRow } from '../../testing/arbitraries.ts';
import { shape } from '../../testing/builders.ts';
import type { HarnessBackend } from '../../testing/operator-harness.ts';
import {
  anyOracleTrial,
  describeInRocksDb,
  inMemory,
  printedByKey,
  runOperator,
  runOracle,
  type EmittedBy,
  type OracleTrial,
  type Seen,
} from '../../testing/oracle-trials.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import type { ReferenceAggregate } from '../../testing/reference/aggregates.ts';
import { ReferenceOver, type ReferenceFrame } from '../../testing/reference/over.ts';
import { aggregateFunctions, type AggregateName } from '../shared/aggregates/index.ts';
import { createOver } from './runtime.ts';
import { overSpec } from './spec.ts';

const INPUT = shape(
  'k STRING, j INT, i INT, l BIGINT, d DOUBLE, m DECIMAL(38, 2), s STRING, b BOOLEAN, y BYTES, t DATE, ts TIMESTAMP NOT NULL, a ARRAY<INT>',
  { eventTime: true },
);
const FIELDS = INPUT.schema.fields;

function indexOf(name: string): number {
  return FIELDS.findIndex((field) => field.name === name);
}

interface Aggregate {
  readonly config: Record<string, unknown>;
  readonly reference: ReferenceAggregate;
}

interface Case {
  readonly frame: ReferenceFrame;
  readonly partitionBy: readonly string[];
  readonly aggregates: readonly Aggregate[];
  readonly trial: OracleTrial;
}

function anyAggregate(fn: AggregateName, index: number): Arbitrary<Aggregate> {
  const { infer, distinct: kind } = aggregateFunctions[fn];
  const fitting = FIELDS.flatMap((field, i) => (infer(field.type).ok ? [i] : []));
  return fc
    .record({
      field: fn === 'COUNT' ? fc.constantFrom(null, ...fitting) : fc.constantFrom(...fitting),
      distinct: fc.boolean(),
      isFiltered: fc.boolean(),
    })
    .map(({ field, distinct, isFiltered }) => {
      const type: DataType = field === null ? { kind: 'BOOLEAN' } : FIELDS[field]!.type;
      const isDistinct = distinct && field !== null && kind !== 'refused' && type.kind !== 'ARRAY';
      const options = { percentile: fn === 'PERCENTILE' ? 0.25 : null, separator: fn === 'LISTAGG' ? '; ' : null };
      const as = `r${index}`;
      const expr = field === null ? '*' : FIELDS[field]!.name;
      return {
        config: { as, fn, expr, distinct: isDistinct, filter: isFiltered ? 'b' : null, ...options },
        reference: {
          fn,
          type,
          field,
          distinct: isDistinct,
          filter: isFiltered ? (row) => row[indexOf('b')] === true : null,
          ...options,
        },
      };
    });
}

const anyFrame: Arbitrary<ReferenceFrame> = fc.oneof(
  fc.record({ type: fc.constant('rows' as const), preceding: fc.constantFrom(null, 0, 1, 3) }),
  fc.record({ type: fc.constant('range' as const), preceding: fc.constantFrom(null, 0, 1, 7, 30) }),
);

function anyCase(
  aggregates: Arbitrary<readonly Aggregate[]>,
  backend: Arbitrary<HarnessBackend> = inMemory,
): Arbitrary<Case> {
  return fc.record({
    frame: anyFrame,
    partitionBy: fc.constantFrom([], ['k'], ['k'], ['k', 'j']),
    aggregates,
    trial: anyOracleTrial({
      backend,
      row: fc.record({
        values: anyRow(INPUT.schema),
        k: fc.constantFrom('x', 'y', null),
        j: fc.constantFrom(1, 2),
      }),
      values: ({ values, k, j }, eventTime) => values.with(0, k).with(1, j).with(indexOf('ts'), eventTime),
      drift: { behind: 25 },
      maxRows: 8,
    }),
  });
}

function configOf({ frame: { type, preceding }, partitionBy, aggregates }: Case): Record<string, unknown> {
  return {
    partitionBy,
    frame: { type, preceding: type === 'range' && preceding !== null ? printDuration(preceding) : preceding },
    aggregates: aggregates.map((aggregate) => aggregate.config),
  };
}

/** Of each subtask, what leaves at one step. */
function expectInOrder(rows: readonly EmittedBy[]): void {
  for (const one of new Set(rows.map(({ subtask }) => subtask))) {
    const own = rows.filter(({ port, subtask }) => port === 'out' && subtask === one);
    const times = own.map((row) => row.eventTime!);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  }
}

function runReference({ frame, partitionBy, aggregates, trial }: Case): Seen {
  const reference = new ReferenceOver(
    frame,
    partitionBy.map(indexOf),
    aggregates.map((one) => one.reference),
  );
  return runOracle(
    {
      row: ({ values, eventTime }) => (reference.row(values, eventTime) ? [] : [{ port: 'late', values, eventTime }]),
      watermark: (watermark) => reference.watermark(watermark),
    },
    trial,
  );
}

async function agree(one: Case): Promise<void> {
  const subject = { spec: overSpec, create: createOver, config: configOf(one), inputs: [INPUT] };
  const seen = await runOperator(subject, one.trial);
  seen.steps.forEach(expectInOrder);
  const keys = one.partitionBy.map(indexOf);
  expect(printedByKey(seen, keys)).toEqual(printedByKey(runReference(one), keys));
}

const names = Object.keys(aggregateFunctions) as AggregateName[];
const listed = fc.tuple(anyAggregate('COUNT', 0), anyAggregate('COLLECT', 1));

describe('over agrees with its oracle', () => {
  it('on which rows are in which frames, and when they come out', async () => {
    await fc.assert(fc.asyncProperty(anyCase(listed), agree), propertyRuns(150));
  });

  it.each(names)('on %s', async (fn) => {
    const two = fc.tuple(anyAggregate(fn, 0), anyAggregate(fn, 1));
    await fc.assert(fc.asyncProperty(anyCase(two), agree), propertyRuns(25));
  });

  describeInRocksDb((backend) => anyCase(listed, backend), agree, 25);
});
