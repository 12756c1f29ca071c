import { noQuery } from '../../core/exporter.ts';

export const sinkHttpExport = noQuery(
  'is a sink: leave it out, and it reads what the query gives',
  'sends rows to a server, which no sink of Spark does: send them by foreachBatch in Python, or write files',
  'sends rows to other programs by the network, which the library of the export does not: write them to files, or add a bolt that does',
);
