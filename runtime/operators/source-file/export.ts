import type { Exporter, Remark, SqlTable } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { csvTable } from '../shared/flink-sql/csv-table.ts';
import { columnOf, timeProblem, watermarkOf } from '../shared/flink-sql/ddl.ts';
import { configuredSource } from '../shared/flink-sql/sources.ts';
import type { SourceFileConfig } from './spec.ts';
import { sparkFile } from './spark.ts';
import { javaText } from '../../expression/index.ts';
import { columns } from '../shared/storm/java.ts';
import { timeRemarks, timeSetup } from '../shared/storm/sources.ts';

export const sourceFileExport: Exporter<SourceFileConfig> = {
  ...configuredSource<SourceFileConfig>(),
  flinkTable(config, { schema, fileUrl, readPorts }) {
    const { format, eventTime, onError } = config;
    const problem = timeProblem(eventTime);
    if (problem !== null) return problem;
    if (readPorts.includes('rejected')) {
      return {
        unsupported: say`hands on the rows that cannot be read, and formats of Flink only drop them or fail: leave the port "rejected" open`,
      };
    }
    const { options, remarks } = location(config, fileUrl);
    const table: SqlTable = {
      columns: [...schema.fields.map(columnOf), ...watermarkOf(eventTime)],
      options,
      remarks,
    };
    switch (format) {
      case 'csv':
        return csvTable(config, schema, table);
      case 'jsonl':
        return {
          ...table,
          options: {
            ...options,
            format: 'json',
            'json.timestamp-format.standard': 'ISO-8601',
            ...(onError === 'reject' ? { 'json.ignore-parse-errors': 'true' } : {}),
          },
          remarks: [
            ...remarks,
            ...(onError === 'reject' ? [DROPPED] : []),
            ...(schema.fields.some(({ type }) => type.kind === 'TIMESTAMP') ? [ISO_TIMES] : []),
          ],
        };
      case 'parquet':
        return {
          ...table,
          options: { ...options, format: 'parquet', 'parquet.utc-timezone': 'true' },
          needs: ['org.apache.flink:flink-sql-parquet'],
        };
    }
  },
  spark: sparkFile,
  storm({ path, format, header, delimiter, follow, rowsPerSecond, onError, eventTime }, _inputs, outputs, { fileUrl }) {
    if (format === 'parquet') return { unsupported: say`reads Parquet, which the library of the export does not: read CSV or JSONL` }; // prettier-ignore
    if (follow) return { unsupported: say`follows files that grow, which the library of the export does not: write the lines to Kafka, and read that` }; // prettier-ignore
    if (outputs.rejected !== undefined) return { unsupported: say`hands on the rows that cannot be read, which the spout only leaves out: leave the port "rejected" open` }; // prettier-ignore
    const csv = format === 'csv' ? [String(header), `'${delimiter.replace("'", "\\'").replace('\t', '\\t')}'`] : [];
    return {
      base: 'FileSpout',
      args: [javaText(fileUrl(path)), ...csv, columns(outputs.out!.schema)],
      setup: [
        ...timeSetup(eventTime),
        ...(rowsPerSecond === null ? [] : [`setRowsPerSecond(${rowsPerSecond});`]),
        ...(onError === 'reject' ? ['skipUnreadable();'] : []),
      ],
      remarks: [
        ...timeRemarks(eventTime),
        { fidelity: 'note', text: say`The files have to be on every worker that runs the spout.` },
        ...(onError === 'reject' ? [LEFT_OUT] : []),
      ],
    };
  },
};

const DROPPED: Remark = { fidelity: 'note', text: say`Rows that cannot be read are dropped without a count.` };
const ISO_TIMES: Remark = {
  fidelity: 'note',
  text: say`Times are read as 2026-11-26T15:04:05.123Z only, not with a space or as milliseconds.`,
};

function location(
  { path, follow, rowsPerSecond }: SourceFileConfig,
  fileUrl: (path: string) => string,
): { options: Record<string, string>; remarks: readonly Remark[] } {
  const folder = /^[^*?[{]*[\\/]/.exec(path)?.[0] ?? './';
  const isPattern = /[*?[{]/.test(path);
  const options: Record<string, string> = { connector: 'filesystem', path: fileUrl(isPattern ? folder : path) };
  const remarks: Remark[] = [];
  if (isPattern) options['source.path.regex-pattern'] = regexOf(fileUrl(path));
  if (follow) {
    options['source.monitor-interval'] = '1 s';
    remarks.push({
      fidelity: 'approximate',
      text: say`New files are read, each once: lines that are appended to a file later are not seen.`,
    });
  }
  if (rowsPerSecond !== null) {
    remarks.push({ fidelity: 'note', text: say`Reads as fast as it can: Flink holds no file source to a rate.` });
  }
  return { options, remarks };
}

/** Of the path of a file: what stands for a name does not go over a slash. */
function regexOf(glob: string): string {
  const path = glob.replace(/^file:\/\//, '');
  return path.replaceAll(/\*\*?|[?.+^$()|{}\\]/g, (part) => {
    if (part === '**') return '.*';
    if (part === '*') return '[^/]*';
    return part === '?' ? '[^/]' : `\\${part}`;
  });
}

const LEFT_OUT: Remark = {
  fidelity: 'note',
  text: say`Rows that cannot be read are left out, and only the log of the worker says so.`,
};
