import { UNKNOWN_STREAM, type Exporter } from '../../core/exporter.ts';
import { joinQuery, LEFT, plainTable, RIGHT, shifted, sidesOf, timeOfSide } from '../shared/flink-sql/joins.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { withoutTime } from '../shared/flink-sql/select.ts';
import type { JoinIntervalConfig } from './spec.ts';
import { sparkJoin, sparkSides } from '../shared/spark/joins.ts';
import { LATE_ROWS, untimed } from '../shared/spark/remarks.ts';
import { names } from '../shared/storm/java.ts';
import { joinArgs, joinMembers } from '../shared/storm/joins.ts';
import { milliseconds } from '../shared/storm/windows.ts';

export const joinIntervalExport: Exporter<JoinIntervalConfig> = {
  facts(config, inputs, output, dialect) {
    const side = laterSide(config);
    return side === null ? UNKNOWN_STREAM : timeOfSide(side, inputs, output, dialect);
  },
  readsTime: () => true,
  flink(config, inputs, output) {
    const sides = sidesOf(inputs);
    const { left, right } = sides;
    if (left.time === null) return withoutTime(left);
    if (right.time === null) return withoutTime(right);
    const from = `${LEFT}.${sqlName(left.time)}`;
    const bounds = [config.lowerBound, config.upperBound].map((ms) => shifted(from, ms, left.dialect));
    const later = laterSide(config);
    return joinQuery(config, sides, {
      left: plainTable(left, LEFT),
      right: plainTable(right, RIGHT),
      bounds: [`${RIGHT}.${sqlName(right.time)} BETWEEN ${bounds.join(' AND ')}`],
      ...(later === null ? {} : { timed: { side: later, output } }),
    });
  },
  spark(config, inputs, output) {
    const sides = sparkSides(inputs);
    const { left, right } = sides;
    if (output.port !== 'out') return LATE_ROWS;
    if (left.time === null) return untimed(left);
    if (right.time === null) return untimed(right);
    const from = `${LEFT}.${sqlName(left.time)}`;
    const [low, high] = [config.lowerBound, config.upperBound].map((ms) => shifted(from, ms, 'spark'));
    const bounds = [`${RIGHT}.${sqlName(right.time)} BETWEEN ${low!} AND ${high!}`];
    return { ...sparkJoin(config, sides, { bounds }), waitsForWatermark: config.kind !== 'inner' };
  },
  storm: (config, inputs, outputs) => ({
    base: 'IntervalJoinBolt',
    args: [
      milliseconds(config.lowerBound),
      milliseconds(config.upperBound),
      ...joinArgs(config, inputs),
      ...names(outputs.out!.schema),
    ],
    members: joinMembers(config, inputs),
    isStateful: true,
  }),
};

/** The side whose rows are never the earlier ones, and always there: the time of the later row, which that of the pair is, is theirs. */
function laterSide({ lowerBound, upperBound, kind }: JoinIntervalConfig): 'left' | 'right' | null {
  if (lowerBound >= 0 && (kind === 'inner' || kind === 'right')) return 'right';
  if (upperBound <= 0 && (kind === 'inner' || kind === 'left')) return 'left';
  return null;
}
