import { noQuery } from '../../core/exporter.ts';

export const changelogExport = noQuery(
  'turns updates into plain rows, which Flink SQL cannot say',
  'turns updates into rows of their own, and Spark has only the new rows of an update: leave it out',
);
