/** ROW_NUMBER: the sub-query that has it waits for an outer one to say how many rows are kept, and both become `topn` or `dedup`. */
import type { Origin } from '../../core/expansion.ts';
import { say } from '../../core/say.ts';
import { syntaxChildren, type Syntax } from '../../expression/index.ts';
import type { Context } from './context.ts';
import { isProcessingTime } from './plan-over.ts';
import { QueryProblem, unsupported } from './problem.ts';
import type { Select, SelectItem } from './query.ts';
import { findColumn, freshName, fieldColumn, type Column, type PendingRank, type Relation } from './relation.ts';
import { asColumn, renderOver } from './render.ts';

type ExpressionItem = Extract<SelectItem, { type: 'expression' }>;

export function rankItem(items: readonly SelectItem[]): ExpressionItem | null {
  const ranked = items.filter(
    (item): item is ExpressionItem =>
      item.type === 'expression' && [...item.expression.calls.values()].some(({ fn }) => fn === 'ROW_NUMBER'),
  );
  const [first, second] = ranked;
  if (second !== undefined)
    throw unsupported(say`a second ROW_NUMBER`, say`use one in a sub-query`, second.expression.range);
  return first ?? null;
}

export function planRank(
  { expression, alias }: ExpressionItem,
  relation: Relation,
  query: string,
): { column: Column; rank: PendingRank } {
  const [call] = expression.calls.values();
  if (expression.syntax.node !== 'name' || call === undefined || call.over === null) {
    throw unsupported(
      say`ROW_NUMBER in an expression`,
      say`give it a name of its own: ROW_NUMBER() OVER (…) AS rn`,
      expression.range,
    );
  }
  if (relation.window !== null || relation.rank !== null)
    throw unsupported(say`ROW_NUMBER here`, say`aggregate or limit the rows first`, expression.range);
  const { over } = call;
  const [first] = over.orderBy;
  if (first === undefined) throw new QueryProblem('MR1803', say`ROW_NUMBER needs ORDER BY`, over.range);
  const name = alias?.text ?? 'EXPR$0';
  const rank: PendingRank = {
    name,
    partitionBy: over.partitionBy.map((key) => {
      const column = asColumn(key, relation.columns);
      if (column === null || column.field === null)
        throw unsupported(say`PARTITION BY an expression`, say`compute it in a sub-query, and name it here`, key.range);
      return column;
    }),
    orderBy: over.orderBy.map(({ expression: key, direction, nulls }) => {
      const isClock = isProcessingTime(key);
      const { text, origin } = isClock
        ? { text: '', origin: { path: 'query' } }
        : renderOver(query, key, relation.columns);
      return {
        text,
        origin,
        direction,
        nulls,
        time: isClock ? 'processing' : asColumn(key, relation.columns)?.isTime === true ? 'event' : null,
      };
    }),
    range: call.range,
  };
  return { column: { ...fieldColumn(name), text: null, field: null }, rank };
}

/** Takes the limit out of `pending`, and makes the operator that keeps so many rows. */
export function takeRank(relation: Relation, pending: Syntax[], select: Select, context: Context): Relation {
  const { rank } = relation;
  if (rank === null) return relation;
  const isRank = (syntax: Syntax): boolean =>
    syntax.node === 'name' && findColumn(relation.columns, syntax.path)?.column.name === rank.name;
  const limits = pending.map((syntax) => limitOf(syntax, isRank));
  const index = limits.findIndex((limit) => limit !== null);
  const n = limits[index] ?? null;
  if (n === null) {
    throw unsupported(
      say`ROW_NUMBER without a limit`,
      say`say how many rows are kept: WHERE ${rank.name} <= 10`,
      rank.range,
    );
  }
  const place = pending[index]!.range;
  pending.splice(index, 1);
  const isUsed = usesRank(select, pending, isRank, relation);
  const columns = relation.columns.filter(({ name }) => name !== rank.name);
  const time = rank.orderBy.length === 1 ? rank.orderBy[0]!.time : null;
  const rest = { ...relation, rank: null };
  if (n === 1 && time !== null && rank.partitionBy.length > 0) {
    const keep = rank.orderBy[0]!.direction === 'asc' ? 'first' : 'last';
    const config = { keys: rank.partitionBy.map(({ field }) => field), keep, time };
    const source = context.builder.add(
      { id: `${context.prefix}dedup`, type: 'dedup', label: 'ROW_NUMBER = 1', config, range: place },
      [['in', relation.source]],
    );
    const one = relation.columns.map((column) =>
      column.name === rank.name ? { ...column, text: 'CAST(1 AS BIGINT)' } : column,
    );
    return { ...rest, source, columns: isUsed ? one : columns, hasUpdates: keep === 'last' };
  }
  if (rank.orderBy.some(({ text }) => text === '')) {
    throw unsupported(say`a Top-N by PROCTIME()`, say`order by a column`, rank.range);
  }
  return planTopN(rest, rank, n, columns, isUsed, context);
}

function planTopN(
  relation: Relation,
  rank: PendingRank,
  n: number,
  columns: readonly Column[],
  isUsed: boolean,
  context: Context,
): Relation {
  const windowParts = rank.partitionBy.filter(({ windowPart, field }) => windowPart !== null && field === windowPart);
  const perWindow = ['window_start', 'window_end'].every((part) => windowParts.some(({ field }) => field === part));
  const keys = rank.partitionBy
    .filter((column) => !perWindow || !windowParts.includes(column))
    .map(({ field }) => field!);
  const field = freshName(rank.name, new Set(relation.fields));
  const origins = Object.fromEntries(
    rank.orderBy.map(({ origin }, i): [string, Origin] => [`orderBy[${i}].expr`, origin]),
  );
  const source = context.builder.add(
    {
      id: `${context.prefix}top`,
      type: 'topn',
      label: 'ROW_NUMBER',
      config: {
        partitionBy: keys,
        orderBy: rank.orderBy.map(({ text, direction, nulls }) => ({
          expr: text,
          direction,
          ...(nulls === null ? {} : { nulls }),
        })),
        n,
        ...(isUsed ? { rank: field } : {}),
        ...(perWindow ? { perWindow } : {}),
      },
      range: rank.range,
      origins,
    },
    [['in', relation.source]],
  );
  const ranked = relation.columns.map((column) =>
    column.name === rank.name ? { ...column, ...fieldColumn(field), name: column.name, table: column.table } : column,
  );
  return {
    ...relation,
    source,
    fields: isUsed ? [...relation.fields, field] : relation.fields,
    columns: isUsed ? ranked : columns,
    hasUpdates: !perWindow,
  };
}

/** `rn <= 3`, `rn < 4`, `rn = 1`, `3 >= rn`, `rn BETWEEN 1 AND 3`. */
function limitOf(syntax: Syntax, isRank: (syntax: Syntax) => boolean): number | null {
  if (syntax.node === 'between' && !syntax.negated && isRank(syntax.operand)) {
    return numberOf(syntax.low) === 1 ? numberOf(syntax.high) : null;
  }
  if (syntax.node !== 'comparison') return null;
  const isFirst = isRank(syntax.left);
  if (!isFirst && !isRank(syntax.right)) return null;
  const number = numberOf(isFirst ? syntax.right : syntax.left);
  if (number === null) return null;
  switch (syntax.operator) {
    case isFirst ? '<=' : '>=':
      return number;
    case isFirst ? '<' : '>':
      return number - 1;
    case '=':
      return number === 1 ? 1 : null;
    default:
      return null;
  }
}

function numberOf(syntax: Syntax): number | null {
  return syntax.node === 'number' && syntax.form === 'integer' ? Number(syntax.text) : null;
}

function usesRank(
  select: Select,
  pending: readonly Syntax[],
  isRank: (syntax: Syntax) => boolean,
  relation: Relation,
): boolean {
  const mentions = (syntax: Syntax): boolean => isRank(syntax) || syntaxChildren(syntax).some(mentions);
  const table = relation.columns[0]?.table ?? null;
  return (
    pending.some(mentions) ||
    (select.groupBy?.keys ?? []).some(({ syntax }) => mentions(syntax)) ||
    select.items.some((item) => {
      if (item.type === 'all') return item.table === null || item.table.text === table;
      const inCalls = [...item.expression.calls.values()].flatMap(({ args, filter }) => [
        ...(args ?? []),
        ...(filter === null ? [] : [filter]),
      ]);
      return mentions(item.expression.syntax) || inCalls.some(({ syntax }) => mentions(syntax));
    })
  );
}
