import type { Importer } from '../../core/importer.ts';
import { printName } from '../../expression/index.ts';
import { readFiles } from '../shared/flink-sql/read-table.ts';

export const sinkFileImport: Importer = {
  connector: 'filesystem',
  isSink: true,
  config(table) {
    const files = readFiles(table);
    if ('unsupported' in files || table.partitionedBy.length === 0) return files;
    return { ...files, partitionBy: table.partitionedBy.map((name) => ({ as: name, expr: printName(name) })) };
  },
};
