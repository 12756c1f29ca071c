import type { Exporter } from '../../core/exporter.ts';
import { sqlInterval } from '../shared/flink-sql/expressions.ts';
import { joinFacts, joinQuery, LEFT, plainTable, RIGHT, sidesOf } from '../shared/flink-sql/joins.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { withoutTime } from '../shared/flink-sql/select.ts';
import type { JoinIntervalConfig } from './spec.ts';

export const joinIntervalExport: Exporter<JoinIntervalConfig> = {
  facts: joinFacts,
  readsTime: () => true,
  flink(config, inputs) {
    const sides = sidesOf(inputs);
    const { left, right } = sides;
    if (left.time === null) return withoutTime(left);
    if (right.time === null) return withoutTime(right);
    const from = `${LEFT}.${sqlName(left.time)}`;
    const bounds = [config.lowerBound, config.upperBound].map((ms) => shifted(from, ms));
    return joinQuery(config, sides, {
      left: plainTable(left, LEFT),
      right: plainTable(right, RIGHT),
      bounds: [`${RIGHT}.${sqlName(right.time)} BETWEEN ${bounds.join(' AND ')}`],
    });
  },
};

function shifted(time: string, ms: number): string {
  if (ms === 0) return time;
  return ms < 0 ? `${time} - ${sqlInterval(-ms)}` : `${time} + ${sqlInterval(ms)}`;
}
