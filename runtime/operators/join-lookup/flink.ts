/** A lookup as Flink SQL. */
import type { ExportedOutput, Exporter, Remark, SqlQuery, SqlTable } from '../../core/exporter.ts';
import { say } from '../../core/say.ts';
import { schemaOf } from '../../core/schema.ts';
import { csvTable } from '../shared/flink-sql/csv-table.ts';
import { columnOf } from '../shared/flink-sql/ddl.ts';
import { freshColumn, qualifiedAs, sqlName, sqlNames } from '../shared/flink-sql/names.ts';
import { extraTime, firstRows, selectList } from '../shared/flink-sql/select.ts';
import { addedNames, type JoinLookupConfig } from './spec.ts';

type FileTable = Extract<JoinLookupConfig['table'], { type: 'file' }>;

/**
 * Flink's file connector cannot be asked for single rows. So the whole file is a history with one version of each key, valid since ever; a temporal
 * join waits until it has been read, and emits nothing that it would take back.
 */
export const flinkLookup: Exporter<JoinLookupConfig>['flink'] = (config, inputs, output) => {
  const { table, on, kind } = config;
  const input = inputs[0]!;
  if (input.dialect === 'millrace') {
    return { unsupported: say`looks up in a file or database that is no input of the query` };
  }
  if (table.type !== 'file') {
    return { unsupported: say`looks up in SQLite, which Flink has no connector for: write the table to a CSV file` };
  }
  if (input.time === null) {
    return { unsupported: say`needs rows with an event time in Flink, by which it joins: give the source one` };
  }
  const keys = on.map(({ right }) => right);
  const versions = versionsOf(table, keys, input.table, output);
  const added = addedNames(config).map((name, i) => qualifiedAs('R', name, config.fields?.[i]?.as ?? null));
  const list = [...input.schema.fields.map(({ name }) => qualifiedAs('L', name)), ...added];
  const join = `${kind === 'left' ? 'LEFT JOIN' : 'JOIN'} ${sqlName(versions.name)} FOR SYSTEM_TIME AS OF L.${sqlName(input.time)} AS R`; // prettier-ignore
  const pairs = on.map(({ left, right }) => `L.${sqlName(left)} = R.${sqlName(right)}`).join('\n  AND ');
  return {
    ...versions.query,
    select: `${selectList([...list, ...extraTime(input, output, 'L.')])}\nFROM ${sqlName(input.table)} AS L\n${join}\n  ON ${pairs}`,
    remarks: [READ_ONCE, ...(versions.query.tables?.flatMap((one) => one.table.remarks ?? []) ?? [])],
  };
};

const READ_ONCE: Remark = {
  fidelity: 'approximate',
  text: say`The file is read once, when the job begins: later changes of it are not seen. Of several rows with the same keys the last counts.`,
};

function versionsOf(
  table: FileTable,
  keys: readonly string[],
  input: string,
  output: ExportedOutput,
): { readonly name: string; readonly query: Pick<SqlQuery, 'before' | 'tables'> } {
  const names = table.schema.map(({ name }) => name);
  const since = freshColumn('valid_from', names);
  const file = output.freshTable(`${output.table}_file`);
  const name = output.freshTable(`${output.table}_versions`);
  const { ports, ...description } = fileTable(table, since, output);
  const rows = ports?.['out'];
  const timed: SqlTable = {
    ...description,
    columns: [
      ...description.columns,
      `${sqlName(since)} AS TO_TIMESTAMP_LTZ(0, 3)`,
      `WATERMARK FOR ${sqlName(since)} AS ${sqlName(since)}`,
    ],
  };
  const last = { over: `PARTITION BY ${sqlNames(keys)} ORDER BY ${sqlName(since)} DESC`, rank: freshColumn('row_num', [...names, since, input]), n: 1 }; // prettier-ignore
  const columns = [...names, since].map(sqlName);
  if (rows === undefined) {
    return { name, query: { tables: [{ name: file, table: timed }], before: [{ name, select: firstRows(columns, file, last) }] } }; // prettier-ignore
  }
  const read = output.freshTable(`${output.table}_rows`);
  return {
    name,
    query: {
      tables: [{ name: file, table: timed }],
      before: [
        { name: read, select: rows(sqlName(file)) },
        { name, select: firstRows(columns, read, last) },
      ],
    },
  };
}

function fileTable({ path, schema }: FileTable, since: string, { fileUrl }: ExportedOutput): SqlTable {
  const options = { connector: 'filesystem', path: fileUrl(path) };
  if (!/\.csv$/i.test(path)) {
    return {
      columns: schema.map(columnOf),
      options: { ...options, format: 'json', 'json.timestamp-format.standard': 'ISO-8601' },
    };
  }
  const csv = { header: true, delimiter: ',', onError: 'fail', eventTime: null, beside: [since] } as const;
  return csvTable(csv, schemaOf(schema), { columns: [], options });
}
