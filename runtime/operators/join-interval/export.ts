import type { Exporter } from '../../core/exporter.ts';
import { joinFacts, joinQuery, LEFT, plainTable, RIGHT, shifted, sidesOf } from '../shared/flink-sql/joins.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { withoutTime } from '../shared/flink-sql/select.ts';
import type { JoinIntervalConfig } from './spec.ts';
import { sparkJoin, sparkSides } from '../shared/spark/joins.ts';
import { LATE_ROWS, untimed } from '../shared/spark/remarks.ts';

export const joinIntervalExport: Exporter<JoinIntervalConfig> = {
  facts: joinFacts,
  readsTime: () => true,
  flink(config, inputs) {
    const sides = sidesOf(inputs);
    const { left, right } = sides;
    if (left.time === null) return withoutTime(left);
    if (right.time === null) return withoutTime(right);
    const from = `${LEFT}.${sqlName(left.time)}`;
    const bounds = [config.lowerBound, config.upperBound].map((ms) => shifted(from, ms, left.dialect));
    return joinQuery(config, sides, {
      left: plainTable(left, LEFT),
      right: plainTable(right, RIGHT),
      bounds: [`${RIGHT}.${sqlName(right.time)} BETWEEN ${bounds.join(' AND ')}`],
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
};
