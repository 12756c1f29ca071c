/** Parts that the queries of several operators have in common. */
import type {
  ExportedInput,
  ExportedOutput,
  KnownStream,
  Remark,
  SqlFragment,
  SqlQuery,
  StreamFacts,
  Unsupported,
} from '../../../core/exporter.ts';
import { say } from '../../../core/say.ts';
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

/** Rows as they are, for what a query cannot do to them; our own operator says so instead. */
export function passedOn(input: ExportedInput, output: ExportedOutput, what: string, note: string): SqlFragment {
  if (input.dialect === 'millrace') return { unsupported: say`${what}, which is nothing that a query can ask for` };
  return {
    select: `${sameColumns(input, output)}\nFROM ${sqlName(input.table)}`,
    remarks: [{ fidelity: 'note', text: note }],
  };
}

/** The column with the event time, where it is asked for beside the fields. */
export function extraTime(input: ExportedInput, { extraTime: name }: ExportedOutput, table = ''): readonly string[] {
  return name === null || input.time === null ? [] : [aliasedAs(`${table}${sqlName(input.time)}`, name)];
}

/** The event time as a field like others, under its name. */
export function asPlainTime(name: string): string {
  return `CAST(${sqlName(name)} AS TIMESTAMP_LTZ(3)) AS ${sqlName(name)}`;
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
export function withoutTime({ table }: Pick<ExportedInput, 'table'>): Unsupported {
  return {
    unsupported: say`goes by the event time of its rows, and no field of "${table}" is known to hold it. Behind a join of whole streams none does: put it in front of the join, or make that an interval join`,
  };
}

/** Of a config with `stateTtl`, for our own operator, whose queries know none; null: there is no problem. */
export function ttlProblem({ dialect }: ExportedInput, ...ttls: readonly (number | null)[]): SqlFragment | null {
  return dialect === 'millrace' && ttls.some(hasTtl)
    ? { unsupported: say`forgets its state after a TTL, which a query cannot say: take the TTL away` }
    : null;
}

/** `SELECT` with a hint for how long Flink keeps the state of each table; one without a TTL is left out. */
export function withTtlHint(select: string, ttls: Readonly<Record<string, number | null>>): string {
  const given = Object.entries(ttls).filter(([, ttl]) => hasTtl(ttl));
  if (given.length === 0) return select;
  const hints = given.map(([table, ttl]) => `'${table.replaceAll("'", "''")}' = '${ttl}ms'`);
  return select.replace(/^SELECT\b/, `SELECT /*+ STATE_TTL(${hints.join(', ')}) */`);
}

/** Where Flink has no hint for the operator's state. */
export function keptForEver({ dialect }: ExportedInput, ttl: number | null): { readonly remarks?: readonly Remark[] } {
  if (dialect === 'millrace' || !hasTtl(ttl)) return {};
  const text =
    'Flink keeps the state of this for ever, and finds again what is forgotten here after its TTL. SET table.exec.state.ttl gives one to all operators of the job.';
  return { remarks: [{ fidelity: 'approximate', text }] };
}

function hasTtl(ttl: number | null): boolean {
  return ttl !== null && ttl > 0;
}

/** The first `n` rows of a ranking, with the number of each in field `rank` where the output has it. */
export function rankedRows(
  input: ExportedInput,
  output: ExportedOutput,
  { over, rank, n }: { readonly over: string; readonly rank: string; readonly n: number },
): SqlQuery {
  const columns = [...output.schema.fields.map(({ name }) => sqlName(name)), ...extraTime(input, output)];
  return { select: firstRows(columns, input.table, { over, rank, n }) };
}

/** As `rankedRows`, with these columns. */
export function firstRows(
  columns: readonly string[],
  table: string,
  { over, rank, n, where }: { over: string; rank: string; n: number; where?: string },
): string {
  const rows = `FROM ${sqlName(table)}${where === undefined ? '' : `\n  WHERE ${where}`}`;
  const ranked = `SELECT *, ROW_NUMBER() OVER (${over}) AS ${sqlName(rank)}\n  ${rows}`;
  const limit = n === 1 ? '= 1' : `<= ${n}`;
  return `${selectList(columns)}\nFROM (\n  ${ranked}\n)\nWHERE ${sqlName(rank)} ${limit}`;
}
