/** A stream as a query sees it: by columns, which are fields or what is computed from them, under the names of tables. */
import type { TextRange } from '../../core/diagnostics.ts';
import type { Origin, PortRef } from '../../core/expansion.ts';
import { say } from '../../core/say.ts';
import type { DataType } from '../../core/types.ts';
import type { NamePart } from '../../expression/index.ts';
import { printName } from '../../expression/print.ts';
import { QueryProblem } from './problem.ts';
import type { Call, Name } from './query.ts';

/** An operator's output, or an input of the query. */
export type Source = PortRef | { readonly input: string };

export interface Column {
  /** The alias it can be qualified with; null = none. */
  readonly table: string | null;
  readonly name: string;
  /** An expression over the stream's fields; null for what is not there (yet): part of a window, a rank. */
  readonly text: string | null;
  /** The field, when it is one and no more. */
  readonly field: string | null;
  /** It is the event time of its rows. */
  readonly isTime: boolean;
  readonly windowPart: 'window_start' | 'window_end' | 'window_time' | null;
  /** Of an input's field. */
  readonly type: DataType | null;
}

/** Rows in windows that no operator has made yet: the one that aggregates or joins them does. */
export interface PendingWindow {
  readonly config: Readonly<Record<string, unknown>>;
  /** Names of its SESSION's PARTITION BY. */
  readonly partitionBy: readonly string[];
  readonly range: TextRange;
}

/** A ROW_NUMBER that waits for the outer query to say up to which one. */
export interface PendingRank {
  readonly name: string;
  readonly partitionBy: readonly Column[];
  readonly orderBy: readonly RankKey[];
  readonly range: TextRange;
}

export interface RankKey {
  /** Over the fields; '' for the clock. */
  readonly text: string;
  readonly origin: Origin;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last' | null;
  /** Null: no time. */
  readonly time: 'event' | 'processing' | null;
}

export interface Relation {
  readonly source: Source;
  /** Names of the stream's fields, in order. */
  readonly fields: readonly string[];
  readonly columns: readonly Column[];
  readonly window: PendingWindow | null;
  readonly rank: PendingRank | null;
  /** Rows are also taken back. */
  readonly hasUpdates: boolean;
  /** Fields with the results of OVER, for the SELECT that has the calls. */
  readonly overResults?: ReadonlyMap<Call, string>;
}

/** A column that is a field. */
export function fieldColumn(name: string, more: Partial<Column> = {}): Column {
  return {
    table: null,
    name,
    text: printName(name),
    field: name,
    isTime: false,
    windowPart: null,
    type: null,
    ...more,
  };
}

/** All columns under one alias, renamed in order where names are given. */
export function aliased(relation: Relation, alias: Name | null, names: readonly Name[]): Relation {
  if (names.length > relation.columns.length) {
    throw new QueryProblem(
      'MR1803',
      say`there are ${names.length} names for ${relation.columns.length} columns`,
      names.at(-1)!.range,
    );
  }
  const columns = relation.columns.map((column, i) => ({
    ...column,
    table: alias?.text ?? column.table,
    name: names[i]?.text ?? column.name,
  }));
  const rank =
    relation.rank === null
      ? null
      : { ...relation.rank, name: columns.find((_, i) => relation.columns[i]!.name === relation.rank!.name)!.name };
  return { ...relation, columns, rank };
}

export interface Found {
  readonly column: Column;
  /** So many parts of the name are the column's; the others are fields of a row in it. */
  readonly used: 1 | 2;
}

/** Null: there is none. Throws QueryProblem where two tables have it. */
export function findColumn(columns: readonly Column[], path: readonly NamePart[]): Found | null {
  const [first, second] = path;
  if (first === undefined) return null;
  if (second !== undefined) {
    const qualified = columns.find(({ table, name }) => table === first.text && name === second.text);
    if (qualified !== undefined) return { column: qualified, used: 2 };
  }
  const found = columns.filter(({ name }) => name === first.text);
  // Both sides of a window join have the same window.
  const isOne = found.every(({ field }) => field !== null && field === found[0]!.field);
  if (found.length > 1 && !isOne) {
    const tables = found.map(({ table }) => `${table ?? ''}.${first.text}`).join(' or ');
    throw new QueryProblem('MR1307', say`"${first.text}" is a column of several tables: write ${tables}`, first.range);
  }
  return found[0] === undefined ? null : { column: found[0], used: 1 };
}

export function columnNames(columns: readonly Column[]): string {
  return columns.map(({ name }) => name).join(', ') || 'none';
}

/** The columns that a stream holds by now. */
export function heldColumns({ columns }: Relation): readonly Column[] {
  return columns.filter(({ text }) => text !== null);
}

/** `base`, or with a number behind it the first that is not taken. */
export function freshName(base: string, taken: ReadonlySet<string>): string {
  let name = base;
  for (let n = 2; taken.has(name); n++) name = `${base}_${n}`;
  return name;
}
