/** The operator against its oracle, step by step: random streams, out of order and late, with restores at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { batchOf, CHANGE_SIGNS } from '../../core/batch.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup } from '../../core/hash.ts';
import { RocksDbFixture } from '../../engine/state/rocksdb/rocksdb-fixture.ts';
import { anyRow } from '../../testing/arbitraries.ts';
import { shape } from '../../testing/builders.ts';
import {
  createHarness,
  type HarnessBackend,
  type HarnessSnapshot,
  type OperatorHarness,
} from '../../testing/operator-harness.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import {
  ReferenceDedup,
  type ReferenceChange,
  type ReferenceDedupConfig,
  type ReferenceRow,
} from '../../testing/reference/dedup.ts';
import { createDedup } from './runtime.ts';
import { dedupSpec } from './spec.ts';

const INPUT = shape('k STRING, j INT, s STRING, m DECIMAL(38, 2), d DOUBLE, a ARRAY<INT>, b BOOLEAN', {
  eventTime: true,
});
const FIELDS = INPUT.schema.fields;

type Step =
  | { readonly rows: readonly ReferenceRow[] }
  | { readonly watermark: number }
  | { readonly restoreAt: number; readonly backend: HarnessBackend };

interface Case {
  readonly config: ReferenceDedupConfig;
  readonly keys: readonly string[];
  readonly backend: HarnessBackend;
  readonly steps: readonly Step[];
}

const anyConfig: Arbitrary<ReferenceDedupConfig> = fc.record({
  keep: fc.constantFrom('first', 'last'),
  time: fc.constantFrom('processing', 'event'),
});

function anySteps(backend: Arbitrary<HarnessBackend>): Arbitrary<readonly Step[]> {
  const row = fc.record({
    values: anyRow(INPUT.schema),
    k: fc.constantFrom('x', 'y', 'z', null),
    j: fc.constantFrom(1, 2, null),
    behind: fc.nat(30),
  });
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 10 }) }) },
    { weight: 4, arbitrary: fc.record({ ahead: fc.nat(20) }) },
    { weight: 2, arbitrary: fc.record({ restoreAt: fc.integer({ min: 1, max: 3 }), backend }) },
  );
  return fc.array(step, { maxLength: 14 }).map((steps) => {
    let now = 0;
    let watermark = -Infinity;
    const out = steps.map((one): Step => {
      if ('restoreAt' in one) return one;
      if ('ahead' in one) {
        watermark = Math.max(watermark, now - 20 + one.ahead);
        return { watermark };
      }
      now += 8;
      return {
        rows: one.rows.map(({ values, k, j, behind }) => ({
          values: values.with(0, k).with(1, j),
          eventTime: now - behind,
        })),
      };
    });
    return [...out, { watermark: Infinity }];
  });
}

function anyCase(backend: Arbitrary<HarnessBackend>): Arbitrary<Case> {
  return fc.record({
    config: anyConfig,
    keys: fc.constantFrom(['k'], ['j'], ['k', 'j'], ['j', 'b', 'k']),
    backend,
    steps: anySteps(backend),
  });
}

interface Seen {
  /** By step. Of one subtask in order, but for rows that pass at one instant. */
  readonly steps: readonly (readonly string[])[];
  readonly lateRows: number;
}

async function runOperator({ config, keys, backend, steps }: Case): Promise<Seen> {
  const start = (parallelism: number, on: HarnessBackend, restoreFrom: readonly HarnessSnapshot[]) =>
    Promise.all(
      Array.from({ length: parallelism }, (_, subtask) =>
        createHarness({
          spec: dedupSpec,
          create: createDedup,
          config: { keys, ...config },
          inputs: [INPUT],
          subtask,
          parallelism,
          backend: on,
          restoreFrom,
        }),
      ),
    );
  let subtasks = await start(1, backend, []);
  const seen: string[][] = [];
  let lateRows = 0;
  for (const step of steps) {
    const before = subtasks.map((harness) => harness.output().length);
    if ('restoreAt' in step) {
      const snapshots = subtasks.map((harness) => harness.snapshot(1));
      for (const harness of subtasks) {
        lateRows += harness.lateRows;
        harness.close();
      }
      subtasks = await start(step.restoreAt, step.backend, snapshots);
      seen.push([]);
      continue;
    }
    if ('rows' in step) {
      deal(keys, step.rows, subtasks.length).forEach((rows, i) => push(subtasks[i]!, rows));
    } else {
      for (const harness of subtasks) harness.watermark(step.watermark);
    }
    seen.push(
      subtasks.flatMap((harness, i) =>
        harness
          .output()
          .slice(before[i])
          .map(({ kind, values, eventTime }) => print({ kind, row: { values, eventTime: eventTime! } })),
      ),
    );
  }
  for (const harness of subtasks) {
    lateRows += harness.lateRows;
    harness.close();
  }
  return { steps: seen, lateRows };
}

function push(harness: OperatorHarness, rows: readonly ReferenceRow[]): void {
  if (rows.length > 0) harness.push(0, toBatch(rows));
}

function toBatch(rows: readonly ReferenceRow[]) {
  return batchOf(
    INPUT.schema,
    rows.map((row) => row.values),
    rows.map((row) => row.eventTime),
  );
}

function deal(keys: readonly string[], rows: readonly ReferenceRow[], parallelism: number): ReferenceRow[][] {
  const batch = toBatch(rows);
  const hashes = new Int32Array(rows.length);
  const columns = keys.map((name) => batch.columns[FIELDS.findIndex((f) => f.name === name)]!);
  hashRows(columns, rows.length, hashes);
  const dealt = Array.from({ length: parallelism }, (): ReferenceRow[] => []);
  rows.forEach((row, i) => dealt[subtaskOfKeyGroup(keyGroupOf(hashes[i]!), parallelism)]!.push(row));
  return dealt;
}

function runReference({ config, keys, steps }: Case): Seen {
  const indices = keys.map((name) => FIELDS.findIndex((f) => f.name === name));
  const reference = new ReferenceDedup(config, (row) => indices.map((i) => String(row.values[i])).join(' '));
  let lateRows = 0;
  const seen = steps.map((step) => {
    if ('restoreAt' in step) return [];
    if ('watermark' in step) return reference.watermark(step.watermark).map(print);
    return step.rows.flatMap((row) => {
      const changes = reference.row(row);
      if (changes === null) lateRows++;
      return (changes ?? []).map(print);
    });
  });
  return { steps: seen, lateRows };
}

function print({ kind, row: { values, eventTime } }: ReferenceChange): string {
  return `${CHANGE_SIGNS[kind]} @${eventTime} ${values.map((value) => (Object.is(value, -0) ? '-0' : String(value))).join(' | ')}`;
}

async function agree(one: Case): Promise<void> {
  const [seen, expected] = [await runOperator(one), runReference(one)];
  const isAlone = one.steps.every((step) => !('restoreAt' in step) || step.restoreAt === 1);
  const waits = one.config.keep === 'first' && one.config.time === 'event';
  const arrange = ({ steps, lateRows }: Seen) => ({
    lateRows,
    steps: isAlone && !waits ? steps : steps.map((lines) => [...lines].sort()),
  });
  expect(arrange(seen)).toEqual(arrange(expected));
}

describe('dedup agrees with its oracle', () => {
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
