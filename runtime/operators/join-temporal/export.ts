import type { Exporter } from '../../core/exporter.ts';
import { joinFacts, joinQuery, LEFT, plainTable, RIGHT, sidesOf } from '../shared/flink-sql/joins.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { withoutTime } from '../shared/flink-sql/select.ts';
import type { JoinTemporalConfig } from './spec.ts';

export const joinTemporalExport: Exporter<JoinTemporalConfig> = {
  facts: joinFacts,
  readsTime: () => true,
  flink(config, inputs) {
    const sides = sidesOf(inputs);
    const { left, right } = sides;
    if (left.time === null) return withoutTime(left);
    if (right.time === null) return withoutTime(right);
    const asOf = `FOR SYSTEM_TIME AS OF ${LEFT}.${sqlName(left.time)}`;
    const versions = { ...plainTable(right, RIGHT), from: `${sqlName(right.table)} ${asOf} AS ${RIGHT}` };
    return joinQuery(config, sides, { left: plainTable(left, LEFT), right: versions });
  },
};
