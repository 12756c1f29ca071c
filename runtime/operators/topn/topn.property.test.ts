/** The operator against its oracle, step by step: random streams, with updates, out of order and late, restored at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import {
  BatchBuilder,
  CHANGE_SIGNS,
  DELETE,
  INSERT,
  UPDATE_AFTER,
  UPDATE_BEFORE,
  type Batch,
} from '../../core/batch.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup } from '../../core/hash.ts';
import type { Value } from '../../core/types.ts';
import { RocksDbFixture } from '../../engine/state/rocksdb/rocksdb-fixture.ts';
import { anyRow } from '../../testing/arbitraries.ts';
import { shape } from '../../testing/builders.ts';
import { createHarness, type HarnessBackend, type HarnessSnapshot } from '../../testing/operator-harness.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { ReferenceTopn, type ReferenceTopnChange, type ReferenceTopnRow } from '../../testing/reference/topn.ts';
import { createTopn } from './runtime.ts';
import { topnSpec } from './spec.ts';

const FIELDS =
  'k STRING, v INT, l BIGINT, window_start TIMESTAMP, window_end TIMESTAMP, s STRING, d DOUBLE, a ARRAY<INT>';
const WINDOW_MS = 10;
const [V, L, END] = [1, 2, 4];

type Row = ReferenceTopnRow & { readonly isTakenBack: boolean };

type Step =
  | { readonly rows: readonly Row[] }
  | { readonly watermark: number }
  | { readonly restoreAt: number; readonly backend: HarnessBackend };

interface Order {
  readonly config: readonly Record<string, unknown>[];
  readonly compare: (a: readonly Value[], b: readonly Value[]) => number;
}

interface Case {
  readonly order: Order;
  readonly isKeyed: boolean;
  readonly n: number;
  readonly hasRank: boolean;
  readonly perWindow: boolean;
  readonly backend: HarnessBackend;
  readonly hasUpdates: boolean;
  readonly steps: readonly Step[];
}

/** NULL as a number below or above all others. */
const orNull = (value: Value, ofNull: number): number => (value === null ? ofNull : Number(value));

const ORDERS: readonly Order[] = [
  { config: [{ expr: 'v' }], compare: (a, b) => orNull(a[V]!, -99) - orNull(b[V]!, -99) },
  { config: [{ expr: 'v', direction: 'desc' }], compare: (a, b) => orNull(b[V]!, -99) - orNull(a[V]!, -99) },
  {
    config: [
      { expr: 'v', direction: 'desc', nulls: 'first' },
      { expr: 'l', nulls: 'last' },
    ],
    compare: (a, b) => orNull(b[V]!, 99) - orNull(a[V]!, 99) || orNull(a[L]!, 99) - orNull(b[L]!, 99),
  },
  { config: [{ expr: '0 - l' }], compare: (a, b) => orNull(b[L]!, 99) - orNull(a[L]!, 99) },
];

function anySteps(backend: Arbitrary<HarnessBackend>, hasUpdates: boolean): Arbitrary<readonly Step[]> {
  const row = fc.record({
    values: anyRow(shape(FIELDS).schema),
    k: fc.constantFrom('x', 'y', null),
    v: fc.constantFrom(1, 2, 3, null),
    l: fc.constantFrom(1n, 2n, 3n, null),
    behind: fc.nat(30),
    /** Takes back one of the rows before, if it is there still. */
    takesBack: hasUpdates ? fc.option(fc.nat(12), { freq: 3 }) : fc.constant(null),
  });
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 10 }) }) },
    { weight: 3, arbitrary: fc.record({ ahead: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ restoreAt: fc.integer({ min: 1, max: 3 }), backend }) },
  );
  return fc.array(step, { maxLength: 14 }).map((steps) => {
    let now = 0;
    let watermark = -Infinity;
    const there: ReferenceTopnRow[] = [];
    const out = steps.map((one): Step => {
      if ('restoreAt' in one) return one;
      if ('ahead' in one) {
        watermark = Math.max(watermark, now - 20 + one.ahead);
        return { watermark };
      }
      now += 8;
      return {
        rows: one.rows.map(({ values, k, v, l, behind, takesBack }): Row => {
          if (takesBack !== null && takesBack < there.length) {
            return { ...there.splice(takesBack, 1)[0]!, isTakenBack: true };
          }
          const eventTime = now - behind;
          const start = Math.floor(eventTime / WINDOW_MS) * WINDOW_MS;
          const all = values
            .with(0, k)
            .with(V, v)
            .with(L, l)
            .with(3, start)
            .with(END, start + WINDOW_MS);
          there.push({ values: all, eventTime });
          return { values: all, eventTime, isTakenBack: false };
        }),
      };
    });
    return [...out, { watermark: Infinity }];
  });
}

function anyCase(backend: Arbitrary<HarnessBackend>): Arbitrary<Case> {
  return fc.boolean().chain((hasUpdates) =>
    fc.record({
      order: fc.constantFrom(...ORDERS),
      isKeyed: fc.boolean(),
      n: fc.constantFrom(1, 2, 3, 7),
      hasRank: fc.boolean(),
      perWindow: fc.boolean(),
      backend,
      hasUpdates: fc.constant(hasUpdates),
      steps: anySteps(backend, hasUpdates),
    }),
  );
}

interface Seen {
  readonly steps: readonly (readonly string[])[];
  readonly lateRows: number;
}

async function runOperator(one: Case): Promise<Seen> {
  const { order, isKeyed, n, hasRank, perWindow, hasUpdates } = one;
  const input = shape(FIELDS, { eventTime: true, changelog: hasUpdates ? 'update' : 'append' });
  const config = {
    partitionBy: isKeyed ? ['k'] : [],
    orderBy: order.config,
    n,
    rank: hasRank ? 'rn' : null,
    perWindow,
  };
  const start = (parallelism: number, backend: HarnessBackend, restoreFrom: readonly HarnessSnapshot[]) =>
    Promise.all(
      Array.from({ length: parallelism }, (_, subtask) =>
        createHarness({
          spec: topnSpec,
          create: createTopn,
          config,
          inputs: [input],
          subtask,
          parallelism,
          backend,
          restoreFrom,
        }),
      ),
    );
  let subtasks = await start(1, one.backend, []);
  const seen: string[][] = [];
  let lateRows = 0;
  const stop = () => {
    for (const harness of subtasks) {
      lateRows += harness.lateRows;
      harness.close();
    }
  };
  for (const step of one.steps) {
    const before = subtasks.map((harness) => harness.output().length);
    if ('restoreAt' in step) {
      const snapshots = subtasks.map((harness) => harness.snapshot(1));
      stop();
      subtasks = await start(isKeyed || perWindow ? step.restoreAt : 1, step.backend, snapshots);
      seen.push([]);
      continue;
    }
    if ('watermark' in step) for (const harness of subtasks) harness.watermark(step.watermark);
    else deal(one, step.rows, subtasks.length).forEach((batch, i) => subtasks[i]!.push(0, batch));
    seen.push(
      subtasks.flatMap((harness, i) =>
        harness
          .output()
          .slice(before[i])
          .map(({ kind, values, eventTime }) => print({ kind, values, eventTime: eventTime! })),
      ),
    );
  }
  stop();
  return { steps: seen, lateRows };
}

function deal({ isKeyed, perWindow }: Case, rows: readonly Row[], parallelism: number): readonly Batch[] {
  const { schema } = shape(FIELDS);
  const builderOf = () => new BatchBuilder(schema, rows.length);
  const all = builderOf();
  for (const { values } of rows) all.appendRow(values);
  const { columns } = all.finish();
  const hashes = new Int32Array(rows.length);
  const keys = [...(isKeyed ? [0] : []), ...(perWindow ? [3, END] : [])];
  hashRows(
    keys.map((i) => columns[i]!),
    rows.length,
    hashes,
  );
  const dealt = Array.from({ length: parallelism }, builderOf);
  rows.forEach(({ values, eventTime, isTakenBack }, i) => {
    const subtask = keys.length === 0 ? 0 : subtaskOfKeyGroup(keyGroupOf(hashes[i]!), parallelism);
    const [comes, goes] = i % 2 === 0 ? ([INSERT, DELETE] as const) : ([UPDATE_AFTER, UPDATE_BEFORE] as const);
    dealt[subtask]!.appendRow(values, eventTime, isTakenBack ? goes : comes);
  });
  return dealt.map((builder) => builder.finish());
}

function runReference({ order, isKeyed, n, hasRank, perWindow, steps }: Case): Seen {
  const reference = new ReferenceTopn({
    n,
    hasRank,
    windowEnd: perWindow ? END : null,
    keyOf: ({ values }) => `${isKeyed ? String(values[0]) : ''} ${perWindow ? String(values[END]) : ''}`,
    compare: order.compare,
  });
  let lateRows = 0;
  const seen = steps.map((step) => {
    if ('restoreAt' in step) return [];
    if ('watermark' in step) return reference.watermark(step.watermark).map(print);
    return step.rows.flatMap((row) => {
      const changes = reference.row(row, row.isTakenBack);
      if (changes === null) lateRows++;
      return (changes ?? []).map(print);
    });
  });
  return { steps: seen, lateRows };
}

function print({ kind, values, eventTime }: ReferenceTopnChange): string {
  return `${CHANGE_SIGNS[kind]} @${eventTime} ${values.map((value) => (Object.is(value, -0) ? '-0' : String(value))).join(' | ')}`;
}

async function agree(one: Case): Promise<void> {
  const [seen, expected] = [await runOperator(one), runReference(one)];
  const isAlone = one.steps.every((step) => !('restoreAt' in step) || step.restoreAt === 1);
  const arrange = ({ steps, lateRows }: Seen) => ({
    lateRows,
    steps: isAlone && !one.perWindow ? steps : steps.map((lines) => [...lines].sort()),
  });
  expect(arrange(seen)).toEqual(arrange(expected));
}

describe('topn agrees with its oracle', () => {
  it('in memory', async () => {
    const backend = fc.constantFrom<HarnessBackend>('memory', 'moving');
    await fc.assert(fc.asyncProperty(anyCase(backend), agree), propertyRuns(300));
  });

  describe('in RocksDB with hardly a cache, now and then moved to memory', () => {
    const rocksDb = new RocksDbFixture(0);
    afterAll(() => rocksDb.close());

    it('as in memory alone', async () => {
      const backend = fc.constantFrom<HarnessBackend>((options) => rocksDb.backend(options), 'moving');
      const property = fc.asyncProperty(anyCase(backend), async (one) => {
        await agree(one);
        rocksDb.closeBackends();
      });
      await fc.assert(property, propertyRuns(30));
    });
  });
});
