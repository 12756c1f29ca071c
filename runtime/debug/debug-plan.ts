/** A document as a debug run has it: every operator a task of its own, one row at a time, its state in memory. */
import type { Diagnostic, EdgeRef } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import { printDataType } from '../core/types.ts';
import type { Schema, StreamShape } from '../core/schema.ts';
import {
  compileDocument,
  validateDocument,
  type AnalyzedNode,
  type CompileOptions,
  type PhysicalPlan,
} from '../compiler/index.ts';
import type { PipelineDocument } from '../graph/index.ts';
import { findSpec as findInCatalog } from '../operators/catalog.ts';
import type { DebugColumn, DebugPlanInfo, DebugPort } from '../protocol/debug.ts';
import { startFrom } from './start-from.ts';

export interface DebugPlan {
  readonly plan: PhysicalPlan;
  readonly sources: ReadonlySet<NodeId>;
  readonly sinks: ReadonlySet<NodeId>;
  /** Of the document's nodes. */
  readonly nodes: ReadonlyMap<NodeId, AnalyzedNode>;
}

export interface CompiledForDebug {
  /** Null iff there are errors. */
  readonly debug: DebugPlan | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** `recorded`: nodes that a recording stands for, with its subtasks. `parallelism`: of all but sources, which keep their subtasks so that the input stays the same. */
export function compileForDebug(
  document: PipelineDocument,
  options: CompileOptions,
  recorded: ReadonlyMap<NodeId, number> = new Map(),
): CompiledForDebug {
  const { findSpec = findInCatalog, params, parallelism } = options;
  const category = (type: string): string | undefined => findSpec(type)?.category;
  const isSource = (type: string): boolean => category(type) === 'source';
  const debugged: PipelineDocument = {
    ...document,
    settings: {
      ...document.settings,
      runtimeMode: 'streaming',
      batchRows: 1,
      bufferTimeoutMs: 0,
      latencyTargetMs: 0,
      stateBackend: 'memory',
      checkpoint: { ...document.settings.checkpoint, mode: 'exactly-once', alignment: 'aligned' },
    },
    nodes: document.nodes.map((node) => {
      if (parallelism === undefined) return node;
      if (isSource(node.type)) return { ...node, parallelism: node.parallelism ?? document.settings.parallelism };
      const { parallelism: _own, ...rest } = node;
      return rest;
    }),
  };
  const compiled = compileDocument(debugged, { ...options, chaining: false });
  const { diagnostics } = compiled;
  const plan = compiled.plan === null ? null : startFrom(compiled.plan, recorded);
  if (plan === null) return { debug: null, diagnostics };
  const { nodes } = validateDocument(debugged, {
    ...(options.findSpec === undefined ? {} : { findSpec: options.findSpec }),
    params,
    subPipelines: options.subPipelines,
  });
  const idsOf = (wanted: string): ReadonlySet<NodeId> =>
    new Set(plan.operators.filter(({ type }) => category(type) === wanted).map(({ nodeId }) => nodeId));
  const given = plan.operators.map(({ nodeId }) => nodeId).filter((id) => recorded.has(id));
  const sources = new Set([...idsOf('source'), ...given]);
  return { debug: { plan, nodes, sources, sinks: idsOf('sink') }, diagnostics };
}

export function planInfo({ plan, nodes }: DebugPlan): DebugPlanInfo {
  const subtasks = new Map(
    plan.chains.flatMap(({ operators, parallelism }) => operators.map((id) => [id, parallelism])),
  );
  return {
    name: plan.name,
    operators: plan.operators.map(({ nodeId, label, type, inputs, outputs }) => ({
      nodeId,
      documentNode: documentNode(nodeId, nodes),
      label,
      type,
      subtasks: subtasks.get(nodeId) ?? 1,
      inputs: inputs.map(({ port, shape }) => portOf(port, shape)),
      outputs: Object.entries(outputs).map(([name, shape]) => portOf(name, shape)),
    })),
    links: plan.links.map((one, link) => {
      const { from, fromPort, to, toPort, exchange } = one;
      return { link, from, fromPort, to, toPort, exchange, edge: edgeOf(one, plan, nodes) };
    }),
  };
}

function portOf(name: string, { schema, eventTime, changelog }: StreamShape): DebugPort {
  return { name, fields: columnsOf(schema), hasEventTime: eventTime, isChangelog: changelog === 'update' };
}

function edgeOf(
  { from, fromPort, to, toPort }: PhysicalPlan['links'][number],
  { composites }: PhysicalPlan,
  nodes: DebugPlan['nodes'],
): EdgeRef | null {
  const [outerFrom, outerTo] = [documentNode(from, nodes), documentNode(to, nodes)];
  if (outerFrom === outerTo) return null;
  const outer = (id: NodeId): PhysicalPlan['composites'][number] | undefined =>
    composites.find(({ nodeId }) => nodeId === id);
  const writes = outer(outerFrom)?.outputs.find(({ nodeId, port }) => nodeId === from && port === fromPort);
  const reads = outer(outerTo)?.inputs.find(({ nodeId, port }) => nodeId === to && port === toPort);
  return {
    from: outerFrom,
    fromPort: writes?.outerPort ?? fromPort,
    to: outerTo,
    toPort: reads?.outerPort ?? toPort,
  };
}

function columnsOf({ fields }: Schema): readonly DebugColumn[] {
  return fields.map(({ name, type }) => ({ name, type: printDataType(type) }));
}

/** Operators that a node stands for have ids that begin with its and `/`. */
function documentNode(nodeId: NodeId, nodes: DebugPlan['nodes']): NodeId {
  const parts = nodeId.split('/');
  for (let length = 1; length < parts.length; length++) {
    const outer = parts.slice(0, length).join('/') as NodeId;
    if (nodes.has(outer)) return outer;
  }
  return nodeId;
}
