/** One SELECT: its clauses in the order in which they act. */
import type { TextRange } from '../../core/diagnostics.ts';
import { say } from '../../core/say.ts';
import type { Context } from './context.ts';
import { isAggregated, planAggregate } from './plan-aggregate.ts';
import { hasOver, overColumns, planOver } from './plan-over.ts';
import { planRank, rankItem, takeRank } from './plan-rank.ts';
import { planTable } from './plan-table.ts';
import { QueryProblem } from './problem.ts';
import { project } from './project.ts';
import { computed, filter, type Selected } from './select-parts.ts';
import type { Expression, Name, Select, SelectItem } from './query.ts';
import { heldColumns, type Column, type Relation } from './relation.ts';
import {
  asColumn,
  columnsOf,
  conjunctsOf,
  misplacedCall,
  render,
  renderAll,
  type Rendered,
  type Substitute,
} from './render.ts';

export function planSelect(select: Select, context: Context): Relation {
  const { where, items, range } = select;
  const call = where === null ? undefined : [...where.calls.values()][0];
  if (call !== undefined) throw misplacedCall(call.fn, call.range);
  const pending = where === null ? [] : conjunctsOf(where.syntax);
  const table = planTable(select.from, context, pending);
  const ranked = takeRank(table, pending, select, context);
  const filtered =
    where === null || pending.length === 0
      ? ranked
      : filter(ranked, renderAll(context.text, pending, where.range, columnsOf(ranked.columns)), 'where', context);
  const selected = planItems(select, filtered, context);
  if (!select.isDistinct) return selected;
  const rows = project(selected, context, { id: 'select', label: 'SELECT', range });
  return planDistinct(rows, range, items, context);
}

const NO_RESULTS: NonNullable<Relation['overResults']> = new Map();

/** Columns of plain fields wait for who needs them as fields; computed ones are made at once, so that each is computed once. */
function planItems(select: Select, relation: Relation, context: Context): Relation {
  const { range } = select;
  const made = isAggregated(select)
    ? planAggregate(select, relation, context)
    : {
        ...selectColumns(
          select.items,
          hasOver(select.items) ? planOver(select.items, relation, context) : relation,
          context,
        ),
      };
  const isLazy =
    made.relation.rank !== null ||
    made.relation.window !== null ||
    made.relation.columns.every(({ field }) => field !== null);
  return isLazy
    ? made.relation
    : project(made.relation, context, { id: 'select', label: 'SELECT', range, origins: made.origins });
}

function selectColumns(items: readonly SelectItem[], relation: Relation, context: Context): Selected {
  const ranking = rankItem(items);
  const columns: Column[] = [];
  const origins: Rendered['origin'][] = [];
  items.forEach((item, i) => {
    if (item.type === 'all') {
      for (const column of expandAll(item.table, item.range, relation, columns)) {
        columns.push(column);
        if (column.text !== null) origins.push({ path: 'query', range: item.range });
      }
      return;
    }
    if (item === ranking) {
      columns.push(planRank(item, relation, context.text).column);
      return;
    }
    const column = selectColumn(item.expression, item.alias, i, relation, context.text);
    columns.push(column.column);
    if (column.column.text !== null) origins.push(column.origin);
  });
  const rank = ranking === null ? relation.rank : planRank(ranking, relation, context.text).rank;
  return { relation: { ...relation, columns, rank, overResults: NO_RESULTS }, origins };
}

function selectColumn(
  expression: Expression,
  alias: Name | null,
  index: number,
  relation: Relation,
  query: string,
): { column: Column; origin: Rendered['origin'] } {
  const { columns } = relation;
  const source = asColumn(expression, columns);
  const origin = { path: 'query', range: expression.range };
  if (source !== null) return { column: { ...source, name: alias?.text ?? source.name, table: null }, origin };
  const results = overColumns(expression, relation);
  const call = [...expression.calls.values()].find((one) => !relation.overResults?.has(one));
  if (call !== undefined) throw misplacedCall(call.fn, call.range);
  const rendered = render(query, expression.syntax, expression.range, overOr(results, columns, expression));
  return { column: computed(alias, index, rendered), origin: rendered.origin };
}

/** The results of OVER stand where its calls do. */
function overOr(results: readonly Column[], columns: readonly Column[], { calls }: Expression): Substitute {
  const others = columnsOf(columns);
  return (syntax) => {
    const result = syntax.node === 'name' ? results.find(({ name }) => name === syntax.path[0]!.text) : undefined;
    return result === undefined || result.text === null
      ? others(syntax)
      : { text: result.text, range: calls.get(result.name)!.range };
  };
}

/** Columns of `*`; one whose name is taken goes by that of its field, and one that is there already is left out. */
function expandAll(table: Name | null, range: TextRange, { columns }: Relation, before: readonly Column[]): Column[] {
  const wanted = table === null ? columns : columns.filter((column) => column.table === table.text);
  if (wanted.length === 0) {
    throw new QueryProblem(
      'MR1803',
      table === null ? say`there are no columns` : say`there is no table "${table.text}"`,
      range,
    );
  }
  const all: Column[] = [];
  for (const column of wanted) {
    const same = [...before, ...all].find(({ name }) => name === column.name);
    if (same !== undefined && same.field === column.field && column.field !== null) continue;
    all.push({ ...column, table: null, name: same === undefined ? column.name : (column.field ?? column.name) });
  }
  return all;
}

/** The first row of each kind; where rows may be taken back, a group of each. */
function planDistinct(
  relation: Relation,
  range: TextRange,
  items: readonly SelectItem[],
  { builder, prefix }: Context,
): Relation {
  const keys = heldColumns(relation).map(({ name }) => name);
  const [first] = items;
  const place =
    first === undefined
      ? range
      : { start: range.start, end: first.type === 'all' ? first.range.end : first.expression.range.end };
  const source = builder.add(
    relation.hasUpdates
      ? {
          id: `${prefix}distinct`,
          type: 'aggregate.running',
          label: 'DISTINCT',
          config: { groupBy: keys, aggregates: [] },
          range: place,
        }
      : {
          id: `${prefix}distinct`,
          type: 'dedup',
          label: 'DISTINCT',
          config: { keys, keep: 'first', time: 'processing' },
          range: place,
        },
    [['in', relation.source]],
  );
  return { ...relation, source };
}
