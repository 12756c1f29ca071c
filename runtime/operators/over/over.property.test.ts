/** The operator against its oracle, step by step: random streams, all frames, all aggregates, crashes at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup } from '../../core/hash.ts';
import { printDuration } from '../../core/time.ts';
import type { DataType, Value } from '../../core/types.ts';
import { RocksDbFixture } from '../../engine/state/rocksdb/rocksdb-fixture.ts';
import { anyRow } from '../../testing/arbitraries.ts';
import { shape } from '../../testing/builders.ts';
import { createHarness, type HarnessBackend, type HarnessSnapshot } from '../../testing/operator-harness.ts';
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

interface Row {
  readonly values: readonly Value[];
  readonly eventTime: number;
}

type Step =
  | { readonly rows: readonly Row[] }
  | { readonly watermark: number }
  | { readonly restoreAt: number; readonly backend: HarnessBackend };

interface Aggregate {
  readonly config: Record<string, unknown>;
  readonly reference: ReferenceAggregate;
}

interface Case {
  readonly frame: ReferenceFrame;
  readonly partitionBy: readonly string[];
  readonly aggregates: readonly Aggregate[];
  readonly backend: HarnessBackend;
  readonly steps: readonly Step[];
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

const anyBackend = fc.constantFrom<HarnessBackend>('memory', 'moving');

/** Event times drift forward, so that rows are in time, out of order, of one time, and late. */
const anySteps: Arbitrary<readonly Step[]> = fc
  .array(
    fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          rows: fc.array(
            fc.record({
              values: anyRow(INPUT.schema),
              k: fc.constantFrom('x', 'y', null),
              j: fc.constantFrom(1, 2),
              behind: fc.nat(25),
            }),
            { minLength: 1, maxLength: 8 },
          ),
        }),
      },
      { weight: 4, arbitrary: fc.record({ ahead: fc.nat(20) }) },
      { weight: 2, arbitrary: fc.record({ restoreAt: fc.integer({ min: 1, max: 3 }), backend: anyBackend }) },
    ),
    { maxLength: 14 },
  )
  .map((steps) => {
    let now = 0;
    let watermark = -Infinity;
    const out = steps.map((one): Step => {
      if ('restoreAt' in one) return one;
      if ('rows' in one) {
        now += 8;
        return {
          rows: one.rows.map(({ values, k, j, behind }) => {
            const eventTime = now - behind;
            return {
              eventTime,
              values: values.with(0, k).with(1, j).with(indexOf('ts'), eventTime),
            };
          }),
        };
      }
      watermark = Math.max(watermark, now - 20 + one.ahead);
      return { watermark };
    });
    return [...out, { watermark: Infinity }];
  });

function anyCase(aggregates: Arbitrary<readonly Aggregate[]>): Arbitrary<Case> {
  return fc.record({
    frame: anyFrame,
    partitionBy: fc.constantFrom([], ['k'], ['k'], ['k', 'j']),
    aggregates,
    backend: anyBackend,
    steps: anySteps,
  });
}

interface Seen {
  readonly port: string;
  readonly eventTime: number;
  readonly values: readonly Value[];
}

async function runOperator(one: Case): Promise<Seen[][]> {
  const { type, preceding } = one.frame;
  const config = {
    partitionBy: one.partitionBy,
    frame: { type, preceding: type === 'range' && preceding !== null ? printDuration(preceding) : preceding },
    aggregates: one.aggregates.map((aggregate) => aggregate.config),
  };
  const start = (parallelism: number, backend: HarnessBackend, restoreFrom: readonly HarnessSnapshot[]) =>
    Promise.all(
      Array.from({ length: parallelism }, (_, subtask) =>
        createHarness({
          spec: overSpec,
          create: createOver,
          config,
          inputs: [INPUT],
          subtask,
          parallelism,
          backend,
          restoreFrom,
        }),
      ),
    );
  let subtasks = await start(1, one.backend, []);
  const seen: Seen[][] = [];
  for (const step of one.steps) {
    const before = subtasks.map((harness) => harness.events.length);
    if ('watermark' in step) {
      for (const harness of subtasks) harness.watermark(step.watermark);
    } else if ('rows' in step) {
      deal(one, step.rows, subtasks.length).forEach((rows, i) => {
        if (rows.length > 0) subtasks[i]!.push(0, batchFrom(rows));
      });
    } else {
      const snapshots = subtasks.map((harness) => harness.snapshot(1));
      subtasks.forEach((harness) => harness.close());
      subtasks = await start(one.partitionBy.length === 0 ? 1 : step.restoreAt, step.backend, snapshots);
      seen.push([]);
      continue;
    }
    const events = subtasks.map((harness, i) =>
      harness.events
        .slice(before[i]!)
        .flatMap((event) =>
          event.type === 'row' ? [{ port: event.port, eventTime: event.row.eventTime!, values: event.row.values }] : [],
        ),
    );
    for (const own of events) expectInOrder(own.filter(({ port }) => port === 'out'));
    seen.push(events.flat());
  }
  subtasks.forEach((harness) => harness.close());
  return seen;
}

function expectInOrder(rows: readonly Seen[]): void {
  const times = rows.map((row) => row.eventTime);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
}

function batchFrom(rows: readonly Row[]) {
  return batchOf(
    INPUT.schema,
    rows.map((row) => row.values),
    rows.map((row) => row.eventTime),
  );
}

function deal({ partitionBy }: Case, rows: readonly Row[], parallelism: number): Row[][] {
  const { columns } = batchFrom(rows);
  const hashes = new Int32Array(rows.length);
  hashRows(
    partitionBy.map((name) => columns[indexOf(name)]!),
    rows.length,
    hashes,
  );
  const dealt = Array.from({ length: parallelism }, (): Row[] => []);
  rows.forEach((row, i) => dealt[subtaskOfKeyGroup(keyGroupOf(hashes[i]!), parallelism)]!.push(row));
  return dealt;
}

function runReference({ frame, partitionBy, aggregates, steps }: Case): Seen[][] {
  const reference = new ReferenceOver(
    frame,
    partitionBy.map(indexOf),
    aggregates.map((one) => one.reference),
  );
  return steps.map((step) => {
    if ('restoreAt' in step) return [];
    if ('watermark' in step) return reference.watermark(step.watermark).map((row) => ({ port: 'out', ...row }));
    return step.rows.flatMap(({ values, eventTime }) =>
      reference.row(values, eventTime) ? [] : [{ port: 'late', values, eventTime }],
    );
  });
}

/** By partition, each partition's rows in order; numbers to nine digits, since the order of adding may differ. */
function printed({ partitionBy }: Case, seen: readonly Seen[]): Record<string, string[]> {
  const partitions: Record<string, string[]> = {};
  for (const { port, eventTime, values } of seen) {
    const key = partitionBy.map((name) => print(values[indexOf(name)])).join(' | ');
    (partitions[key] ??= []).push(`${port} ${eventTime} ${values.map(print).join(' | ')}`);
  }
  return partitions;
}

function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(print).join()}]`;
  if (typeof value === 'number') return String(Number(value.toPrecision(10)) + 0);
  if (value instanceof Uint8Array) return `bytes(${[...value].join()})`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

async function agree(one: Case): Promise<void> {
  const seen = await runOperator(one);
  expect(seen.map((step) => printed(one, step))).toEqual(runReference(one).map((step) => printed(one, step)));
}

const names = Object.keys(aggregateFunctions) as AggregateName[];

describe('over agrees with its oracle', () => {
  it('on which rows are in which frames, and when they come out', async () => {
    const listed = fc.tuple(anyAggregate('COUNT', 0), anyAggregate('COLLECT', 1));
    await fc.assert(fc.asyncProperty(anyCase(listed), agree), propertyRuns(150));
  });

  it.each(names)('on %s', async (fn) => {
    const two = fc.tuple(anyAggregate(fn, 0), anyAggregate(fn, 1));
    await fc.assert(fc.asyncProperty(anyCase(two), agree), propertyRuns(25));
  });

  describe('in RocksDB with hardly a cache', () => {
    const rocksDb = new RocksDbFixture(0);
    afterAll(() => rocksDb.close());

    it('as in memory', async () => {
      const listed = fc.tuple(anyAggregate('COUNT', 0), anyAggregate('COLLECT', 1));
      const backend: HarnessBackend = (options) => rocksDb.backend(options);
      const property = fc.asyncProperty(anyCase(listed), async (one) => {
        const steps = one.steps.map((step) => ('restoreAt' in step ? { ...step, backend } : step));
        await agree({ ...one, backend, steps });
        rocksDb.closeBackends();
      });
      await fc.assert(property, propertyRuns(25));
    });
  });
});
