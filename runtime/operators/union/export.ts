import type { ExportedInput, ExportedOutput, Exporter } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { sqlName } from '../shared/flink-sql/names.ts';
import { asPlainTime, extraTime, sameColumns, sameRows, selectList, timeBeside } from '../shared/flink-sql/select.ts';
import type { UnionConfig } from './spec.ts';
import { keptTime } from '../shared/spark/columns.ts';
import { call, chain, inlineChain } from '../shared/spark/python.ts';
import { batchOnly } from '../shared/spark/remarks.ts';
import { method, names } from '../shared/storm/java.ts';

export const unionExport: Exporter<UnionConfig> = {
  facts(_config, inputs, { schema }) {
    const all = inputs.map((input) => sameRows([input], schema.fields).time);
    const [first = null] = all;
    const isCommon = all.every((time) => time === first);
    // Which window a row of a union is in, a query does not know.
    return { time: isCommon ? first : all.includes(null) ? null : timeBeside(schema.fields), isWindowed: false };
  },
  flink: (_config, inputs, output) => ({
    select: inputs.map((input) => `${columnsOf(input, output)}\nFROM ${sqlName(input.table)}`).join('\nUNION ALL\n'),
  }),
  spark(_config, inputs, output, job) {
    if (job.mode === 'streaming' && inputs.some(({ isChangelog }) => isChangelog)) {
      return batchOnly(say`merges rows that change with others`);
    }
    const frames = inputs.map((input) => chain(input.table, ...keptTime(input, output)));
    const [first, ...others] = frames;
    const calls = others.map((other) => call('unionByName', inlineChain(other)));
    return { frame: chain(first!.start, ...first!.calls, ...calls) };
  },
  storm: (_config, _inputs, outputs) => ({
    base: 'RowBolt',
    args: names(outputs.out!.schema),
    members: [method('void process(Row row)', 'emit(row);')],
  }),
};

/** Flink merges columns of one kind only: where the time goes on beside the fields, no field is one. */
function columnsOf(input: ExportedInput, output: ExportedOutput): string {
  if (input.dialect !== 'flink' || output.extraTime === null) return sameColumns(input, output);
  const fields = output.schema.fields.map(({ name }) => (name === input.time ? asPlainTime(name) : sqlName(name)));
  return selectList([...fields, ...extraTime(input, output)]);
}
