/** Aggregates OVER the rows before a row, as `over`. */
import type { Origin } from '../../core/expansion.ts';
import { say } from '../../core/say.ts';
import { printName } from '../../expression/print.ts';
import { toAggregate } from './aggregate-call.ts';
import type { Context } from './context.ts';
import { durationOf } from './intervals.ts';
import { QueryProblem, unsupported } from './problem.ts';
import type { Call, Expression, Over, OverFrame, SelectItem } from './query.ts';
import { fieldColumn, freshName, type Column, type Relation } from './relation.ts';
import { asColumn } from './render.ts';

const RANK = 'ROW_NUMBER';

export function hasOver(items: readonly SelectItem[]): boolean {
  return overCalls(items).length > 0;
}

function overCalls(items: readonly SelectItem[]): Call[] {
  return items.flatMap((item) =>
    item.type === 'all'
      ? []
      : [...item.expression.calls.values()].filter(({ over, fn }) => over !== null && fn !== RANK),
  );
}

/** The results are columns under the names that `calls` of the expressions have. */
export function planOver(items: readonly SelectItem[], relation: Relation, context: Context): Relation {
  const calls = overCalls(items);
  const over = calls[0]!.over!;
  const written = ({ range }: Over): string => context.text.slice(range.start, range.end).replaceAll(/\s+/g, ' ');
  const other = calls.find((call) => written(call.over!) !== written(over));
  if (other !== undefined)
    throw unsupported(
      say`another window in OVER`,
      say`use one window for all of a SELECT, and a sub-query for the other`,
      other.over!.range,
    );
  if (relation.window !== null || relation.rank !== null)
    throw unsupported(say`OVER on rows in windows`, say`aggregate them first`, over.range);

  const taken = new Set(relation.fields);
  const aggregates = calls.map((call) => {
    const aggregate = toAggregate(call, relation.columns, context.text);
    const as = freshName(aliasOf(call, items) ?? aggregate.name, taken);
    taken.add(as);
    return { call, as, aggregate };
  });
  const source = context.builder.add(
    {
      id: `${context.prefix}over`,
      type: 'over',
      label: 'OVER',
      config: {
        partitionBy: over.partitionBy.map((key) => fieldOf(key, relation.columns)),
        orderBy: orderOf(over, relation.columns),
        frame: frameOf(over.frame),
        aggregates: aggregates.map(({ as, aggregate }) => ({ as, ...aggregate.config })),
      },
      range: over.range,
      origins: Object.fromEntries(
        aggregates.flatMap(({ aggregate }, i) =>
          Object.entries(aggregate.origins).map(([path, origin]): [string, Origin] => [
            `aggregates[${i}]${path}`,
            origin,
          ]),
        ),
      ),
    },
    [['in', relation.source]],
  );
  const results = aggregates.map(({ call, as }): [Call, string] => [call, as]);
  return {
    ...relation,
    source,
    fields: [...relation.fields, ...aggregates.map(({ as }) => as)],
    overResults: new Map(results),
  };
}

function aliasOf(call: Call, items: readonly SelectItem[]): string | null {
  const item = items.find(
    (one) =>
      one.type === 'expression' &&
      one.expression.range.start === call.range.start &&
      one.expression.range.end === call.range.end,
  );
  return item?.type === 'expression' ? (item.alias?.text ?? null) : null;
}

function fieldOf(expression: Expression, columns: readonly Column[]): string {
  const field = asColumn(expression, columns)?.field ?? null;
  if (field === null)
    throw unsupported(
      say`PARTITION BY an expression`,
      say`compute it in a sub-query, and name it here`,
      expression.range,
    );
  return field;
}

function orderOf({ orderBy, range }: Over, columns: readonly Column[]): 'event' | 'processing' {
  const [key, second] = orderBy;
  if (key === undefined) throw new QueryProblem('MR1803', say`OVER needs ORDER BY and the time column`, range);
  if (second !== undefined)
    throw unsupported(say`a second sort key in OVER`, say`leave it out`, second.expression.range);
  if (key.direction === 'desc')
    throw unsupported(say`OVER … DESC`, say`rows come in the order of time: leave DESC out`, key.expression.range);
  if (isProcessingTime(key.expression)) return 'processing';
  if (asColumn(key.expression, columns)?.isTime !== true) {
    throw new QueryProblem(
      'MR1804',
      say`rows of a stream come in the order of their event time: order by the time column, or by PROCTIME()`,
      key.expression.range,
    );
  }
  return 'event';
}

export function isProcessingTime({ syntax }: Expression): boolean {
  return syntax.node === 'call' && syntax.name.text.toUpperCase() === 'PROCTIME';
}

function frameOf(frame: OverFrame | null): object {
  if (frame === null || frame.preceding === null) return { type: frame?.type ?? 'range' };
  const { type, preceding, range } = frame;
  if (type === 'range') return { type, preceding: durationOf(preceding.syntax) };
  if (preceding.syntax.node !== 'number') throw new QueryProblem('MR1803', say`ROWS needs a number of rows`, range);
  return { type, preceding: Number(preceding.syntax.text) };
}

/** For `columnsOf`: the results of OVER in an expression. */
export function overColumns({ calls }: Expression, { overResults }: Relation): readonly Column[] {
  return [...calls].flatMap(([name, call]) => {
    const as = overResults?.get(call);
    return as === undefined ? [] : [{ ...fieldColumn(as), name, text: printName(as) }];
  });
}
