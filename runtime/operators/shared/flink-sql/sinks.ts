/** Sinks: no part of a query, but tables that rows are inserted into. */
import { UNKNOWN_STREAM, type Exporter, type Unsupported } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import { consoleSink } from '../spark/sinks.ts';
import { printBolt } from '../storm/sinks.ts';
import { columnOf } from './ddl.ts';

const IS_SINK: Unsupported = { unsupported: say`is a sink: leave it out, and it reads what the query gives` };

/** No query has it; in a script it is a table, in a program a writer. */
export function sinkExport<C>(
  flinkTable: NonNullable<Exporter<C>['flinkTable']>,
  sparkSink: NonNullable<Exporter<C>['sparkSink']>,
  storm: NonNullable<Exporter<C>['storm']>,
): Exporter<C> {
  return { facts: () => UNKNOWN_STREAM, flink: () => IS_SINK, flinkTable, spark: () => IS_SINK, sparkSink, storm };
}

const PRINTED = say`Rows are printed to the standard output of the task manager.`;

/** Rows as lines in the log of the task manager. `labelOf`: what stands before each. */
export function printTable<C>(labelOf: (config: C) => string | null, note = PRINTED): Exporter<C> {
  return sinkExport<C>(
    (config, { schema }) => {
      const label = labelOf(config);
      return {
        columns: schema.fields.map(columnOf),
        options: { connector: 'print', ...(label === null ? {} : { 'print-identifier': label }) },
        remarks: [{ fidelity: 'note', text: note }],
      };
    },
    consoleSink,
    printBolt(labelOf),
  );
}
