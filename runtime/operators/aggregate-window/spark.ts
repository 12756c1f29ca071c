/** Windows of time in Spark: `groupBy(F.window(…))`. */
import type { ExportedOutput, Remark, SparkFragment, SparkInput, SparkJob, Unsupported } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { aliasedAs, freshColumn, sqlName } from '../shared/flink-sql/names.ts';
import { sqlInterval } from '../shared/flink-sql/expressions.ts';
import { sparkAggregates } from '../shared/spark/aggregates.ts';
import { columnText, selectExpr } from '../shared/spark/columns.ts';
import { call, chain, pythonText } from '../shared/spark/python.ts';
import { batchOnly, LATE_ROWS, oneState, untimed, UPDATES } from '../shared/spark/remarks.ts';
import { windowColumn } from '../shared/spark/windows.ts';
import { firesEarly, WINDOW_END, WINDOW_START, type AggregateWindowConfig } from './spec.ts';
import { isCountWindow } from './window-config.ts';

/** To be called within `orUnsupported`. */
export function sparkWindowAggregate(
  config: AggregateWindowConfig,
  inputs: readonly SparkInput[],
  output: ExportedOutput,
  job: SparkJob,
): SparkFragment {
  const input = inputs[0]!;
  const { groupBy, window, aggregates } = config;
  if (output.port !== 'out') return LATE_ROWS;
  if (isCountWindow(window)) {
    return {
      unsupported: say`goes by the number of rows in their order of arrival, which Spark does not know: use windows of time`,
    };
  }
  if (input.time === null) return untimed(input);
  const isStreaming = job.mode === 'streaming';
  const problem = isStreaming ? streamingProblem(config, input) : null;
  if (problem !== null) return problem;
  const computed = sparkAggregates(aggregates, input, isStreaming);
  if ('unsupported' in computed) return computed;
  const isCumulative = window.type === 'cumulative' && !isStreaming;
  const column = isCumulative
    ? windowColumn({ ...window, type: 'tumbling' }, input.time)
    : windowColumn(window, input.time);
  if ('unsupported' in column) return column;
  const own = window.type === 'session' ? 'session_window' : 'window';
  const name = freshColumn(own, [...input.columns, ...aggregates.map(({ as }) => as)]);
  const aliased = name === own ? column.column : `${column.column}.alias(${pythonText(name)})`;
  const keys = groupBy.map(columnText);
  const results = aggregates.length === 0 ? call('count') : call('agg', ...computed.columns);
  const isEarly = isStreaming && firesEarly(config);
  const remarks: readonly Remark[] = [...(isEarly ? [UPDATES] : []), ...computed.remarks];
  const fields = groupBy.map(sqlName);
  const values = aggregates.map(({ as }) => sqlName(as));
  if (isCumulative) {
    const step = sqlInterval(window.step, 'spark');
    const ends = `filter(sequence(${name}.start + ${step}, ${name}.end, ${step}), e -> e > ${sqlName(input.time)})`;
    const time = output.extraTime === null ? [] : [`${WINDOW_END} - INTERVAL '0.001' SECOND AS ${sqlName(output.extraTime)}`]; // prettier-ignore
    const frame = chain(
      input.table,
      call('withColumn', pythonText(name), column.column),
      call('withColumn', pythonText(WINDOW_START), `F.col(${pythonText(`${name}.start`)})`),
      call('withColumn', pythonText(WINDOW_END), `F.explode(F.expr(${pythonText(ends)}))`),
      call('groupBy', ...keys, pythonText(WINDOW_START), pythonText(WINDOW_END)),
      results,
      selectExpr([...fields, WINDOW_START, WINDOW_END, ...values, ...time]),
    );
    return { frame, remarks };
  }
  const time = output.extraTime === null ? [] : [aliasedAs(`window_time(${name})`, output.extraTime)];
  const frame = chain(
    input.table,
    call('groupBy', ...keys, aliased),
    results,
    selectExpr([...fields, `${name}.start AS ${WINDOW_START}`, `${name}.end AS ${WINDOW_END}`, ...values, ...time]),
  );
  return { frame, isStateful: true, waitsForWatermark: !isEarly, remarks };
}

function streamingProblem(config: AggregateWindowConfig, input: SparkInput): Unsupported | null {
  if (config.allowedLateness > 0) {
    return batchOnly(say`fires again for late rows (allowedLateness)`);
  }
  if (config.window.type === 'session' && config.groupBy.length === 0)
    return batchOnly(say`has sessions of all rows in one`);
  if (!firesEarly(config)) return null;
  return config.window.type === 'session' ? batchOnly(say`gives early results of sessions`) : oneState(input);
}
