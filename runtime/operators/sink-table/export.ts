import type { Exporter } from '../../core/exporter.ts';
import { printTable } from '../shared/flink-sql/sinks.ts';
import type { SinkTableConfig } from './spec.ts';

export const sinkTableExport: Exporter<SinkTableConfig> = printTable(() => null);
