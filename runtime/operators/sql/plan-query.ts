/** WITH, UNION ALL, DISTINCT, ORDER BY and LIMIT; what is between them is plan-select.ts's. */
import type { Origin } from '../../core/expansion.ts';
import { say } from '../../core/say.ts';
import type { Context } from './context.ts';
import { within } from './context.ts';
import { planSelect } from './plan-select.ts';
import { QueryProblem, unsupported } from './problem.ts';
import { project } from './project.ts';
import type { Query, QueryBody } from './query.ts';
import { aliased, fieldColumn, heldColumns, type Relation } from './relation.ts';
import { renderOver } from './render.ts';

export function planQuery(query: Query, outer: Context): Relation {
  const tables = new Map(outer.tables);
  for (const { name, columns, query: named } of query.with) {
    if (tables.has(name.text))
      throw new QueryProblem('MR1803', say`there is a table "${name.text}" already`, name.range);
    const planned = planQuery(named, within({ ...outer, tables }, name.text));
    tables.set(name.text, aliased(planned, null, columns));
  }
  const context = { ...outer, tables };
  return planOrder(query, planBody(query.body, context), context);
}

function planBody(body: QueryBody, context: Context): Relation {
  switch (body.type) {
    case 'select':
      return planSelect(body.select, context);
    case 'nested':
      return planQuery(body.query, context);
    case 'union':
      return planUnion(body, context);
  }
}

/** Columns meet by position, and are named as those of the first branch. */
function planUnion({ branches, range }: Extract<QueryBody, { type: 'union' }>, context: Context): Relation {
  const planned = branches.map((branch, i) => {
    const inside = within(context, `branch${i + 1}`);
    return { relation: planBody(branch, inside), inside };
  });
  const names = heldColumns(planned[0]!.relation).map(({ name }) => name);
  const sources = planned.map(({ relation, inside }) => {
    const columns = heldColumns(relation);
    if (columns.length !== names.length) {
      throw new QueryProblem(
        'MR1803',
        say`UNION ALL joins ${names.length} columns with ${columns.length}: give both the same number`,
        range,
      );
    }
    const renamed = columns.map((column, i) => ({ ...column, name: names[i]! }));
    return project({ ...relation, columns: renamed }, inside, { id: 'columns', label: 'SELECT', range });
  });
  const output = context.builder.add(
    { id: `${context.prefix}union`, type: 'union', label: 'UNION ALL', config: {}, range },
    sources.map(({ source }) => ['in', source] as const),
  );
  const columns = sources[0]!.columns.map((column, i) => ({
    ...fieldColumn(column.name),
    isTime: sources.every((one) => one.columns[i]!.isTime),
  }));
  return {
    source: output,
    fields: names,
    columns,
    window: null,
    rank: null,
    hasUpdates: sources.some((one) => one.hasUpdates),
  };
}

/** `ORDER BY … LIMIT n` is a Top-N over all rows, as in Flink; either alone has no answer on a stream. */
function planOrder({ orderBy, limit, range }: Query, relation: Relation, context: Context): Relation {
  if (orderBy.length === 0 && limit === null) return relation;
  if (limit === null) {
    throw unsupported(
      say`ORDER BY without LIMIT`,
      say`a stream has no last row after which it could be sorted: add LIMIT for the first rows`,
      range,
    );
  }
  if (orderBy.length === 0) {
    throw unsupported(
      say`LIMIT without ORDER BY`,
      say`which rows of a stream come first is chance: add ORDER BY`,
      limit.range,
    );
  }
  const held = project(relation, context, { id: 'columns', label: 'SELECT', range });
  const rendered = orderBy.map(({ expression }) => renderOver(context.text, expression, held.columns));
  const origins = Object.fromEntries(rendered.map(({ origin }, i): [string, Origin] => [`orderBy[${i}].expr`, origin]));
  const source = context.builder.add(
    {
      id: `${context.prefix}order`,
      type: 'topn',
      label: 'ORDER BY LIMIT',
      config: {
        partitionBy: [],
        orderBy: orderBy.map(({ direction, nulls }, i) => ({
          expr: rendered[i]!.text,
          direction,
          ...(nulls === null ? {} : { nulls }),
        })),
        n: limit.rows,
      },
      range: limit.range,
      origins,
    },
    [['in', held.source]],
  );
  return { ...held, source, hasUpdates: true };
}
