import type { Importer } from '../../core/importer.ts';
import { readEventTime, readFields, readFiles } from '../shared/flink-sql/read-table.ts';

export const sourceFileImport: Importer = {
  connector: 'filesystem',
  isSink: false,
  config(table) {
    const files = readFiles(table);
    const schema = readFields(table);
    if ('unsupported' in files) return files;
    if ('unsupported' in schema) return schema;
    const { options } = table;
    const isLenient = options['csv.ignore-parse-errors'] === 'true' || options['json.ignore-parse-errors'] === 'true';
    const delimiter = options['csv.field-delimiter'];
    return {
      ...files,
      schema,
      // Files of Flink have no header.
      ...(files.format === 'csv' ? { header: false } : {}),
      ...(delimiter === undefined ? {} : { delimiter }),
      ...(isLenient ? { onError: 'reject' } : {}),
      ...('source.monitor-interval' in options ? { follow: true } : {}),
      ...readEventTime(table),
    };
  },
};
