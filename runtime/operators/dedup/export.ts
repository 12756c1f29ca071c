import type { Exporter } from '../../core/exporter.ts';
import { freshColumn, sqlName, sqlNames } from '../shared/flink-sql/names.ts';
import { rankedRows, ttlProblem, withoutTime } from '../shared/flink-sql/select.ts';
import type { DedupConfig } from './spec.ts';

export const dedupExport: Exporter<DedupConfig> = {
  readsTime: ({ time }) => time === 'event',
  flink({ keys, keep, time, stateTtl }, inputs, output) {
    const input = inputs[0]!;
    const problem = ttlProblem(stateTtl);
    if (problem !== null) return problem;
    if (time === 'event' && input.time === null) return withoutTime(input);
    const order = `${time === 'event' ? sqlName(input.time!) : 'PROCTIME()'} ${keep === 'first' ? 'ASC' : 'DESC'}`;
    const over = `PARTITION BY ${sqlNames(keys)} ORDER BY ${order}`;
    return rankedRows(input, output, { over, rank: freshColumn('row_num', input.columns), n: 1 });
  },
};
