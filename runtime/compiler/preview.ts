/** A preview touches nothing outside: what sinks would write is shown instead. */
import type { NodeId } from '../core/ids.ts';
import { writesOutside, type AnyOperatorSpec } from '../core/operator.ts';
import { catalog } from '../operators/catalog.ts';
import type { LogicalOperator, LogicalPlan } from './logical-plan.ts';
import { outerId } from './composite.ts';

/** What shows rows in place of a sink that is off. */
const TABLE = catalog['sink.table'];

/**
 * The plan with a table in place of every sink that writes to the outside, under the same node, except those whose node of the document is one of
 * `writes`. A sink in a sub-pipeline goes with the node that stands for it.
 */
export function previewPlan(
  plan: LogicalPlan,
  writes: ReadonlySet<NodeId>,
  findSpec: (type: string) => AnyOperatorSpec | null,
): LogicalPlan {
  const config = TABLE.config.schema.parse({});
  const shown = (operator: LogicalOperator): LogicalOperator => {
    const spec = findSpec(operator.type);
    if (spec === null || !writesOutside(spec) || writes.has(outerId(operator.nodeId))) return operator;
    return { ...operator, type: TABLE.type, config, traits: TABLE.traits(config) };
  };
  return { ...plan, operators: plan.operators.map(shown) };
}
