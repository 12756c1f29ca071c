/** Files that a bolt of Storm writes. */
import type { Remark, StormClass, StormInput, StormJob, Unsupported } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { javaText } from '../../expression/index.ts';
import { columns } from '../shared/storm/java.ts';
import { isSingleFile, type SinkFileConfig } from './spec.ts';

export function stormFiles(
  config: SinkFileConfig,
  [input]: readonly StormInput[],
  _outputs: unknown,
  { fileUrl }: StormJob,
): StormClass | Unsupported {
  const { path, format, partitionBy, rolling } = config;
  if (format === 'parquet') return { unsupported: say`writes Parquet, which the library of the export does not: write CSV or JSONL` }; // prettier-ignore
  if (partitionBy !== null) return { unsupported: say`writes partitions, which the library of the export does not: use HdfsBolt of storm-hdfs, with a partitioner` }; // prettier-ignore
  const remarks: Remark[] = [AT_LEAST_ONCE];
  if (rolling !== null) remarks.push({ fidelity: 'note', text: say`Each task writes one file, which is not ended by its size.` }); // prettier-ignore
  return {
    base: 'FileBolt',
    args: [javaText(fileUrl(path)), String(!isSingleFile(config)), String(format === 'csv'), columns(input!.schema)],
    remarks,
  };
}

const AT_LEAST_ONCE: Remark = {
  fidelity: 'approximate',
  text: say`Rows are in the file at least once: one that is sent again after a failure is written twice. Files are on the disk of the worker.`,
};
