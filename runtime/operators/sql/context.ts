import type { ExpansionBuilder } from './builder.ts';
import type { Query } from './query.ts';
import type { Relation } from './relation.ts';

/** What planning a clause needs to know beside the clause. */
export interface Context {
  readonly text: string;
  readonly builder: ExpansionBuilder;
  /** Inputs and the queries of WITH, by name. */
  readonly tables: ReadonlyMap<string, Relation>;
  /** Begins the ids of operators: the names of the queries around, each with `-`. */
  readonly prefix: string;
  planQuery(query: Query, context: Context): Relation;
}

/** Within a named part of the query. */
export function within(context: Context, name: string): Context {
  return { ...context, prefix: `${context.prefix}${name}-` };
}
