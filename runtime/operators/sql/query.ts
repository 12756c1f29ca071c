/** A query as it is written: clauses and names with their places, before any name is looked up. All ranges are places in the query's text. */
import type { TextRange } from '../../core/diagnostics.ts';
import type { Syntax } from '../../expression/index.ts';

export interface Name {
  readonly text: string;
  readonly range: TextRange;
}

export interface Query {
  readonly with: readonly { readonly name: Name; readonly columns: readonly Name[]; readonly query: Query }[];
  readonly body: QueryBody;
  readonly orderBy: readonly SortItem[];
  readonly limit: { readonly rows: number; readonly range: TextRange } | null;
  readonly range: TextRange;
}

export type QueryBody =
  | { readonly type: 'select'; readonly select: Select }
  | { readonly type: 'union'; readonly branches: readonly QueryBody[]; readonly range: TextRange }
  | { readonly type: 'nested'; readonly query: Query };

export interface Select {
  readonly isDistinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: TableExpression;
  readonly where: Expression | null;
  readonly groupBy: { readonly keys: readonly Expression[]; readonly range: TextRange } | null;
  readonly having: Expression | null;
  readonly range: TextRange;
}

export type SelectItem =
  /** `table` null: of all tables. */
  | { readonly type: 'all'; readonly table: Name | null; readonly range: TextRange }
  | { readonly type: 'expression'; readonly expression: Expression; readonly alias: Name | null };

/**
 * An expression of the expression language in which each call that only a query can answer (an aggregate, ROW_NUMBER, …) is
 * replaced by a name of the same length: `syntax` has these names where `calls` has what they stand for.
 */
export interface Expression {
  readonly range: TextRange;
  readonly syntax: Syntax;
  readonly calls: ReadonlyMap<string, Call>;
}

export interface Call {
  readonly name: Name;
  /** Upper case. */
  readonly fn: string;
  /** Null: `*`. */
  readonly args: readonly Expression[] | null;
  readonly isDistinct: boolean;
  readonly filter: Expression | null;
  readonly over: Over | null;
  readonly range: TextRange;
}

export interface Over {
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly SortItem[];
  /** Null: none is written. */
  readonly frame: OverFrame | null;
  readonly range: TextRange;
}

export interface OverFrame {
  readonly type: 'rows' | 'range';
  /** Null: UNBOUNDED PRECEDING; an INTERVAL of RANGE, a number of ROWS. */
  readonly preceding: Expression | null;
  readonly range: TextRange;
}

export interface SortItem {
  readonly expression: Expression;
  readonly direction: 'asc' | 'desc';
  readonly nulls: 'first' | 'last' | null;
}

export type TableExpression =
  | TableName
  | WindowTable
  | MatchTable
  | {
      readonly type: 'query';
      readonly query: Query;
      readonly alias: Name | null;
      readonly columns: readonly Name[];
      readonly range: TextRange;
    }
  | Join
  | Unnest;

export interface TableName {
  readonly type: 'table';
  readonly name: Name;
  readonly alias: Name | null;
  readonly columns: readonly Name[];
  /** FOR SYSTEM_TIME AS OF. */
  readonly asOf: Expression | null;
  readonly range: TextRange;
}

/** `TABLE(TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' MINUTE))`. */
export interface WindowTable {
  readonly type: 'window';
  readonly fn: 'TUMBLE' | 'HOP' | 'CUMULATE' | 'SESSION';
  readonly table: Name;
  readonly partitionBy: readonly Name[];
  readonly time: Name;
  /** INTERVALs, by their names; those given by position have the names of the function's parameters. */
  readonly intervals: ReadonlyMap<string, Expression>;
  readonly alias: Name | null;
  readonly range: TextRange;
}

export type JoinKind = 'inner' | 'left' | 'right' | 'full';

export interface Join {
  readonly type: 'join';
  readonly left: TableExpression;
  readonly right: TableExpression;
  readonly kind: JoinKind;
  /** Null: CROSS JOIN or a comma. */
  readonly on: Expression | null;
  readonly using: readonly Name[];
  readonly range: TextRange;
}

/** `left CROSS JOIN UNNEST(expression) AS alias (columns)`. */
export interface Unnest {
  readonly type: 'unnest';
  readonly left: TableExpression;
  readonly expression: Expression;
  /** LEFT JOIN: rows without elements stay. */
  readonly isOuter: boolean;
  readonly alias: Name | null;
  readonly columns: readonly Name[];
  readonly range: TextRange;
}

export interface MatchTable {
  readonly type: 'match';
  readonly input: TableExpression;
  readonly partitionBy: readonly Name[];
  readonly orderBy: readonly SortItem[];
  readonly measures: readonly { readonly expression: Name; readonly as: Name }[];
  readonly afterMatch: Readonly<Record<string, string>>;
  /** What stands between the parentheses behind PATTERN. */
  readonly pattern: Name;
  readonly within: Expression | null;
  readonly define: readonly { readonly variable: Name; readonly condition: Name }[];
  readonly alias: Name | null;
  readonly range: TextRange;
}
