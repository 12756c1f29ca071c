import { noQuery } from '../../core/exporter.ts';

export const processJsExport = noQuery(
  'runs code, which a query cannot hold',
  'runs JavaScript, which Spark does not: say it by expressions, or as a function in Python',
);
