/** FROM: inputs, the queries of WITH, sub-queries, windows and UNNEST. */
import type { Syntax } from '../../expression/index.ts';
import { say } from '../../core/say.ts';
import { within, type Context } from './context.ts';
import { durationOf } from './intervals.ts';
import { planJoin } from './plan-join.ts';
import { planMatch } from './plan-match.ts';
import { QueryProblem, unsupported } from './problem.ts';
import { narrowed, project } from './project.ts';
import type { Name, TableExpression, Unnest, WindowTable } from './query.ts';
import { aliased, columnNames, fieldColumn, findColumn, type Column, type Relation } from './relation.ts';
import { renderOver } from './render.ts';

/**
 * `pending`: what WHERE asks for, beside that. Inner joins take out of it what is theirs, as it makes no difference where it is written.
 */
export function planTable(table: TableExpression, context: Context, pending: Syntax[]): Relation {
  switch (table.type) {
    case 'table':
      if (table.asOf !== null) {
        throw unsupported(say`FOR SYSTEM_TIME AS OF here`, say`it belongs to the right table of a JOIN`, table.range);
      }
      return named(table.name, table.alias, table.columns, context);
    case 'query':
      return aliased(
        context.planQuery(table.query, table.alias === null ? context : within(context, table.alias.text)),
        table.alias,
        table.columns,
      );
    case 'window':
      return planWindow(table, context);
    case 'unnest':
      return planUnnest(table, context, pending);
    case 'match':
      return planMatch(table, planTable(table.input, context, []), context);
    case 'join': {
      const canTake = table.kind === 'inner';
      const left = planTable(table.left, context, canTake ? pending : []);
      const right = planRight(table.right, context);
      return planJoin(table, { left, right }, context, canTake ? pending : []);
    }
  }
}

function planRight(table: TableExpression, context: Context): Relation {
  return table.type === 'table'
    ? named(table.name, table.alias, table.columns, context)
    : planTable(table, context, []);
}

export function named(name: Name, alias: Name | null, columns: readonly Name[], { tables }: Context): Relation {
  const relation = tables.get(name.text);
  if (relation === undefined) {
    const known = [...tables.keys()].join(', ') || 'none';
    throw new QueryProblem(
      'MR1803',
      say`there is no table "${name.text}"; there is ${known}. Inputs of the operator are its tables`,
      name.range,
    );
  }
  return aliased(relation, alias ?? name, columns);
}

const WINDOW_PARTS = ['window_start', 'window_end', 'window_time'] as const;
type WindowPart = (typeof WINDOW_PARTS)[number];
const WINDOW_TYPES = { TUMBLE: 'tumbling', HOP: 'hopping', CUMULATE: 'cumulative', SESSION: 'session' } as const;

function planWindow(
  { fn, table, partitionBy, time, intervals, alias, range }: WindowTable,
  context: Context,
): Relation {
  const given = named(table, alias ?? table, [], context);
  const relation = given.fields.some((name) => WINDOW_PARTS.includes(name as WindowPart))
    ? narrowed(given, context, { id: `${table.text}-columns`, label: 'SELECT', range })
    : given;
  const found = findColumn(relation.columns, [time]);
  if (found === null) {
    throw new QueryProblem(
      'MR1803',
      say`"${table.text}" has no column "${time.text}"; it has ${columnNames(relation.columns)}`,
      time.range,
    );
  }
  if (!found.column.isTime) throw notTheTime(time, relation.columns);
  const config: Record<string, string> = { type: WINDOW_TYPES[fn] };
  for (const [name, expression] of intervals) config[name.toLowerCase()] = durationOf(expression.syntax);
  const needed = { TUMBLE: ['size'], HOP: ['slide', 'size'], CUMULATE: ['step', 'size'], SESSION: ['gap'] }[fn];
  const missing = needed.find((key) => config[key] === undefined);
  if (missing !== undefined)
    throw new QueryProblem('MR1803', say`${fn} needs its ${missing.toUpperCase()}, an INTERVAL`, range);
  const parts = WINDOW_PARTS.map((windowPart): Column => ({
    ...fieldColumn(windowPart),
    table: alias?.text ?? table.text,
    text: null,
    field: null,
    windowPart,
  }));
  const partition = partitionBy.map((name) => name.text);
  return { ...relation, columns: [...relation.columns, ...parts], window: { config, partitionBy: partition, range } };
}

/** Windows go by the event time of rows, and by no other column. */
export function notTheTime(name: Name, columns: readonly Column[]): QueryProblem {
  const time = columns.find((column) => column.isTime)?.name;
  const remedy =
    time === undefined
      ? say`the table has none: name it under "inputs", or put a watermark operator before this one`
      : say`that is "${time}"; another one can be named under "inputs", or set by a watermark operator`;
  return new QueryProblem('MR1804', say`"${name.text}" is not the event time of its table: ${remedy}`, name.range);
}

function planUnnest(
  { left, expression, isOuter, alias, columns, range }: Unnest,
  context: Context,
  pending: Syntax[],
): Relation {
  const table = planTable(left, context, pending);
  const relation =
    table.fields.length === 0 || table.rank !== null || table.window !== null
      ? project(table, context, { id: 'rows', label: 'SELECT', range })
      : table;
  if (columns.length > 1) {
    throw unsupported(
      say`UNNEST into several columns`,
      say`name one, and read its parts as ${columns[0]!.text}.key or by their field names`,
      columns[1]!.range,
    );
  }
  const name = columns[0] ?? alias;
  if (name === null)
    throw new QueryProblem('MR1803', say`UNNEST needs a name for the element: UNNEST(…) AS t (element)`, range);
  const taken = new Set(relation.fields);
  const as = taken.has(name.text) ? `${alias?.text ?? 'element'}_${name.text}` : name.text;
  const { text, origin } = renderOver(context.text, expression, relation.columns);
  const source = context.builder.add(
    {
      id: `${context.prefix}unnest-${alias?.text ?? as}`,
      type: 'unnest',
      label: 'UNNEST',
      config: { expr: text, as, outer: isOuter },
      range,
      origins: { expr: origin },
    },
    [['in', relation.source]],
  );
  const element = { ...fieldColumn(as), name: name.text, table: alias?.text ?? null };
  return { ...relation, source, fields: [...relation.fields, as], columns: [...relation.columns, element] };
}
