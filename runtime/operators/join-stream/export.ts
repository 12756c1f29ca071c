import type { Exporter } from '../../core/exporter.ts';
import { joinFacts, joinQuery, LEFT, plainTable, RIGHT, sidesOf } from '../shared/flink-sql/joins.ts';
import { ttlProblem } from '../shared/flink-sql/select.ts';
import { ttlsOf, type JoinStreamConfig } from './spec.ts';

export const joinStreamExport: Exporter<JoinStreamConfig> = {
  facts: joinFacts,
  flink(config, inputs) {
    const { left, right } = ttlsOf(config);
    const sides = sidesOf(inputs);
    const parts = { left: plainTable(sides.left, LEFT), right: plainTable(sides.right, RIGHT) };
    return ttlProblem(left, right) ?? joinQuery(config, sides, parts);
  },
};
