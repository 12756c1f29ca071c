import { noQuery } from '../../core/exporter.ts';

export const processJsExport = noQuery(
  'runs code, which a query cannot hold',
  'runs JavaScript, which Spark does not: say it by expressions, or as a function in Python',
  'runs JavaScript, which the export does not: say it by expressions, write a bolt in Java, or run the code by FluxShellBolt',
);
