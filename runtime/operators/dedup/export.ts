import type { Exporter, Remark } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { freshColumn, sqlName, sqlNames } from '../shared/flink-sql/names.ts';
import { keptForEver, rankedRows, ttlProblem, withoutTime } from '../shared/flink-sql/select.ts';
import type { DedupConfig } from './spec.ts';
import { columnText, keptTime, selectExpr } from '../shared/spark/columns.ts';
import { call, chain } from '../shared/spark/python.ts';
import { rankedFrame } from '../shared/spark/ranking.ts';
import { oneState, ttlRemarks, untimed, UPDATES } from '../shared/spark/remarks.ts';
import { listOf, names } from '../shared/storm/java.ts';
import { needsInserts, ttlRemark } from '../shared/storm/remarks.ts';

export const dedupExport: Exporter<DedupConfig> = {
  readsTime: ({ time }) => time === 'event',
  flink({ keys, keep, time, stateTtl }, inputs, output) {
    const input = inputs[0]!;
    const problem = ttlProblem(input, stateTtl);
    if (problem !== null) return problem;
    if (time === 'event' && input.time === null) return withoutTime(input);
    const order = `${time === 'event' ? sqlName(input.time!) : 'PROCTIME()'} ${keep === 'first' ? 'ASC' : 'DESC'}`;
    const over = `PARTITION BY ${sqlNames(keys)} ORDER BY ${order}`;
    const ranked = rankedRows(input, output, { over, rank: freshColumn('row_num', input.columns), n: 1 });
    return { ...ranked, ...keptForEver(input, stateTtl) };
  },
  spark({ keys, keep, time, stateTtl }, inputs, output, { mode }) {
    const input = inputs[0]!;
    const isByTime = time === 'event';
    if (isByTime && input.time === null) return untimed(input);
    if (keep === 'last' && !isByTime) {
      return { unsupported: say`keeps the row that came last, and Spark knows no order of arrival: go by event time` };
    }
    if (isByTime && mode === 'batch') {
      const orderBy = [`${sqlName(input.time!)}${keep === 'first' ? '' : ' DESC'}`];
      const ranking = { partitionBy: keys, orderBy, rank: freshColumn('row_num', input.columns), n: 1 };
      return { frame: rankedFrame(input, output, ranking), remarks: [SAME_TIME] };
    }
    if (keep === 'first') {
      const frame = chain(input.table, call('dropDuplicates', `[${keys.map(columnText).join(', ')}]`), ...keptTime(input, output)); // prettier-ignore
      return { frame, isStateful: true, remarks: [ANY_OF_BATCH, ...ttlRemarks(stateTtl)] };
    }
    const problem = oneState(input);
    if (problem !== null) return problem;
    const last = `F.max_by(F.struct("*"), ${columnText(input.time!)}).alias("last")`;
    const fields = input.columns.map((name) => `last.${sqlName(name)}`);
    const frame = chain(input.table, call('groupBy', ...keys.map(columnText)), call('agg', last), selectExpr(fields), ...keptTime(input, output)); // prettier-ignore
    return { frame, isStateful: true, remarks: [UPDATES, SAME_TIME, ...ttlRemarks(stateTtl)] };
  },
  storm({ keys, keep, time, stateTtl }, inputs, outputs) {
    const problem = needsInserts(inputs, say`keeps one row of each key, and cannot bring the one before back`);
    if (problem !== null) return problem;
    return {
      base: 'DedupBolt',
      args: [`Keep.${keep.toUpperCase()}`, String(time === 'event'), listOf(keys), ...names(outputs.out!.schema)],
      isStateful: true,
      remarks: ttlRemark([stateTtl]),
    };
  },
};

const SAME_TIME: Remark = {
  fidelity: 'note',
  text: say`Of rows of a key with the same time, which one is kept is not said; in Millrace it is the one that came first (or last).`,
};
const ANY_OF_BATCH: Remark = {
  fidelity: 'approximate',
  text: say`Of the rows of a key in one micro-batch, which one is kept is not said; in Millrace it is the first.`,
};
