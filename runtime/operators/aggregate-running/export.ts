import { UNKNOWN_STREAM, type Exporter } from '../../core/exporter.ts';
import { sqlCall } from '../shared/flink-sql/aggregates.ts';
import { aliasedAs, sqlName, sqlNames } from '../shared/flink-sql/names.ts';
import { selectList, ttlProblem } from '../shared/flink-sql/select.ts';
import type { AggregateRunningConfig } from './spec.ts';

export const aggregateRunningExport: Exporter<AggregateRunningConfig> = {
  facts: ({ groupBy }, [input]) => ({
    ...UNKNOWN_STREAM,
    isWindowed: input?.isWindowed === true && ['window_start', 'window_end'].every((part) => groupBy.includes(part)),
  }),
  flink({ groupBy, aggregates, stateTtl }, inputs) {
    const input = inputs[0]!;
    const problem = ttlProblem(stateTtl);
    if (problem !== null) return problem;
    if (groupBy.length === 0 && aggregates.length === 0) return { unsupported: 'has neither keys nor aggregates' };
    const calls = aggregates.map((item) => aliasedAs(sqlCall(item, input), item.as));
    const lines = [selectList([...groupBy.map(sqlName), ...calls]), `FROM ${sqlName(input.table)}`];
    return { select: [...lines, ...(groupBy.length === 0 ? [] : [`GROUP BY ${sqlNames(groupBy)}`])].join('\n') };
  },
};
