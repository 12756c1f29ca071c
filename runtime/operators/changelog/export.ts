import { noQuery } from '../../core/exporter.ts';

export const changelogExport = noQuery('turns updates into plain rows, which Flink SQL cannot say');
