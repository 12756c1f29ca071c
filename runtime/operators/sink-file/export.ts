import type { Exporter, Remark } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { printFlinkType, checkExpression, scopeOf } from '../../expression/index.ts';
import { columnOf } from '../shared/flink-sql/ddl.ts';
import { sqlExpression } from '../shared/flink-sql/expressions.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { sinkExport } from '../shared/flink-sql/sinks.ts';
import { isSingleFile, type SinkFileConfig } from './spec.ts';
import { sparkFiles } from './spark.ts';
import { stormFiles } from './storm.ts';

export const sinkFileExport: Exporter<SinkFileConfig> = sinkExport(
  (config, { schema, fileUrl }) => {
    const { path, format, partitionBy, rolling } = config;
    const scope = scopeOf(schema);
    const names = schema.fields.map(({ name }) => name);
    const computed = (partitionBy ?? [])
      .filter(({ as }) => !names.includes(as))
      .map(({ as, expr }) => ({
        name: as,
        text: sqlExpression(expr, scope, 'flink'),
        type: printFlinkType(checkExpression(expr, scope).expression!.type),
      }));
    const remarks: Remark[] = [];
    if (isSingleFile(config)) {
      remarks.push({
        fidelity: 'note',
        text: say`Flink writes a folder of part files of the name ${path}, not one file.`,
      });
    }
    if (format === 'csv') {
      remarks.push({
        fidelity: 'note',
        text: say`CSV has no header, and times are written with a space: 2026-11-26 15:04:05.123Z.`,
      });
    }
    const options: Record<string, string> = { connector: 'filesystem', path: fileUrl(path) };
    if (rolling !== null && rolling.maxBytes !== null) {
      options['sink.rolling-policy.file-size'] = say`${rolling.maxBytes} bytes`;
    }
    if (rolling !== null && rolling.maxRows !== null) {
      remarks.push({
        fidelity: 'note',
        text: say`Parts are not ended by their number of rows, only by bytes and time.`,
      });
    }
    Object.assign(options, FORMATS[format]);
    return {
      columns: [...schema.fields.map(columnOf), ...computed.map(({ name, type }) => `${sqlName(name)} ${type}`)],
      options,
      ...(partitionBy === null ? {} : { partitionedBy: partitionBy.map(({ as }) => as) }),
      computed,
      ...(format === 'parquet' ? { needs: ['org.apache.flink:flink-sql-parquet'] } : {}),
      remarks,
    };
  },
  sparkFiles,
  stormFiles,
);

const FORMATS: Readonly<Record<SinkFileConfig['format'], Readonly<Record<string, string>>>> = {
  csv: { format: 'csv' },
  jsonl: { format: 'json', 'json.timestamp-format.standard': 'ISO-8601' },
  parquet: { format: 'parquet', 'parquet.utc-timezone': 'true' },
};
