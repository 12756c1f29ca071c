import { noQuery } from '../../core/exporter.ts';

export const sinkDashboardExport = noQuery(
  'is a sink: leave it out, and it reads what the query gives',
  'shows rows in the app, and Spark has no such thing: leave it out, or print its rows',
);
