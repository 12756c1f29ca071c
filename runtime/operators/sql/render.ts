/** Expressions of a query as expressions over the fields of a stream, with the place that each character comes from. */
import type { TextRange } from '../../core/diagnostics.ts';
import type { Origin, TextPiece } from '../../core/expansion.ts';
import { say } from '../../core/say.ts';
import { syntaxChildren, type Syntax } from '../../expression/index.ts';
import { closesAtEnd } from '../../expression/print.ts';
import { QueryProblem, unsupported } from './problem.ts';
import type { Expression } from './query.ts';
import { findColumn, type Column } from './relation.ts';

export interface Rendered {
  readonly text: string;
  readonly origin: Origin;
}

/** What stands in place of a part of an expression, over its `range`; null: look into the part. */
export type Substitute = (syntax: Syntax) => { readonly text: string; readonly range: TextRange } | null;

/** `range`: of the part of the expression that is wanted. */
export function render(query: string, syntax: Syntax, range: TextRange, substitute: Substitute): Rendered {
  const replaced: { text: string; range: TextRange }[] = [];
  const visit = (part: Syntax): void => {
    const found = substitute(part);
    if (found === null) syntaxChildren(part).forEach(visit);
    else replaced.push(found);
  };
  visit(syntax);
  replaced.sort((a, b) => a.range.start - b.range.start);

  const pieces: TextPiece[] = [];
  let text = '';
  const append = (piece: string, outer: TextRange): void => {
    if (piece === '') return;
    pieces.push({ inner: { start: text.length, end: text.length + piece.length }, outer });
    text += piece;
  };
  let at = range.start;
  for (const one of replaced) {
    append(query.slice(at, one.range.start), { start: at, end: one.range.start });
    append(one.text, one.range);
    at = one.range.end;
  }
  append(query.slice(at, range.end), { start: at, end: range.end });
  return { text, origin: { path: 'query', range, pieces } };
}

/** Over the columns of a stream, in an expression without aggregates. */
export function renderOver(query: string, expression: Expression, columns: readonly Column[]): Rendered {
  const [call] = expression.calls.values();
  if (call !== undefined) throw misplacedCall(call.fn, call.range);
  return render(query, expression.syntax, expression.range, columnsOf(columns));
}

export function misplacedCall(fn: string, range: TextRange): QueryProblem {
  return new QueryProblem(
    'MR1803',
    say`${fn} cannot stand here: compute it in SELECT, in a sub-query if need be`,
    range,
  );
}

/** Names of columns become the text of the column. `prefix`: which side of a join. */
export function columnsOf(columns: readonly Column[], prefix: (column: Column) => string = () => ''): Substitute {
  return (syntax) => {
    if (syntax.node !== 'name') return null;
    const found = findColumn(columns, syntax.path);
    // What is no column is for the expression's own check to judge.
    if (found === null) return null;
    const { column, used } = found;
    const range = { start: syntax.path[0]!.range.start, end: syntax.path[used - 1]!.range.end };
    return { text: `${prefix(column)}${textOf(column, range)}`, range };
  };
}

function textOf({ text, field, name, windowPart }: Column, range: TextRange): string {
  if (text !== null) return field === null && !/^[\w$.]+$/.test(text) ? `(${text})` : text;
  if (windowPart !== null) {
    throw unsupported(
      say`"${name}" of rows that are not aggregated`,
      say`GROUP BY window_start, window_end, or join two tables in the same window by both`,
      range,
    );
  }
  throw unsupported(
    say`"${name}" without a limit`,
    say`keep the first rows in an outer query: WHERE ${name} <= 10`,
    range,
  );
}

/** The column that an expression is, and no more; null for any other expression. */
export function asColumn({ syntax, calls }: Expression, columns: readonly Column[]): Column | null {
  if (syntax.node !== 'name' || calls.size > 0) return null;
  const found = findColumn(columns, syntax.path);
  return found !== null && found.used === syntax.path.length ? found.column : null;
}

/** The parts that AND joins, outermost. */
export function conjunctsOf(syntax: Syntax): Syntax[] {
  if (syntax.node !== 'logical' || syntax.operator !== 'AND') return [syntax];
  return [...conjunctsOf(syntax.left), ...conjunctsOf(syntax.right)];
}

/** All of the parts TRUE: one of them as it is, several in parentheses. */
export function renderAll(query: string, parts: readonly Syntax[], range: TextRange, substitute: Substitute): Rendered {
  const rendered = parts.map((part) => render(query, part, part.range, substitute));
  if (rendered.length === 1) return rendered[0]!;
  let text = '';
  const pieces: TextPiece[] = [];
  for (const one of rendered) {
    const isClosed = one.text.startsWith('(') && closesAtEnd(one.text);
    text += `${text === '' ? '' : ' AND '}${isClosed ? '' : '('}`;
    for (const { inner, outer } of one.origin.pieces ?? []) {
      pieces.push({ inner: { start: inner.start + text.length, end: inner.end + text.length }, outer });
    }
    text += `${one.text}${isClosed ? '' : ')'}`;
  }
  return { text, origin: { path: 'query', range, pieces } };
}

/** Every name in it. */
export function namesIn(syntax: Syntax): Extract<Syntax, { node: 'name' }>[] {
  return syntax.node === 'name' ? [syntax] : syntaxChildren(syntax).flatMap(namesIn);
}
