/** Joins of two whole streams. Null where the result depends on the interleaving: rows may be late, or two versions are of one time. */
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { Value } from '../../core/types.ts';
import { checkExpression, evaluate } from '../../expression/index.ts';
import type { JoinIntervalConfig } from '../../operators/join-interval/spec.ts';
import type { JoinTemporalConfig } from '../../operators/join-temporal/spec.ts';
import type { JoinWindowConfig } from '../../operators/join-window/spec.ts';
import { keepsLeft, keepsRight, type JoinConfig } from '../../operators/shared/joins/config.ts';
import { joinScope } from '../../operators/shared/joins/infer.ts';
import {
  ReferenceIntervalJoin,
  ReferenceStreamJoin,
  ReferenceTemporalJoin,
  ReferenceWindowJoin,
  type JoinResult,
  type JoinRow,
  type ReferenceJoinOptions,
  type Side,
} from './joins.ts';
import { PURE } from './row-operators.ts';
import { clockOfAll, isTimely, rowsOf, type ReferenceRow, type ReferenceStream } from './streams.ts';
import { windowsOf } from './window-aggregate.ts';

/** What goes into a join, and the schema that leaves it. */
export interface JoinedStreams {
  readonly left: ReferenceStream;
  readonly right: ReferenceStream;
  readonly out: Schema;
  readonly late: Schema;
}

/** Null when it cannot be known. */
export interface ReferenceJoined {
  readonly out: ReferenceStream | null;
  readonly late: ReferenceStream | null;
}

const UNKNOWN: ReferenceJoined = { out: null, late: null };

export function joinIntervals(streams: JoinedStreams, config: JoinIntervalConfig): ReferenceJoined {
  const options = optionsOf(config, streams);
  return joinInTime(streams, new ReferenceIntervalJoin(config.lowerBound, config.upperBound, options));
}

export function joinWindows(streams: JoinedStreams, config: JoinWindowConfig): ReferenceJoined {
  const of = (time: number): [number, number][] => windowsOf(config.window, time);
  return joinInTime(streams, new ReferenceWindowJoin(of, optionsOf(config, streams)));
}

export function joinVersions(streams: JoinedStreams, config: JoinTemporalConfig): ReferenceJoined {
  const keys = config.on.map((pair) => fieldIndex(streams.right.schema, pair.right));
  const times = rowsOf(streams.right).map((row) =>
    [...keys.map((key) => String(row.values[key])), row.eventTime].join(' | '),
  );
  if (new Set(times).size < times.length) return UNKNOWN;
  const reference = new ReferenceTemporalJoin(optionsOf(config, streams));
  return joinInTime(streams, {
    row(side, values, time) {
      if (side === 'left') return reference.left(values, time);
      reference.right(values, time, false);
      return [];
    },
    watermark: (watermark) => reference.watermark(watermark),
  });
}

/** Of streams without updates, an inner join: all pairs that match, whenever they come. */
export function joinAll({ left, right, out }: Omit<JoinedStreams, 'late'>, config: JoinConfig): ReferenceStream {
  const reference = new ReferenceStreamJoin(optionsOf(config, { left, right }));
  const rowsOfSide = (side: Side, stream: ReferenceStream): readonly JoinRow[] =>
    rowsOf(stream).map(({ values }) => ({ side, values, time: NaN, isDone: false }));
  const rows = [...rowsOfSide('left', left), ...rowsOfSide('right', right)];
  return {
    schema: out,
    events: reference.result(rows).map((values) => ({ type: 'row', values, eventTime: NaN })),
    isOrdered: false,
    clock: 'unknown',
  };
}

interface TimedJoin {
  row(side: Side, values: readonly Value[], time: number): readonly JoinResult[];
  watermark(watermark: number): readonly JoinResult[];
}

/** No row is late, so when the watermarks come changes nothing. */
function joinInTime({ left, right, out, late }: JoinedStreams, join: TimedJoin): ReferenceJoined {
  if (!isTimely(left) || !isTimely(right)) return UNKNOWN;
  const rowResults = (side: Side, stream: ReferenceStream): readonly JoinResult[] =>
    rowsOf(stream).flatMap(({ values, eventTime }) => join.row(side, values, eventTime));
  const results = [...rowResults('left', left), ...rowResults('right', right), ...join.watermark(Infinity)];
  const events = results.map(({ values, eventTime }): ReferenceRow => ({ type: 'row', values, eventTime }));
  const clock = clockOfAll([left, right]);
  return {
    out: { schema: out, events, isOrdered: false, clock },
    late: { schema: late, events: [], isOrdered: false, clock },
  };
}

function optionsOf(
  { on, kind, condition }: JoinConfig,
  { left, right }: Pick<JoinedStreams, 'left' | 'right'>,
): ReferenceJoinOptions {
  const expression =
    condition === null ? null : checkExpression(condition, joinScope(left.schema, right.schema)).expression!;
  return {
    on: on.map((pair) => ({ left: fieldIndex(left.schema, pair.left), right: fieldIndex(right.schema, pair.right) })),
    keeps: [...(keepsLeft(kind) ? (['left'] as const) : []), ...(keepsRight(kind) ? (['right'] as const) : [])],
    condition: (ofLeft, ofRight) => expression === null || evaluate(expression, [...ofLeft, ...ofRight], PURE) === true,
    width: { left: left.schema.fields.length, right: right.schema.fields.length },
  };
}
