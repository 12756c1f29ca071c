/** Names as Flink SQL writes them. */
import { backquoted } from '../../../expression/print.ts';
import { RESERVED } from './reserved-words.ts';

/** In backquotes where it would be read as something else. */
export function sqlName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name.toUpperCase()) ? name : backquoted(name);
}

export function sqlNames(names: readonly string[]): string {
  return names.map(sqlName).join(', ');
}

/** `expression AS name`, without the alias where it is the name already. */
export function aliasedAs(expression: string, name: string): string {
  return expression === sqlName(name) ? expression : `${expression} AS ${sqlName(name)}`;
}

/** `L.name AS other`: a column of a table that has an alias, without another name where it keeps its own. */
export function qualifiedAs(table: string, name: string, as: string | null = null): string {
  return as === null || as === name ? `${table}.${sqlName(name)}` : aliasedAs(`${table}.${sqlName(name)}`, as);
}

/** `base`, or with a number behind it the first that is not taken. */
export function freshColumn(base: string, taken: readonly string[]): string {
  let name = base;
  for (let n = 2; taken.includes(name); n++) name = `${base}${n}`;
  return name;
}
