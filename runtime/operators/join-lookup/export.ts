import type { Exporter } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { schemaOf } from '../../core/schema.ts';
import { LEFT, RIGHT } from '../shared/flink-sql/joins.ts';
import { aliasedAs, qualifiedAs, sqlName } from '../shared/flink-sql/names.ts';
import { sameRows } from '../shared/flink-sql/select.ts';
import { selectExpr } from '../shared/spark/columns.ts';
import { call, chain, option, pythonText } from '../shared/spark/python.ts';
import { schemaCall } from '../shared/spark/sources.ts';
import { flinkLookup } from './flink.ts';
import { fileFormatOf } from './file-format-of.ts';
import { addedNames, type JoinLookupConfig } from './spec.ts';
import { javaText } from '../../expression/index.ts';
import { columns, listOf, names } from '../shared/storm/java.ts';

export const joinLookupExport: Exporter<JoinLookupConfig> = {
  facts: (_config, inputs, { schema }) => sameRows(inputs, schema.fields),
  readsTime: () => true,
  flink: flinkLookup,
  /** A file is a DataFrame beside the stream. */
  spark(config, inputs, output, { mode, fileUrl }) {
    const { table, on, kind, fields } = config;
    const input = inputs[0]!;
    if (table.type !== 'file') {
      return { unsupported: say`looks up in a database: put its table into a CSV file, or read it by spark.read.jdbc` };
    }
    const variable = output.freshTable(`${output.table}_table`);
    const url = pythonText(fileUrl(table.path));
    const schema = schemaCall(schemaOf(table.schema));
    const read =
      fileFormatOf(table.path) === 'csv'
        ? chain('spark.read', schema, option('header', true), option('escape', '"'), call('csv', url))
        : chain('spark.read', schema, call('json', url));
    const condition = on
      .map(({ left, right }) => `${LEFT}.${sqlName(left)} = ${RIGHT}.${sqlName(right)}`)
      .join(' AND ');
    const added = addedNames(config).map((name, i) => qualifiedAs(RIGHT, name, fields?.[i]?.as ?? null));
    const { extraTime } = output;
    const time = extraTime === null ? [] : [aliasedAs(`${LEFT}.${sqlName(input.time!)}`, extraTime)];
    const frame = chain(
      input.table,
      call('alias', pythonText(LEFT)),
      call('join', `F.broadcast(${variable}).alias("${RIGHT}")`, `F.expr(${pythonText(condition)})`, pythonText(kind)),
      selectExpr([...input.schema.fields.map(({ name }) => qualifiedAs(LEFT, name)), ...added, ...time]),
    );
    const when = mode === 'batch' ? 'once' : say`with every micro-batch`;
    return {
      frame,
      before: [{ name: variable, frame: read }],
      remarks: [{ fidelity: 'note', text: say`The file is read ${when}; there is no cache with a time to live.` }],
    };
  },
  storm(config, _inputs, outputs, { fileUrl }) {
    const { table, on, kind } = config;
    if (table.type !== 'file') {
      return {
        unsupported: say`looks up in a database: put its table into a CSV file, or use JdbcLookupBolt of storm-jdbc`,
      };
    }
    return {
      base: 'LookupBolt',
      args: [
        javaText(fileUrl(table.path)),
        String(fileFormatOf(table.path) === 'csv'),
        columns(schemaOf(table.schema)),
        listOf(on.map(({ left }) => left)),
        listOf(on.map(({ right }) => right)),
        listOf(addedNames(config)),
        String(kind === 'left'),
        ...names(outputs.out!.schema),
      ],
      remarks: [{ fidelity: 'note', text: say`The file is read when the bolt starts, and not again. It has to be on every worker.` }], // prettier-ignore
    };
  },
};
