/** The operator against its oracle: random streams with and without updates, all aggregates, crashes at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
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
  type OracleTrial,
  type Seen,
} from '../../testing/oracle-trials.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import type { ReferenceAggregate } from '../../testing/reference/aggregates.ts';
import { ReferenceRunningAggregate } from '../../testing/reference/running-aggregate.ts';
import { aggregateFunctions, type AggregateName } from '../shared/aggregates/index.ts';
import { isRetractable } from './retraction.ts';
import { createAggregateRunning } from './runtime.ts';
import { aggregateRunningSpec } from './spec.ts';

const { schema: SCHEMA } = shape(
  'k STRING, j INT, i INT, l BIGINT, m DECIMAL(38, 2), q DECIMAL(9, 8), s STRING, b BOOLEAN, y BYTES, t DATE, a ARRAY<INT>, d DOUBLE',
);
const FIELDS = SCHEMA.fields;
const KEYS = ['k', 'j'];
/** Subtracting rounds: doubles are compared where nothing is taken back. */
const EXACT = FIELDS.filter((field) => field.type.kind !== 'DOUBLE').length;

interface Aggregate {
  readonly config: Record<string, unknown>;
  readonly reference: ReferenceAggregate;
}

interface Case {
  /** Results that stay the same go out as well. */
  readonly repeats: boolean;
  readonly groupBy: readonly string[];
  readonly aggregates: readonly Aggregate[];
  readonly hasUpdates: boolean;
  readonly trial: OracleTrial;
}

function anyAggregate(fn: AggregateName, index: number, fields: number): Arbitrary<Aggregate> {
  const { infer, distinct: kind } = aggregateFunctions[fn];
  const fitting = FIELDS.slice(0, fields).flatMap((field, i) => (infer(field.type).ok ? [i] : []));
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
      return {
        config: {
          as: `r${index}`,
          fn,
          expr: field === null ? '*' : FIELDS[field]!.name,
          distinct: isDistinct,
          ...(isFiltered ? { filter: 'b' } : {}),
          ...(options.percentile === null ? {} : { percentile: options.percentile }),
          ...(options.separator === null ? {} : { separator: options.separator }),
        },
        reference: {
          fn,
          type,
          field,
          distinct: isDistinct,
          filter: isFiltered ? (row) => row[FIELDS.findIndex((f) => f.name === 'b')] === true : null,
          ...options,
        },
      };
    });
}

function anyCase(
  aggregates: Arbitrary<readonly Aggregate[]>,
  hasUpdates: boolean,
  { backend = inMemory, repeats = false }: { backend?: Arbitrary<HarnessBackend>; repeats?: boolean } = {},
): Arbitrary<Case> {
  return fc.record({
    repeats: fc.constant(repeats),
    groupBy: fc.constantFrom([], ['k'], ['k'], KEYS),
    aggregates,
    hasUpdates: fc.constant(hasUpdates),
    trial: anyOracleTrial({
      backend,
      hasUpdates: [hasUpdates],
      isUntimed: true,
      row: fc.record({
        values: anyRow(SCHEMA),
        k: fc.constantFrom('x', 'y', null),
        j: fc.constantFrom(1, 2),
      }),
      values: ({ values, k, j }) => values.with(0, k).with(1, j),
      maxRows: 9,
      maxSteps: 10,
    }),
  });
}

function runReference({ repeats, groupBy, aggregates, trial }: Case): Seen {
  const reference = new ReferenceRunningAggregate(
    groupBy.map((name) => FIELDS.findIndex((f) => f.name === name)),
    aggregates.map((aggregate) => aggregate.reference),
    repeats,
  );
  return runOracle({ row: ({ kind, values }) => reference.change(kind, values) }, trial);
}

async function agree(one: Case): Promise<void> {
  const { repeats, groupBy, aggregates, hasUpdates, trial } = one;
  const seen = await runOperator(
    {
      spec: aggregateRunningSpec,
      create: createAggregateRunning,
      config: {
        groupBy,
        aggregates: aggregates.map(({ config }) => config),
        ...(repeats ? { stateTtl: '1 hour' } : {}),
      },
      inputs: [{ schema: SCHEMA, eventTime: false, changelog: hasUpdates ? 'update' : 'append', bounded: true }],
    },
    trial,
  );
  const keys = groupBy.map((_, i) => i);
  expect(printedByKey(seen, keys)).toEqual(printedByKey(runReference(one), keys));
}

const names = Object.keys(aggregateFunctions) as AggregateName[];

/** The oracle sums up otherwise, so that a result may change in its last digits only: nothing may depend on whether it did. */
function isRounded(fn: AggregateName): boolean {
  return fn.startsWith('VAR') || fn.startsWith('STDDEV');
}

/** Which of FIELDS `fn` is tried on. */
function fieldsFor(fn: AggregateName): number {
  return isRounded(fn) || fn === 'SUM' || fn === 'AVG' ? EXACT : FIELDS.length;
}

function anyTwo(fn: AggregateName): Arbitrary<readonly Aggregate[]> {
  return fc.tuple(anyAggregate(fn, 0, fieldsFor(fn)), anyAggregate(fn, 1, fieldsFor(fn)));
}

describe('aggregate.running agrees with its oracle', () => {
  it.each(names)('on %s', async (fn) => {
    const cases = anyCase(anyTwo(fn), false, { repeats: isRounded(fn) });
    await fc.assert(fc.asyncProperty(cases, agree), propertyRuns(25));
  });

  it.each(names.filter(isRetractable))('on %s of a stream with updates', async (fn) => {
    const cases = anyCase(anyTwo(fn), true, { repeats: isRounded(fn) });
    await fc.assert(fc.asyncProperty(cases, agree), propertyRuns(60));
  });

  it('on no aggregate at all: each group once', async () => {
    await fc.assert(fc.asyncProperty(anyCase(fc.constant([]), true), agree), propertyRuns(40));
  });

  const kept = (['COUNT', 'SUM', 'MAX', 'LAST_VALUE', 'COLLECT', 'PERCENTILE'] as const).map((fn, i) =>
    anyAggregate(fn, i, EXACT),
  );
  describeInRocksDb((backend) => anyCase(fc.tuple(...kept), true, { backend }), agree, 25);
});
