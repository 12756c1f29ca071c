/** Rows on the console. */
import type { Remark, SparkInput, SparkJob, SparkSink } from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
import { attribute, call, chain, option } from './python.ts';

/** Of a batch, and of a batch job. */
const SHOWN_ROWS = 1000;

export function consoleSink(_config: unknown, { table }: SparkInput, { mode }: SparkJob): SparkSink {
  const shown: Remark = {
    fidelity: 'note',
    text: say`Prints the first ${SHOWN_ROWS} rows${mode === 'batch' ? '' : say` of each micro-batch`}, as a table.`,
  };
  if (mode === 'batch')
    return { writer: chain(table, call('show', String(SHOWN_ROWS), 'truncate=False')), remarks: [shown] };
  const writer = chain(
    table,
    attribute('writeStream'),
    call('format', '"console"'),
    option('numRows', SHOWN_ROWS),
    option('truncate', false),
  );
  return { writer, remarks: [shown] };
}
