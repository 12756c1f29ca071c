/** Parts that the queries of several operators have in common. */
import type { ExportedInput, ExportedOutput, KnownStream, SqlFragment, StreamFacts } from '../../../core/exporter.ts';
import { aliasedAs, freshColumn, sqlName } from './names.ts';

/** A list with a line of its own for each entry where one line would be long. */
export function selectList(items: readonly string[]): string {
  const line = items.join(', ');
  return line.length <= 100 && !line.includes('\n') ? `SELECT ${line}` : `SELECT\n  ${items.join(',\n  ')}`;
}

/** All columns of the input, where the query only chooses rows. */
export function sameColumns(input: ExportedInput, output: ExportedOutput): string {
  const { fields } = output.schema;
  // Flink's own scripts are read by people: what a view gives is to be seen in it.
  const isSame =
    input.dialect === 'millrace' && input.columns.length === fields.length + (output.extraTime === null ? 0 : 1);
  return isSame ? 'SELECT *' : selectList([...fields.map(({ name }) => sqlName(name)), ...extraTime(input, output)]);
}

/** The column with the event time, where it is asked for beside the fields. */
export function extraTime(input: ExportedInput, { extraTime: name }: ExportedOutput, table = ''): readonly string[] {
  return name === null || input.time === null ? [] : [aliasedAs(`${table}${sqlName(input.time)}`, name)];
}

/** What a column with the event time beside these fields is called. */
export function timeBeside(fields: readonly { readonly name: string }[]): string {
  return freshColumn(
    'rowtime',
    fields.map(({ name }) => name),
  );
}

/** Rows of the first input, with columns beside theirs: the time is where it was, under a name that is still free. */
export function sameRows([input]: readonly KnownStream[], fields: readonly { readonly name: string }[]): StreamFacts {
  const time = input?.time ?? null;
  if (input === undefined || time === null) return { time: null, isWindowed: input?.isWindowed ?? false };
  const isField = input.schema.fields.some(({ name }) => name === time);
  return { time: isField ? time : timeBeside(fields), isWindowed: input.isWindowed };
}

/** Why a query cannot name the time of its rows. */
export function withoutTime({ table }: ExportedInput): SqlFragment {
  return {
    unsupported: `goes by the event time of its rows, and no field of "${table}" is known to hold it (behind a join none does)`,
  };
}

/** Of a config with `stateTtl`; null: it has none. */
export function ttlProblem(...ttls: readonly (number | null)[]): SqlFragment | null {
  return ttls.some((ttl) => ttl !== null && ttl > 0)
    ? { unsupported: 'forgets its state after a TTL, which a query cannot say: take the TTL away' }
    : null;
}

/** The first `n` rows of a ranking, with the number of each in field `rank` where the output has it. */
export function rankedRows(
  input: ExportedInput,
  output: ExportedOutput,
  { over, rank, n }: { readonly over: string; readonly rank: string; readonly n: number },
): SqlFragment {
  const columns = [...output.schema.fields.map(({ name }) => sqlName(name)), ...extraTime(input, output)];
  const ranked = `SELECT *, ROW_NUMBER() OVER (${over}) AS ${sqlName(rank)}\n  FROM ${sqlName(input.table)}`;
  const limit = n === 1 ? '= 1' : `<= ${n}`;
  return { select: `${selectList(columns)}\nFROM (\n  ${ranked}\n)\nWHERE ${sqlName(rank)} ${limit}` };
}
