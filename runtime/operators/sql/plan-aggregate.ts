/** GROUP BY and aggregate functions: over the window that FROM says, or without one as a running aggregate. */
import type { Origin } from '../../core/expansion.ts';
import { say } from '../../core/say.ts';
import { printName } from '../../expression/print.ts';
import type { Syntax } from '../../expression/index.ts';
import { toAggregate, type Aggregate } from './aggregate-call.ts';
import type { Context } from './context.ts';
import { QueryProblem, unsupported } from './problem.ts';
import { project } from './project.ts';
import { computed, filter, type Selected } from './select-parts.ts';
import type { Call, Expression, Select } from './query.ts';
import { fieldColumn, findColumn, freshName, type Column, type Relation } from './relation.ts';
import { asColumn, columnsOf, render, renderOver, type Rendered, type Substitute } from './render.ts';

interface Key {
  /** Its field in the input of the aggregate. */
  readonly field: string;
  /** As the query names it; null: it is computed. */
  readonly column: Column | null;
  /** The expression that it is computed by. */
  readonly text: string;
}

export function isAggregated({ items, groupBy, having }: Select): boolean {
  const calls = items.flatMap((item) => (item.type === 'all' ? [] : [...item.expression.calls.values()]));
  return groupBy !== null || having !== null || calls.some((call) => call.over === null);
}

export function planAggregate(select: Select, table: Relation, context: Context): Selected {
  const { items, groupBy, having, range } = select;
  const rows = table.rank === null ? table : project(table, context, { id: 'rows', label: 'SELECT', range });
  const { keys, parts, relation } = planKeys(select, rows, context);
  const hasWindow = checkWindow(rows, keys, parts, groupBy?.range ?? range);
  const taken = new Set([...keys.map(({ field }) => field), ...(hasWindow ? ['window_start', 'window_end'] : [])]);
  const aggregates = new Aggregates(context.text, relation.columns, taken);
  for (const item of items) {
    if (item.type === 'all')
      throw unsupported(say`* beside an aggregate`, say`name the columns that the query groups by`, item.range);
    const isWhole = item.expression.syntax.node === 'name' && item.expression.calls.size === 1;
    for (const call of item.expression.calls.values())
      aggregates.add(call, isWhole ? (item.alias?.text ?? null) : null);
  }
  for (const call of having?.calls.values() ?? []) aggregates.add(call, null);

  const fields = keys.map(({ field }) => field);
  const source = context.builder.add(
    {
      id: `${context.prefix}group`,
      type: hasWindow ? 'aggregate.window' : 'aggregate.running',
      label: 'GROUP BY',
      config: {
        groupBy: fields,
        ...(hasWindow ? { window: rows.window!.config } : {}),
        aggregates: aggregates.all.map(({ config }) => config),
      },
      range: groupBy?.range ?? range,
      origins: aggregates.origins,
    },
    [['in', relation.source]],
  );
  const grouped: Relation = {
    source,
    fields: [
      ...fields,
      ...(hasWindow ? ['window_start', 'window_end'] : []),
      ...aggregates.all.map(({ config }) => String(config.as)),
    ],
    columns: [
      ...keys.flatMap(({ column, field }) => (column === null ? [] : [held(column, field)])),
      ...(hasWindow ? windowColumns(table) : []),
    ],
    window: null,
    rank: null,
    hasUpdates: !hasWindow,
  };
  const over = (expression: Expression): Rendered =>
    render(
      context.text,
      expression.syntax,
      expression.range,
      substituteIn(expression, grouped, keys, aggregates, relation, context.text),
    );
  const kept = having === null ? grouped : filter(grouped, over(having), 'having', context);
  return selectGrouped(select, kept, over);
}

function selectGrouped({ items }: Select, grouped: Relation, over: (expression: Expression) => Rendered): Selected {
  const origins: Origin[] = [];
  const columns = items.flatMap((item, i): Column[] => {
    if (item.type === 'all') return [];
    const { expression, alias } = item;
    const rendered = over(expression);
    origins.push(rendered.origin);
    const source = asColumn(expression, grouped.columns);
    if (source !== null) return [{ ...source, name: alias?.text ?? source.name, table: null }];
    const column = computed(alias, i, rendered);
    const field = grouped.fields.find((name) => printName(name) === rendered.text) ?? null;
    return [{ ...column, field }];
  });
  return { relation: { ...grouped, columns }, origins };
}

/** Keys as fields, computed before where they are not; and the parts of the window among them. */
function planKeys(
  { groupBy, range }: Select,
  rows: Relation,
  context: Context,
): { keys: Key[]; parts: Set<string>; relation: Relation } {
  const parts = new Set<string>();
  const computedKeys: { as: string; expr: string; origin: Origin }[] = [];
  const taken = new Set(rows.fields);
  const keys = (groupBy?.keys ?? []).flatMap((expression): Key[] => {
    const column = asColumn(expression, rows.columns);
    if (column !== null && column.windowPart !== null && column.text === null) {
      parts.add(column.windowPart);
      return [];
    }
    const field = column?.field ?? null;
    if (field !== null) return [{ field, column, text: printName(field) }];
    const { text, origin } = renderOver(context.text, expression, rows.columns);
    if (expression.syntax.node === 'number') {
      throw unsupported(say`a number in GROUP BY`, say`name the column`, expression.range);
    }
    const as = freshName(column?.name ?? `key${computedKeys.length + 1}`, taken);
    taken.add(as);
    computedKeys.push({ as, expr: text, origin });
    return [{ field: as, column, text }];
  });
  if (computedKeys.length === 0) return { keys, parts, relation: rows };
  const source = context.builder.add(
    {
      id: `${context.prefix}keys`,
      type: 'project',
      label: 'GROUP BY keys',
      config: { fields: computedKeys.map(({ as, expr }) => ({ as, expr })), keepAll: true },
      range: groupBy?.range ?? range,
      origins: Object.fromEntries(computedKeys.map(({ origin }, i) => [`fields[${i}].expr`, origin])),
    },
    [['in', rows.source]],
  );
  return { keys, parts, relation: { ...rows, source, fields: [...rows.fields, ...computedKeys.map(({ as }) => as)] } };
}

/** Whether the groups are those of windows. */
function checkWindow(
  { window }: Relation,
  keys: readonly Key[],
  parts: ReadonlySet<string>,
  range: Select['range'],
): boolean {
  if (window === null) return false;
  if (!parts.has('window_start') || !parts.has('window_end')) {
    throw unsupported(
      say`an aggregate over a part of the window`,
      say`GROUP BY both window_start and window_end`,
      range,
    );
  }
  const names = keys.map(({ column, field }) => column?.name ?? field);
  const isSame = names.length === window.partitionBy.length && names.every((name) => window.partitionBy.includes(name));
  if (window.config.type === 'session' && !isSame) {
    throw unsupported(
      say`sessions of other rows than those of a group`,
      say`write SESSION(TABLE … PARTITION BY ${names.join(', ') || '…'}, …) with the columns that the query groups by`,
      window.range,
    );
  }
  if (window.config.type !== 'session' && window.partitionBy.length > 0) {
    throw unsupported(say`PARTITION BY in this window`, say`only SESSION takes it`, window.range);
  }
  return true;
}

function held(column: Column, field: string): Column {
  return { ...column, text: printName(field), field, isTime: false };
}

function windowColumns({ columns }: Relation): Column[] {
  const table = columns.find(({ windowPart }) => windowPart !== null)?.table ?? null;
  const time = fieldColumn('window_time', { table, field: null, isTime: true, windowPart: 'window_time' });
  return [
    fieldColumn('window_start', { table, windowPart: 'window_start' }),
    fieldColumn('window_end', { table, windowPart: 'window_end' }),
    // The last moment of the window, which is the event time of its result.
    { ...time, text: "window_end - INTERVAL '0.001' SECOND" },
  ];
}

/** Behind an aggregate there are its results, its keys and the window. */
function substituteIn(
  { calls }: Expression,
  grouped: Relation,
  keys: readonly Key[],
  aggregates: Aggregates,
  input: Relation,
  query: string,
): Substitute {
  const computedKeys = keys.filter(({ column }) => column === null);
  const columns = columnsOf(grouped.columns);
  return (syntax: Syntax) => {
    const call = syntax.node === 'name' ? calls.get(syntax.path[0]!.text) : undefined;
    if (call !== undefined) return { text: printName(aggregates.nameOf(call)), range: call.range };
    if (syntax.node === 'name') {
      const found = columns(syntax);
      if (found === null && findColumn(input.columns, syntax.path) !== null) {
        throw new QueryProblem(
          'MR1803',
          say`"${query.slice(syntax.range.start, syntax.range.end)}" is neither grouped by nor aggregated`,
          syntax.range,
        );
      }
      return found;
    }
    if (computedKeys.length === 0 || holdsCall(syntax, calls)) return null;
    const { text } = render(query, syntax, syntax.range, columnsOf(input.columns));
    const key = computedKeys.find((one) => one.text === text);
    return key === undefined ? null : { text: printName(key.field), range: syntax.range };
  };
}

function holdsCall({ range }: Syntax, calls: ReadonlyMap<string, Call>): boolean {
  return [...calls.values()].some((call) => call.range.start >= range.start && call.range.end <= range.end);
}

/** The aggregates of a query, each once. */
class Aggregates {
  readonly all: Aggregate[] = [];
  readonly #names = new Map<string, string>();
  readonly #taken: Set<string>;
  readonly #query: string;
  readonly #columns: readonly Column[];

  constructor(query: string, columns: readonly Column[], taken: Set<string>) {
    this.#query = query;
    this.#columns = columns;
    this.#taken = taken;
  }

  add(call: Call, alias: string | null): void {
    const aggregate = toAggregate(call, this.#columns, this.#query);
    if (this.#names.has(aggregate.identity)) return;
    const as = freshName(alias ?? aggregate.name, this.#taken);
    this.#taken.add(as);
    this.#names.set(aggregate.identity, as);
    this.all.push({ ...aggregate, config: { as, ...aggregate.config } });
  }

  nameOf(call: Call): string {
    return this.#names.get(toAggregate(call, this.#columns, this.#query).identity)!;
  }

  get origins(): Readonly<Record<string, Origin>> {
    return Object.fromEntries(
      this.all.flatMap(({ origins }, i) =>
        Object.entries(origins).map(([path, origin]) => [`aggregates[${i}]${path}`, origin]),
      ),
    );
  }
}
