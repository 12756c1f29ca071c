/** Files in Spark: `writeStream.format("json").option("path", …)`. */
import type { PythonCall, Remark, SparkInput, SparkJob, SparkSink } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { columnText, expressionText } from '../shared/spark/columns.ts';
import { attribute, call, chain, option, pythonText } from '../shared/spark/python.ts';
import { asField } from '../shared/flink-sql/expressions.ts';
import { isSingleFile, type SinkFileConfig } from './spec.ts';

/** To be called within `orUnsupported`. */
export function sparkFiles(config: SinkFileConfig, input: SparkInput, { mode, fileUrl }: SparkJob): SparkSink {
  const { path, format, partitionBy, rolling } = config;
  const isStreaming = mode === 'streaming';
  const url = pythonText(fileUrl(path));
  const computed = (partitionBy ?? [])
    .filter(({ as, expr }) => asField(expr) !== as)
    .map(({ as, expr }) => call('withColumn', columnText(as), `F.expr(${expressionText(expr, input)})`));
  const name = format === 'jsonl' ? 'json' : format;
  const options: PythonCall[] = [...FORMATS[format]];
  if (rolling !== null && rolling.maxRows !== null) options.push(option('maxRecordsPerFile', rolling.maxRows));
  const partitions = partitionBy === null ? [] : [call('partitionBy', ...partitionBy.map(({ as }) => pythonText(as)))];
  const writer = isStreaming
    ? chain(input.table, ...computed, attribute('writeStream'), call('format', pythonText(name)), ...options, ...partitions, call('option', '"path"', url)) // prettier-ignore
    : chain(input.table, ...computed, attribute('write'), call('mode', '"overwrite"'), ...options, ...partitions, call(name, url)); // prettier-ignore
  return { writer, remarks: remarksOf(config, isStreaming) };
}

const FORMATS: Readonly<Record<SinkFileConfig['format'], readonly PythonCall[]>> = {
  csv: [option('header', true), option('escape', '"')],
  jsonl: [option('ignoreNullFields', false)],
  parquet: [],
};

function remarksOf(config: SinkFileConfig, isStreaming: boolean): readonly Remark[] {
  const { path, rolling } = config;
  const remarks: Remark[] = [];
  if (isSingleFile(config)) {
    remarks.push({
      fidelity: 'note',
      text: say`Spark writes a folder of part files of the name ${path}, not one file.`,
    });
  }
  if (isStreaming) {
    remarks.push({
      fidelity: 'note',
      text: say`Which files count is said by the folder _spark_metadata beside them: readers other than Spark see files of failed attempts as well.`,
    });
  }
  if (rolling !== null && rolling.maxBytes !== null) {
    remarks.push({ fidelity: 'note', text: say`Parts are not ended by their number of bytes, only by rows.` });
  }
  return remarks;
}
