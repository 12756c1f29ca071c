import { noQuery } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';

export const processJsExport = noQuery(
  say`runs code, which a query cannot hold: say it by expressions`,
  say`runs JavaScript, which Spark does not: say it by expressions, or as a function in Python`,
  say`runs JavaScript, which the export does not: say it by expressions, write a bolt in Java, or run the code by FluxShellBolt`,
);
