import { UNKNOWN_STREAM, type Exporter } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { aggregateRemarks, sqlCall } from '../shared/flink-sql/aggregates.ts';
import { aliasedAs, sqlName, sqlNames } from '../shared/flink-sql/names.ts';
import { selectList, ttlProblem, withTtlHint } from '../shared/flink-sql/select.ts';
import type { AggregateRunningConfig } from './spec.ts';
import { sparkAggregates } from '../shared/spark/aggregates.ts';
import { columnText } from '../shared/spark/columns.ts';
import { call, chain } from '../shared/spark/python.ts';
import { oneState, ttlRemarks, UPDATES } from '../shared/spark/remarks.ts';
import { aggregatesMethod, irreversible, countRemarks } from '../shared/storm/aggregates.ts';
import { listOf, names } from '../shared/storm/java.ts';
import { ttlRemark } from '../shared/storm/remarks.ts';

export const aggregateRunningExport: Exporter<AggregateRunningConfig> = {
  facts: ({ groupBy }, [input]) => ({
    ...UNKNOWN_STREAM,
    isWindowed: input?.isWindowed === true && ['window_start', 'window_end'].every((part) => groupBy.includes(part)),
  }),
  flink({ groupBy, aggregates, stateTtl }, inputs) {
    const input = inputs[0]!;
    const problem = ttlProblem(input, stateTtl);
    if (problem !== null) return problem;
    if (groupBy.length === 0 && aggregates.length === 0) return { unsupported: say`has neither keys nor aggregates` };
    const calls = aggregates.map((item) => aliasedAs(sqlCall(item, input), item.as));
    const list = withTtlHint(selectList([...groupBy.map(sqlName), ...calls]), { [input.table]: stateTtl });
    const lines = [list, `FROM ${sqlName(input.table)}`];
    if (groupBy.length > 0) lines.push(`GROUP BY ${sqlNames(groupBy)}`);
    return { select: lines.join('\n'), remarks: aggregateRemarks(aggregates) };
  },
  spark({ groupBy, aggregates, stateTtl }, inputs, _output, { mode }) {
    const input = inputs[0]!;
    const isStreaming = mode === 'streaming';
    const problem = isStreaming ? oneState(input) : null;
    if (problem !== null) return problem;
    const computed = sparkAggregates(aggregates, input, isStreaming);
    if ('unsupported' in computed) return computed;
    const group = call('groupBy', ...groupBy.map(columnText));
    const frame =
      aggregates.length === 0
        ? chain(input.table, call('select', ...groupBy.map(columnText)), call('distinct'))
        : chain(input.table, ...(groupBy.length === 0 ? [] : [group]), call('agg', ...computed.columns));
    const updates = isStreaming ? [UPDATES, ...ttlRemarks(stateTtl)] : [];
    return { frame, isStateful: true, remarks: [...updates, ...computed.remarks] };
  },
  storm({ groupBy, aggregates, stateTtl }, inputs, outputs) {
    const [fn] = inputs[0]!.isChangelog ? irreversible(aggregates) : [];
    if (fn !== undefined) {
      return {
        unsupported: say`takes rows back from ${fn}, which keeps no values: put it before what makes the changes`,
      };
    }
    return {
      base: 'AggregateBolt',
      args: [listOf(groupBy), ...names(outputs.out!.schema)],
      members: [aggregatesMethod(aggregates, inputs[0]!.schema)],
      isStateful: true,
      remarks: [...ttlRemark([stateTtl]), ...countRemarks(aggregates)],
    };
  },
};
