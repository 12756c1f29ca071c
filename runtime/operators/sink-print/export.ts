import type { Exporter } from '../../core/exporter.ts';
import { printTable } from '../shared/flink-sql/sinks.ts';
import type { SinkPrintConfig } from './spec.ts';

export const sinkPrintExport: Exporter<SinkPrintConfig> = printTable(({ label }) => label);
