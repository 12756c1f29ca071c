/** A plan that starts from recordings: their nodes read nothing, and what only led to them is gone. */
import type { NodeId } from '../core/ids.ts';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';

/** `nodes`: how many subtasks of each were recorded. Those that the plan does not have count for nothing. */
export function startFrom(plan: PhysicalPlan, nodes: ReadonlyMap<NodeId, number>): PhysicalPlan {
  if (!plan.operators.some(({ nodeId }) => nodes.has(nodeId))) return plan;
  const links = plan.links.filter(({ to }) => !nodes.has(to));
  const needed = new Set<NodeId>();
  // In topological order: from the end on, what leads to something that is needed is needed.
  for (const { nodeId } of plan.operators.toReversed()) {
    const led = plan.links.some(({ from }) => from === nodeId);
    // What led nowhere before is a sink.
    if (!led || nodes.has(nodeId)) needed.add(nodeId);
    else if (links.some(({ from, to }) => from === nodeId && needed.has(to))) needed.add(nodeId);
  }
  return {
    ...plan,
    operators: plan.operators.flatMap((operator) => {
      if (!needed.has(operator.nodeId)) return [];
      return [nodes.has(operator.nodeId) ? { ...operator, inputs: [], assignsWatermarks: true } : operator];
    }),
    links: links
      .filter(({ from, to }) => needed.has(from) && needed.has(to))
      .map((link) => (link.exchange === 'forward' && nodes.has(link.from) ? { ...link, exchange: 'rebalance' } : link)),
    chains: plan.chains
      .filter(({ operators }) => operators.every((id) => needed.has(id)))
      .map((chain) => ({ ...chain, parallelism: nodes.get(chain.operators[0]!) ?? chain.parallelism })),
  };
}
