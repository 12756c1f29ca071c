/**
 * Logical plan → physical plan: how many subtasks each operator has, how rows get from one to the next, and which operators run as
 * one task.
 *
 * An operator has the parallelism that its node asks for, else the job's, but never more than its `maxParallelism`.
 * An edge's exchange follows what its target asks for. Where all rows must end up in one subtask and come from one, or where
 * nothing is asked and the parallelism is equal, subtask i simply feeds subtask i (`forward`).
 * In batch mode rows reach a keyed stateful operator by `blocking` exchanges (batch-mode.ts).
 * A forward edge is `chained` when it is its target's only input: the two run in one task, by direct calls.
 *
 * Nothing is pruned: a branch without a sink may be watched in the app, and a source may have effects of its own.
 */
import type { NodeId } from '../core/ids.ts';
import { assert, assertNever } from '../core/errors.ts';
import { fieldIndex } from '../core/schema.ts';
import { effectiveSettings, takesBlockingInput } from './batch-mode.ts';
import type { LogicalEdge, LogicalOperator, LogicalPlan } from './logical-plan.ts';
import type { Chain, Exchange, Link, PhysicalPlan } from './physical-plan.ts';

export interface PlanOptions {
  /** Absolute. */
  readonly baseFolder: string;
  /** In place of the document's `settings.parallelism`. */
  readonly parallelism?: number | undefined;
  /** False: every operator is a task of its own, and what goes between any two can be seen. */
  readonly chaining?: boolean | undefined;
}

export function planPhysical(
  logical: LogicalPlan,
  { baseFolder, parallelism, chaining = true }: PlanOptions,
): PhysicalPlan {
  const written = parallelism === undefined ? logical.settings : { ...logical.settings, parallelism };
  const settings = effectiveSettings(written);
  const subtasks = new Map(
    logical.operators.map((operator) => [operator.nodeId, subtasksOf(operator, settings.parallelism)]),
  );
  const blocked = new Set(
    logical.operators
      .filter((operator) => takesBlockingInput(operator, edgesInto(logical, operator.nodeId), settings))
      .map((operator) => operator.nodeId),
  );
  const links = logical.edges.map((edge) => {
    const link = toLink(edge, logical.operators, subtasks, blocked);
    return link.exchange === 'chained' && !chaining ? { ...link, exchange: 'forward' as const } : link;
  });
  return {
    name: logical.name,
    settings,
    baseFolder,
    operators: logical.operators.map(({ nodeId, type, label, config, inputs, outputs, traits }) => ({
      nodeId,
      type,
      label,
      config,
      inputs,
      outputs,
      assignsWatermarks: traits.assignsWatermarks,
      watermarkAlignment: traits.watermarkAlignment ?? null,
    })),
    links,
    chains: toChains(logical.operators, links, subtasks),
    composites: logical.composites,
  };
}

function subtasksOf(operator: LogicalOperator, jobParallelism: number): number {
  return Math.min(operator.parallelism ?? jobParallelism, operator.traits.maxParallelism ?? Infinity);
}

function edgesInto({ edges }: LogicalPlan, nodeId: NodeId): readonly LogicalEdge[] {
  return edges.filter((edge) => edge.to === nodeId);
}

function toLink(
  edge: LogicalEdge,
  operators: readonly LogicalOperator[],
  subtasks: ReadonlyMap<NodeId, number>,
  blocked: ReadonlySet<NodeId>,
): Link {
  const { from, fromPort, to, toPort, input, distribution } = edge;
  const exchange = blocked.has(to) ? 'blocking' : exchangeOf(edge, subtasks.get(from) ?? 1, subtasks.get(to) ?? 1);
  const isOnlyInput = operators.find((operator) => operator.nodeId === to)?.inputs.length === 1;
  return {
    from,
    fromPort,
    to,
    toPort,
    input,
    exchange: exchange === 'forward' && isOnlyInput ? 'chained' : exchange,
    keys: isKeyed(exchange) && distribution.type === 'hash' ? keysOf(edge, distribution.fields) : [],
  };
}

function exchangeOf({ distribution }: LogicalEdge, sources: number, targets: number): Exchange {
  const isOneToOne = sources === 1 && targets === 1;
  switch (distribution.type) {
    case 'any':
      return sources === targets ? 'forward' : 'rebalance';
    case 'hash':
    case 'single':
    case 'broadcast':
      return isOneToOne ? 'forward' : distribution.type;
    default:
      return assertNever(distribution);
  }
}

function isKeyed(exchange: Exchange): boolean {
  return exchange === 'hash' || exchange === 'blocking';
}

function keysOf({ shape, to }: LogicalEdge, fields: readonly string[]): number[] {
  return fields.map((name) => {
    const index = fieldIndex(shape.schema, name);
    assert(index >= 0, `"${to}" hashes by "${name}", which its input does not have, and did not report it`);
    return index;
  });
}

function toChains(
  operators: readonly LogicalOperator[],
  links: readonly Link[],
  subtasks: ReadonlyMap<NodeId, number>,
): Chain[] {
  const members = new Map<NodeId, NodeId[]>();
  const headOf = new Map<NodeId, NodeId>();
  for (const { nodeId } of operators) {
    const chainedTo = links.find((link) => link.to === nodeId && link.exchange === 'chained');
    const head = chainedTo === undefined ? nodeId : headOf.get(chainedTo.from);
    assert(head !== undefined, `"${nodeId}" is chained to an operator behind it`);
    headOf.set(nodeId, head);
    members.set(head, [...(members.get(head) ?? []), nodeId]);
  }
  return [...members].map(([id, chain]) => ({ id, operators: chain, parallelism: subtasks.get(id) ?? 1 }));
}
