/** Random streams into a join's two inputs, step by step against its oracle, with crashes and restores at any place. */
import fc, { type Arbitrary } from 'fast-check';
import { batchOf } from '../core/batch.ts';
import { hashRows, keyGroupOf, subtaskOfKeyGroup } from '../core/hash.ts';
import type { OperatorFactory, OperatorSpec } from '../core/operator.ts';
import type { Value } from '../core/types.ts';
import { shape } from './builders.ts';
import { createHarness, type HarnessBackend, type OperatorHarness } from './operator-harness.ts';
import type { JoinResult, Side } from './reference/joins.ts';

const SIDES = ['left', 'right'] as const;
export const JOIN_INPUTS = [
  shape('k STRING, j INT, l INT, ts TIMESTAMP', { eventTime: true }),
  shape('ts TIMESTAMP, k STRING, j INT, r INT', { eventTime: true }),
] as const;

interface Row {
  readonly values: readonly Value[];
  readonly eventTime: number;
}

export type JoinStep =
  | { readonly side: Side; readonly rows: readonly Row[] }
  | { readonly watermark: number }
  | { readonly restoreAt: number; readonly backend: HarnessBackend };

/** By name and by position; NULL keys and equal rows come up. */
export const JOIN_KEYS = [
  { config: [{ left: 'k', right: 'k' }], positions: [{ left: 0, right: 1 }] },
  {
    config: [
      { left: 'k', right: 'k' },
      { left: 'j', right: 'j' },
    ],
    positions: [
      { left: 0, right: 1 },
      { left: 1, right: 2 },
    ],
  },
] as const;

export const JOIN_KINDS = [
  { kind: 'inner', keeps: [] },
  { kind: 'left', keeps: ['left'] },
  { kind: 'right', keeps: ['right'] },
  { kind: 'full', keeps: ['left', 'right'] },
] as const satisfies readonly { kind: string; keeps: readonly Side[] }[];

export const JOIN_CONDITIONS = [
  { text: null, holds: () => true },
  {
    text: 'l < r',
    holds: (left: readonly Value[], right: readonly Value[]) =>
      left[2]! !== null && right[3]! !== null && (left[2] as number) < (right[3] as number),
  },
  {
    text: 'left.j = right.j',
    holds: (left: readonly Value[], right: readonly Value[]) => left[1]! !== null && left[1] === right[2],
  },
] as const;

/** Event times drift forward; some are behind the watermark, some at it. */
export function anyJoinSteps(backend: Arbitrary<HarnessBackend>): Arbitrary<readonly JoinStep[]> {
  const row = fc.record({
    k: fc.constantFrom('x', 'x', 'y', null),
    j: fc.constantFrom(1, 2, null),
    n: fc.constantFrom(0, 1, 2, null),
    behind: fc.nat(40),
  });
  const step = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ side: fc.constantFrom(...SIDES), rows: fc.array(row, { minLength: 1, maxLength: 8 }) }),
    },
    { weight: 4, arbitrary: fc.record({ ahead: fc.nat(25) }) },
    { weight: 2, arbitrary: fc.record({ restoreAt: fc.integer({ min: 1, max: 3 }), backend }) },
  );
  return fc.array(step, { maxLength: 16, size: 'max' }).map((steps) => {
    let now = -20;
    let watermark = -Infinity;
    const out = steps.map((one): JoinStep => {
      if ('restoreAt' in one) return one;
      if ('rows' in one) {
        now += 6;
        const rows = one.rows.map(({ k, j, n, behind }) => {
          const eventTime = now - behind;
          return { eventTime, values: one.side === 'left' ? [k, j, n, eventTime] : [eventTime, k, j, n] };
        });
        return { side: one.side, rows };
      }
      // One that does not rise is not heard.
      watermark = Math.max(watermark + 1, now - 25 + one.ahead);
      return { watermark };
    });
    return [...out, { watermark: Infinity }];
  });
}

export interface JoinSubject<C> {
  readonly spec: OperatorSpec<C>;
  readonly create: OperatorFactory<C>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly backend: HarnessBackend;
  readonly steps: readonly JoinStep[];
}

/** What has left at each step, in an order of its own. */
export async function runJoin<C>(subject: JoinSubject<C>): Promise<string[][]> {
  let subtasks = await start(subject, 1, subject.backend, []);
  const seen: string[][] = [];
  for (const step of subject.steps) {
    const before = subtasks.map((harness) => harness.events.length);
    if ('watermark' in step) for (const harness of subtasks) harness.watermark(step.watermark);
    else if ('rows' in step) push(subject, step.side, step.rows, subtasks);
    else {
      const snapshots = subtasks.map((harness) => harness.snapshot(1));
      for (const harness of subtasks) harness.close();
      subtasks = await start(subject, step.restoreAt, step.backend, snapshots);
      seen.push([]);
      continue;
    }
    seen.push(
      subtasks
        .flatMap(({ events }, i) => events.slice(before[i]!))
        .flatMap((event) => (event.type === 'row' ? [print(event.port, event.row.eventTime!, event.row.values)] : []))
        .sort(),
    );
  }
  return seen;
}

/** The same of an oracle. */
export function runReference(
  steps: readonly JoinStep[],
  oracle: {
    row(side: Side, values: readonly Value[], time: number): readonly JoinResult[];
    watermark(watermark: number): readonly JoinResult[];
  },
): string[][] {
  return steps.map((step) => {
    if ('restoreAt' in step) return [];
    const results =
      'watermark' in step
        ? oracle.watermark(step.watermark)
        : step.rows.flatMap(({ values, eventTime }) => oracle.row(step.side, values, eventTime));
    return results.map(({ port, eventTime, values }) => print(port, eventTime, values)).sort();
  });
}

function print(port: string, eventTime: number, values: readonly Value[]): string {
  return `${port} ${eventTime} ${values.map(String).join(' | ')}`;
}

function start<C>(
  { spec, create, config }: JoinSubject<C>,
  parallelism: number,
  backend: HarnessBackend,
  restoreFrom: Parameters<typeof createHarness>[0]['restoreFrom'] & {},
): Promise<OperatorHarness[]> {
  return Promise.all(
    Array.from({ length: parallelism }, (_, subtask) =>
      createHarness({ spec, create, config, inputs: JOIN_INPUTS, subtask, parallelism, backend, restoreFrom }),
    ),
  );
}

function push<C>(
  { config }: JoinSubject<C>,
  side: Side,
  rows: readonly Row[],
  subtasks: readonly OperatorHarness[],
): void {
  const input = side === 'left' ? 0 : 1;
  const { schema } = JOIN_INPUTS[input];
  const names = (config.on as readonly Record<Side, string>[]).map((pair) => pair[side]);
  const all = batchOf(
    schema,
    rows.map((row) => row.values),
  );
  const hashes = new Int32Array(rows.length);
  hashRows(
    names.map((name) => all.columns[schema.fields.findIndex((f) => f.name === name)]!),
    rows.length,
    hashes,
  );
  subtasks.forEach((harness, subtask) => {
    const own = rows.filter((_, i) => subtaskOfKeyGroup(keyGroupOf(hashes[i]!), subtasks.length) === subtask);
    if (own.length === 0) return;
    harness.push(
      input,
      batchOf(
        schema,
        own.map((row) => row.values),
        own.map((row) => row.eventTime),
      ),
    );
  });
}
