/** Columns of a DataFrame: their names, expressions over them, and which of them go on. */
import type { ExportedInput, ExportedOutput, PythonCall } from '../../../core/exporter.ts';
import { sqlOver } from '../flink-sql/expressions.ts';
import { aliasedAs, sqlName } from '../flink-sql/names.ts';
import { call, pythonText } from './python.ts';

/** The name of a column as a method takes it: `"price"`. */
export function columnText(name: string): string {
  return pythonText(/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``);
}

/** Spark SQL over the fields of the input, as `where` and `expr` take it. */
export function expressionText(text: string, input: ExportedInput): string {
  return pythonText(sqlOver(text, input));
}

export function selectExpr(columns: readonly string[]): PythonCall {
  return call('selectExpr', ...columns.map(pythonText));
}

/** Behind a step that keeps all columns: the time goes on beside the fields only where it is asked for, and under the name that is. */
export function keptTime(input: ExportedInput, output: ExportedOutput): readonly PythonCall[] {
  const beside = timeBeside(input);
  if (beside === null) return [];
  if (output.extraTime === null) return [call('drop', columnText(beside))];
  if (output.extraTime === beside) return [];
  return [call('withColumnRenamed', columnText(beside), columnText(output.extraTime))];
}

/** The column with the time where it is none of the fields. */
export function timeBeside({ columns, schema }: ExportedInput): string | null {
  return columns.find((name) => !schema.fields.some((field) => field.name === name)) ?? null;
}

/** Of a list for `selectExpr`: the time, where it is asked for beside the fields. */
export function extraColumn({ time }: ExportedInput, { extraTime }: ExportedOutput): readonly string[] {
  return extraTime === null || time === null ? [] : [aliasedAs(sqlName(time), extraTime)];
}
