import type { Exporter } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { printTable } from '../shared/flink-sql/sinks.ts';
import type { SinkDashboardConfig } from './spec.ts';

export const sinkDashboardExport: Exporter<SinkDashboardConfig> = printTable(
  ({ title }) => title,
  say`The tile is of this app: its rows are printed to the standard output of the task manager. For a screen, put a sink of files or HTTP in its place.`,
);
