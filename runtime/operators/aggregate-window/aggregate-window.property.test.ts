/** The operator against its oracle, step by step: random streams, all window kinds, all aggregates, crashes at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { batchOf } from '../../core/batch.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup } from '../../core/hash.ts';
import { printDuration } from '../../core/time.ts';
import type { DataType, Value } from '../../core/types.ts';
import { RocksDbFixture } from '../../engine/state/rocksdb/rocksdb-fixture.ts';
import { anyRow } from '../../testing/arbitraries.ts';
import { shape } from '../../testing/builders.ts';
import { createHarness, type HarnessBackend, type OperatorHarness } from '../../testing/operator-harness.ts';
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

interface Row {
  readonly values: readonly Value[];
  readonly eventTime: number;
}

type Step =
  | { readonly rows: readonly Row[] }
  | { readonly watermark: number }
  | { readonly restoreAt: number; readonly backend: HarnessBackend };

interface Case {
  readonly window: ReferenceWindow;
  readonly lateness: number;
  readonly groupBy: readonly string[];
  readonly aggregates: readonly Aggregate[];
  /** At first. */
  readonly backend: HarnessBackend;
  readonly steps: readonly Step[];
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

const inMemory = fc.constantFrom<HarnessBackend>('memory', 'moving');

/** Event times drift forward, so that rows are in time, late but allowed, and late. */
function anySteps(maxRows: number, backend: Arbitrary<HarnessBackend>): Arbitrary<readonly Step[]> {
  const row = fc.record({
    values: anyRow(INPUT.schema),
    k: fc.constantFrom('x', 'y', null),
    j: fc.constantFrom(1, 2),
    behind: fc.nat(40),
  });
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ rows: fc.array(row, { minLength: 1, maxLength: maxRows }) }) },
    { weight: 4, arbitrary: fc.record({ ahead: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ restoreAt: fc.integer({ min: 1, max: 3 }), backend }) },
  );
  return fc.array(step, { maxLength: 14 }).map((steps) => {
    let now = -20;
    let watermark = -Infinity;
    const out = steps.map((one): Step => {
      if ('restoreAt' in one) return one;
      if ('rows' in one) {
        now += 8;
        return {
          rows: one.rows.map(({ values, k, j, behind }) => {
            const eventTime = now - behind;
            return { eventTime, values: values.with(0, k).with(1, j).with(TIME, eventTime) };
          }),
        };
      }
      watermark = Math.max(watermark, now - 20 + one.ahead);
      return { watermark };
    });
    return [...out, { watermark: Infinity }];
  });
}

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
    backend,
    steps: anySteps(maxRows, backend),
  });
}

/** What left at one step, on both ports, in an order of its own. */
type Seen = readonly { readonly port: string; readonly eventTime: number; readonly values: readonly unknown[] }[];

async function runOperator(one: Case): Promise<Seen[]> {
  let subtasks = await start(one, 1, one.backend, []);
  const seen: Seen[] = [];
  for (const step of one.steps) {
    const before = subtasks.map((harness) => harness.events.length);
    if ('watermark' in step) {
      for (const harness of subtasks) harness.watermark(step.watermark);
    } else if ('rows' in step) {
      deal(one, step.rows, subtasks.length).forEach((rows, i) => push(subtasks[i]!, rows));
    } else {
      const snapshots = subtasks.map((harness) => harness.snapshot(1));
      subtasks.forEach((harness) => harness.close());
      subtasks = await start(one, one.groupBy.length === 0 ? 1 : step.restoreAt, step.backend, snapshots);
      seen.push([]);
      continue;
    }
    seen.push(
      subtasks.flatMap((harness, i) =>
        harness.events
          .slice(before[i]!)
          .flatMap((event) =>
            event.type === 'row'
              ? [{ port: event.port, eventTime: event.row.eventTime!, values: event.row.values }]
              : [],
          ),
      ),
    );
  }
  return seen;
}

function start(
  one: Case,
  parallelism: number,
  backend: HarnessBackend,
  restoreFrom: Parameters<typeof createHarness>[0]['restoreFrom'],
): Promise<OperatorHarness[]> {
  return Promise.all(
    Array.from({ length: parallelism }, (_, subtask) =>
      createHarness({
        spec: aggregateWindowSpec,
        create: createAggregateWindow,
        config: configOf(one),
        inputs: [INPUT],
        subtask,
        parallelism,
        backend,
        restoreFrom: restoreFrom ?? [],
      }),
    ),
  );
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

function push(harness: OperatorHarness, rows: readonly Row[]): void {
  if (rows.length > 0)
    harness.push(
      0,
      batchOf(
        INPUT.schema,
        rows.map((row) => row.values),
        rows.map((row) => row.eventTime),
      ),
    );
}

function deal({ groupBy }: Case, rows: readonly Row[], parallelism: number): Row[][] {
  const batch = batchOf(
    INPUT.schema,
    rows.map((row) => row.values),
  );
  const hashes = new Int32Array(rows.length);
  hashRows(
    groupBy.map((name) => batch.columns[FIELDS.findIndex((f) => f.name === name)]!),
    rows.length,
    hashes,
  );
  const dealt = Array.from({ length: parallelism }, (): Row[] => []);
  rows.forEach((row, i) => dealt[subtaskOfKeyGroup(keyGroupOf(hashes[i]!), parallelism)]!.push(row));
  return dealt;
}

function runReference({ window, lateness, groupBy, aggregates, steps }: Case): Seen[] {
  const keys = groupBy.map((name) => FIELDS.findIndex((f) => f.name === name));
  const reference = new ReferenceWindowAggregate(
    window,
    keys,
    aggregates.map((one) => one.reference),
    lateness,
  );
  return steps.map((step) => {
    if ('restoreAt' in step) return [];
    if ('watermark' in step) return reference.watermark(step.watermark).map((result) => ({ port: 'out', ...result }));
    return step.rows.flatMap(({ values, eventTime }) => {
      const { results, late } = reference.row(values, eventTime);
      return [
        ...results.map((result) => ({ port: 'out', ...result })),
        ...late.map((row) => ({ port: 'late', values: row, eventTime })),
      ];
    });
  });
}

/** As text, sorted; numbers to ten digits (an INT has no more), since the order of adding differs. */
function printed(seen: Seen): string[] {
  return seen.map(({ port, eventTime, values }) => `${port} ${eventTime} ${values.map(print).join(' | ')}`).sort();
}

function print(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(print).join()}]`;
  if (typeof value === 'number') return String(Number(value.toPrecision(10)) + 0);
  if (value instanceof Uint8Array) return `bytes(${[...value].join()})`;
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

async function agree(one: Case): Promise<void> {
  const seen = await runOperator(one);
  expect(seen.map(printed)).toEqual(runReference(one).map(printed));
}

const names = Object.keys(aggregateFunctions) as (keyof typeof aggregateFunctions)[];

describe('aggregate.window agrees with its oracle', () => {
  it('on which rows are in which windows, and when they fire', async () => {
    const listed = fc.tuple(anyAggregate('COUNT', 0), anyAggregate('COLLECT', 1));
    await fc.assert(fc.asyncProperty(anyCase(listed, 12), agree), { numRuns: 250 });
  });

  it.each(names)('on %s', async (fn) => {
    await fc.assert(fc.asyncProperty(anyCase(fc.tuple(anyAggregate(fn, 0), anyAggregate(fn, 1)), 8), agree), {
      numRuns: 40,
    });
  });

  it('on several aggregates at once', async () => {
    const several = fc
      .array(fc.constantFrom(...names), { maxLength: 5 })
      .chain((chosen) => fc.tuple(...chosen.map(anyAggregate)));
    await fc.assert(fc.asyncProperty(anyCase(several, 8), agree), { numRuns: 60 });
  });

  describe('in RocksDB with hardly a cache, now and then moved to memory', () => {
    const rocksDb = new RocksDbFixture(0);
    afterAll(() => rocksDb.close());

    it('as in memory alone', async () => {
      const listed = fc.tuple(anyAggregate('COUNT', 0), anyAggregate('COLLECT', 1));
      const backend = fc.constantFrom<HarnessBackend>((options) => rocksDb.backend(options), 'moving');
      const property = fc.asyncProperty(anyCase(listed, 12, backend), async (one) => {
        await agree(one);
        rocksDb.closeBackends();
      });
      await fc.assert(property, { numRuns: 40 });
    });
  });
});
