/** The first rows of each partition, of a batch job: `ROW_NUMBER() OVER (…)`. */
import type { ExportedOutput, PythonChain, SparkInput } from '../../../core/exporter.ts';
import { sqlName } from '../flink-sql/names.ts';
import { columnText, extraColumn, selectExpr } from './columns.ts';
import { call, chain, pythonText } from './python.ts';

export interface Ranking {
  readonly partitionBy: readonly string[];
  /** Spark SQL: `ts DESC`. */
  readonly orderBy: readonly string[];
  /** Column for the number, from 1. */
  readonly rank: string;
  readonly n: number;
}

/** With the fields of the output, `rank` among them where it is one. */
export function rankedFrame(
  input: SparkInput,
  output: ExportedOutput,
  { partitionBy, orderBy, rank, n }: Ranking,
): PythonChain {
  const partition = partitionBy.length === 0 ? '' : `PARTITION BY ${partitionBy.map(sqlName).join(', ')} `;
  const number = `CAST(row_number() OVER (${partition}ORDER BY ${orderBy.join(', ')}) AS BIGINT)`;
  return chain(
    input.table,
    call('withColumn', columnText(rank).replaceAll('`', ''), `F.expr(${pythonText(number)})`),
    call('where', pythonText(`${sqlName(rank)} ${n === 1 ? '= 1' : `<= ${n}`}`)),
    selectExpr([...output.schema.fields.map(({ name }) => sqlName(name)), ...extraColumn(input, output)]),
  );
}
