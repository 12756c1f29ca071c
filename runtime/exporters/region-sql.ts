/** A part of a graph as one query in Flink SQL, as the operator `sql` reads it: a query of WITH for each node, named by its id. */
import type { NamedQuery } from '../core/exporter.ts';
import type { NodeId } from '../core/ids.ts';
import { fail, ok, type Result } from '../core/result.ts';
import { say } from '../core/say.ts';
import type { ValidateOptions, Validation } from '../compiler/validate.ts';
import type { PipelineDocument } from '../graph/index.ts';
import { sqlName } from '../operators/shared/flink-sql/names.ts';
import { indented } from './indented.ts';
import { Queries } from './queries.ts';
import { regionOf, type Region, type RegionNode } from './region.ts';
import type { RegionProblem } from './region-problem.ts';
import { factsOf } from './stream-facts.ts';

export type { RegionProblem } from './region-problem.ts';

/** A table of the query: rows from outside. */
export interface RegionInput {
  readonly name: string;
  readonly from: NodeId;
  readonly fromPort: string;
  /** The field with the event time, where that is not plain from the fields alone. */
  readonly time: string | null;
}

export interface RegionSql {
  readonly query: string;
  readonly inputs: readonly RegionInput[];
}

/**
 * Composites are read as what they stand for. Pure. Fails where the nodes have not one output or an operator has no SQL; where the query
 * would mean something else (updates in place of windows, a dedup in place of a Top-N), an operator fails as well.
 */
export function regionSql(
  document: PipelineDocument,
  ids: readonly NodeId[],
  options: Pick<ValidateOptions, 'subPipelines'> = {},
): Result<RegionSql, RegionProblem> {
  const region = regionOf(document, ids, options);
  return region.ok ? write(region.value) : region;
}

const OUT = 'out';

function write({ nodes, validation }: Region): Result<RegionSql, RegionProblem> {
  const queries = new Queries({ nodes, dialect: 'millrace' });
  const inputs = addInputs(queries, nodes, validation);
  queries.describe(() => [OUT]);
  const named: NamedQuery[] = [];
  for (const node of nodes) {
    const fragment = node.ports.outputs.some(({ name }) => name === OUT)
      ? queries.fragmentOf(node, OUT)
      : { unsupported: withoutOut(node) };
    if ('unsupported' in fragment) {
      return fail({ reason: 'unsupported', node: node.origin, because: fragment.unsupported });
    }
    named.push(...(fragment.before ?? []), { name: queries.tableOf(node.id, OUT), select: fragment.select });
  }
  // The output comes last: whatever else there is leads to it.
  return ok({ query: queryOf(named), inputs });
}

function withoutOut({ ports }: RegionNode): string {
  return ports.outputs.length === 0
    ? say`is a sink: leave it out, and it reads what the query gives`
    : say`has several outputs, and a query has one: use filters`;
}

function addInputs(queries: Queries, nodes: readonly RegionNode[], validation: Validation): readonly RegionInput[] {
  const inputs = new Map<string, RegionInput>();
  for (const { edges, inputs: streams } of nodes) {
    edges.forEach((edge, i) => {
      const { from, fromPort } = edge;
      const key = `${from} ${fromPort}`;
      if (nodes.some(({ id }) => id === from) || inputs.has(key)) return;
      const { schema, eventTime } = streams[i]!.shape;
      const { time } = factsOf(validation, from, fromPort);
      const isField = eventTime && schema.fields.some((field) => field.name === time);
      const stamps = schema.fields.filter(({ type }) => type.kind === 'TIMESTAMP');
      const name = queries.freshTable(fromPort === OUT ? from : `${from}_${fromPort}`);
      inputs.set(key, { name, from, fromPort, time: isField && stamps.length > 1 ? time : null });
      queries.addOutside(edge, { name, facts: { time: isField ? time : null, isWindowed: false } });
    });
  }
  return [...inputs.values()];
}

/** The last is the query, and the others are in its WITH. */
function queryOf(queries: readonly NamedQuery[]): string {
  const last = queries.at(-1)!;
  const named = queries.slice(0, -1).map(({ name, select }) => `${sqlName(name)} AS (\n${indented(select)}\n)`);
  return named.length === 0 ? last.select : `WITH ${named.join(', ')}\n${last.select}`;
}
