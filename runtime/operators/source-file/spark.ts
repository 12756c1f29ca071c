/** Files in Spark: `spark.readStream.schema(…).json(…)`. */
import type { ExportedOutput, PythonCall, Remark, SparkFragment, SparkInput, SparkJob } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { call, chain, option, pythonText } from '../shared/spark/python.ts';
import { rejectedPort, schemaCall, timeRemarks, watermarkCalls } from '../shared/spark/sources.ts';
import type { SourceFileConfig } from './spec.ts';

export function sparkFile(
  config: SourceFileConfig,
  _inputs: readonly SparkInput[],
  { port, schema }: ExportedOutput,
  job: SparkJob,
): SparkFragment {
  const { format, eventTime } = config;
  if (port !== 'out') return rejectedPort();
  const required = schema.fields.filter(({ nullable }) => !nullable).map(({ name }) => name);
  const drops = config.onError === 'reject' && required.length > 0;
  const frame = chain(
    job.mode === 'streaming' ? 'spark.readStream' : 'spark.read',
    schemaCall(schema),
    ...optionsOf(config),
    ...location(config, job),
    ...(drops ? [call('dropna', `subset=[${required.map(pythonText).join(', ')}]`)] : []),
    ...watermarkCalls(eventTime, job),
  );
  const hasTime = schema.fields.some(({ type }) => type.kind === 'TIMESTAMP');
  const remarks: Remark[] = [...timeRemarks(eventTime, job), ...readingRemarks(config, job)];
  if (format === 'jsonl' && hasTime) remarks.push(ISO_TIMES);
  if (!drops && required.length > 0) remarks.push(MISSING);
  return { frame, remarks };
}

function optionsOf({ format, header, delimiter, onError }: SourceFileConfig): readonly PythonCall[] {
  if (format === 'parquet') return [];
  const mode = option('mode', onError === 'reject' ? 'DROPMALFORMED' : 'FAILFAST');
  if (format === 'jsonl') return [mode];
  return [
    option('header', header),
    ...(delimiter === ',' ? [] : [option('sep', delimiter)]),
    // A quote within quotes is doubled, and no backslash escapes.
    option('escape', '"'),
    mode,
  ];
}

/** A stream is of a folder or a pattern: a single file of it is chosen by its name. */
function location({ path, format }: SourceFileConfig, { mode, fileUrl }: SparkJob): readonly PythonCall[] {
  const url = fileUrl(path);
  const name = /[^/]+$/.exec(url)?.[0] ?? '';
  const isFile = name.includes('.') && !/[*?[{]/.test(path);
  const read = format === 'jsonl' ? 'json' : format;
  if (mode === 'batch' || !isFile) return [call(read, pythonText(url))];
  return [option('pathGlobFilter', name), call(read, pythonText(url.slice(0, -name.length)))];
}

const ISO_TIMES: Remark = {
  fidelity: 'note',
  text: say`Times are read as 2026-11-26T15:04:05.123Z or with a space; a number would be seconds, and in Millrace it is milliseconds.`,
};
const MISSING: Remark = {
  fidelity: 'note',
  text: say`Fields of files are nullable in Spark: a row without a required one does not fail, but has NULL.`,
};

function readingRemarks(config: SourceFileConfig, { mode }: SparkJob): readonly Remark[] {
  const { format, header, follow, rowsPerSecond, onError } = config;
  const remarks: Remark[] = [];
  if (format === 'csv' && header) {
    remarks.push({
      fidelity: 'note',
      text: say`Columns are taken by position: those of the file must be in the order of the schema.`,
    });
  }
  if (onError === 'reject') {
    remarks.push({ fidelity: 'note', text: say`Rows that cannot be read are dropped without a count.` });
  }
  if (follow && mode === 'streaming') {
    remarks.push({
      fidelity: 'approximate',
      text: say`New files are read, each once: lines that are appended to a file later are not seen.`,
    });
  }
  if (rowsPerSecond !== null) {
    remarks.push({ fidelity: 'note', text: say`Reads as fast as it can: Spark holds no file source to a rate.` });
  }
  return remarks;
}
