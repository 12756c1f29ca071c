/** The operator against its oracle, step by step: random streams, with updates, out of order and late, restored at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DELETE, UPDATE_BEFORE } from '../../core/batch.ts';
import type { Value } from '../../core/types.ts';
import { anyRow } from '../../testing/arbitraries.ts';
import { shape } from '../../testing/builders.ts';
import type { HarnessBackend } from '../../testing/operator-harness.ts';
import {
  anyOracleTrial,
  describeInRocksDb,
  inMemory,
  isAlone,
  printed,
  runOperator,
  runOracle,
  type OracleTrial,
  type Seen,
} from '../../testing/oracle-trials.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { ReferenceTopn } from '../../testing/reference/topn.ts';
import { createTopn } from './runtime.ts';
import { topnSpec } from './spec.ts';

const FIELDS =
  'k STRING, v INT, l BIGINT, window_start TIMESTAMP, window_end TIMESTAMP, s STRING, d DOUBLE, a ARRAY<INT>';
const WINDOW_MS = 10;
const [V, L, END] = [1, 2, 4];

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
  readonly hasUpdates: boolean;
  readonly trial: OracleTrial;
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

function anyCase(backend: Arbitrary<HarnessBackend>): Arbitrary<Case> {
  return fc.boolean().chain((hasUpdates) =>
    fc.record({
      order: fc.constantFrom(...ORDERS),
      isKeyed: fc.boolean(),
      n: fc.constantFrom(1, 2, 3, 7),
      hasRank: fc.boolean(),
      perWindow: fc.boolean(),
      hasUpdates: fc.constant(hasUpdates),
      trial: anyOracleTrial({
        backend,
        hasUpdates: [hasUpdates],
        row: fc.record({
          values: anyRow(shape(FIELDS).schema),
          k: fc.constantFrom('x', 'y', null),
          v: fc.constantFrom(1, 2, 3, null),
          l: fc.constantFrom(1n, 2n, 3n, null),
        }),
        values: ({ values, k, v, l }, eventTime) => {
          const start = Math.floor(eventTime / WINDOW_MS) * WINDOW_MS;
          return values
            .with(0, k)
            .with(V, v)
            .with(L, l)
            .with(3, start)
            .with(END, start + WINDOW_MS);
        },
      }),
    }),
  );
}

function runReference({ order, isKeyed, n, hasRank, perWindow, trial }: Case): Seen {
  const reference = new ReferenceTopn({
    n,
    hasRank,
    windowEnd: perWindow ? END : null,
    keyOf: ({ values }) => `${isKeyed ? String(values[0]) : ''} ${perWindow ? String(values[END]) : ''}`,
    compare: order.compare,
  });
  return runOracle(
    {
      row: ({ values, eventTime, kind }) =>
        reference.row({ values, eventTime }, kind === DELETE || kind === UPDATE_BEFORE),
      watermark: (watermark) => reference.watermark(watermark),
    },
    trial,
  );
}

async function agree(one: Case): Promise<void> {
  const { order, isKeyed, n, hasRank, perWindow, hasUpdates, trial } = one;
  const seen = await runOperator(
    {
      spec: topnSpec,
      create: createTopn,
      config: {
        partitionBy: isKeyed ? ['k'] : [],
        orderBy: order.config,
        n,
        rank: hasRank ? 'rn' : null,
        perWindow,
      },
      inputs: [shape(FIELDS, { eventTime: true, changelog: hasUpdates ? 'update' : 'append' })],
    },
    trial,
  );
  const isOrdered = isAlone(trial) && !perWindow;
  expect(printed(seen, { isOrdered })).toEqual(printed(runReference(one), { isOrdered }));
}

describe('topn agrees with its oracle', () => {
  it('in memory', async () => {
    await fc.assert(fc.asyncProperty(anyCase(inMemory), agree), propertyRuns(300));
  });

  describeInRocksDb(anyCase, agree, 30);
});
