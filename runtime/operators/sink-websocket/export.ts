import { noQuery } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';

export const sinkWebSocketExport = noQuery(
  say`is a sink: leave it out, and it reads what the query gives`,
  say`sends rows over WebSockets, which no sink of Spark does: send them by foreachBatch in Python, or write files`,
  say`sends rows to other programs by the network, which the library of the export does not: write them to files, or add a bolt that does`,
);
