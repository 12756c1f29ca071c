/** Random streams into a join's two inputs, and what the joins of two streams are told. */
import fc, { type Arbitrary } from 'fast-check';
import type { StreamShape } from '../core/schema.ts';
import type { Value } from '../core/types.ts';
import { shape } from './builders.ts';
import type { HarnessBackend } from './operator-harness.ts';
import { anyOracleTrial, type Oracle, type OracleTrial } from './oracle-trials.ts';
import type { JoinResult, ReferenceJoinOptions, Side } from './reference/joins.ts';

const SIDES = ['left', 'right'] as const;
export const JOIN_INPUTS = [
  shape('k STRING, j INT, l INT, ts TIMESTAMP', { eventTime: true }),
  shape('ts TIMESTAMP, k STRING, j INT, r INT', { eventTime: true }),
] as const satisfies readonly StreamShape[];
/** Where `ts` is. */
export const JOIN_TIME_AT = [3, 0] as const;

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

/** How a join is set up, as its config and as its oracle are told. */
export interface JoinSetup {
  readonly keys: (typeof JOIN_KEYS)[number];
  readonly kind: (typeof JOIN_KINDS)[number];
  readonly condition: (typeof JOIN_CONDITIONS)[number];
}

export const anyJoinSetup: Arbitrary<JoinSetup> = fc.record({
  keys: fc.constantFrom(...JOIN_KEYS),
  kind: fc.constantFrom(...JOIN_KINDS),
  condition: fc.constantFrom(...JOIN_CONDITIONS),
});

export function joinConfig({ keys, kind, condition }: JoinSetup): Readonly<Record<string, unknown>> {
  return { on: keys.config, kind: kind.kind, condition: condition.text };
}

export function referenceOptions({ keys, kind, condition }: JoinSetup): ReferenceJoinOptions {
  return {
    on: keys.positions,
    keeps: kind.keeps,
    condition: condition.holds,
    width: { left: JOIN_INPUTS[0].schema.fields.length, right: JOIN_INPUTS[1].schema.fields.length },
  };
}

/** `hasUpdates`: whether an input takes rows back. */
export function anyJoinTrial(
  backend: Arbitrary<HarnessBackend>,
  hasUpdates: readonly [boolean, boolean] = [false, false],
): Arbitrary<OracleTrial> {
  return anyOracleTrial({
    backend,
    inputs: 2,
    hasUpdates,
    row: fc.record({
      k: fc.constantFrom('x', 'x', 'y', null),
      j: fc.constantFrom(1, 2, null),
      n: fc.constantFrom(0, 1, 2, null),
    }),
    values: ({ k, j, n }, eventTime, input) => (input === 0 ? [k, j, n, eventTime] : [eventTime, k, j, n]),
    drift: { start: -20, step: 6, behind: 40, lag: 25 },
    maxRows: 8,
    maxSteps: 16,
  });
}

/** A reference join of streams without updates. */
export function joinOracle(reference: {
  row(side: Side, values: readonly Value[], time: number): readonly JoinResult[];
  watermark(watermark: number): readonly JoinResult[];
}): Oracle {
  return {
    row: ({ values, eventTime }, input) => reference.row(SIDES[input]!, values, eventTime),
    watermark: (watermark) => reference.watermark(watermark),
  };
}
