/** A part of a document as a document of its own, and a sub-pipeline in its place. Pure. */
import { isComposite } from '../../../runtime/core/operator.ts';
import { nodeId, type NodeId } from '../../../runtime/core/ids.ts';
import { fail, ok, type Result } from '../../../runtime/core/result.ts';
import type { StreamShape } from '../../../runtime/core/schema.ts';
import { printDataType } from '../../../runtime/core/types.ts';
import type { Validation } from '../../../runtime/compiler/validate.ts';
import {
  addNode,
  copyNodes,
  emptyDocument,
  parseDocument,
  replaceNodes,
  setSettings,
  type PipelineDocument,
  type PipelineEdge,
  type Position,
  type RawConfig,
} from '../../../runtime/graph/index.ts';
import { catalog } from '../../../runtime/operators/catalog.ts';

export interface Extracted {
  /** With the sub-pipeline. */
  readonly document: PipelineDocument;
  readonly id: NodeId;
  readonly subPipeline: PipelineDocument;
}

/** In pixels, between the operators and the ports that are put around them. */
const GAP = 304;
const ROW = 136;

interface Stream {
  readonly node: NodeId;
  readonly port: string;
}

interface NamedStream extends Stream {
  readonly name: string;
}

/** `path`: of the new document, from the folder of this one. The error is the node whose rows are not known. */
export function extractSubPipeline(
  document: PipelineDocument,
  validation: Validation,
  ids: readonly NodeId[],
  { name, path }: { readonly name: string; readonly path: string },
): Result<Extracted, NodeId> {
  const chosen = new Set(ids);
  const incoming = document.edges.filter(({ from, to }) => chosen.has(to) && !chosen.has(from));
  const outgoing = document.edges.filter(({ from, to }) => chosen.has(from) && !chosen.has(to));
  const inputs = named(
    incoming.map(({ from, fromPort }) => ({ node: from, port: fromPort })),
    'in',
  );
  const outputs = named(
    outgoing.map(({ from, fromPort }) => ({ node: from, port: fromPort })),
    'out',
  );

  const inside = parseDocument(copyNodes(document, ids)).document!;
  const params = usedParams(document, inside);
  let subPipeline = setSettings({ ...emptyDocument(name), ...pick(inside) }, { params });
  const corner = cornerOf(inside);
  for (const [i, input] of inputs.entries()) {
    const shape = validation.nodes.get(input.node)?.outputs[input.port];
    if (shape === undefined) return fail(input.node);
    const added = addNode(subPipeline, {
      type: catalog['subpipeline.input'].type,
      label: input.name,
      position: { x: corner.left - GAP, y: corner.top + i * ROW },
      config: inputConfig(input.name, shape),
    });
    const edges = incoming
      .filter((edge) => isFrom(edge, input))
      .map((edge) => ({ ...edge, from: added.id, fromPort: 'out' }));
    subPipeline = { ...added.document, edges: [...added.document.edges, ...edges] };
  }
  for (const [i, output] of outputs.entries()) {
    const added = addNode(subPipeline, {
      type: catalog['subpipeline.output'].type,
      label: output.name,
      position: { x: corner.right + GAP, y: corner.top + i * ROW },
      config: { port: output.name },
    });
    const edge = { from: output.node, fromPort: output.port, to: added.id, toPort: 'in' };
    subPipeline = { ...added.document, edges: [...added.document.edges, edge] };
  }

  const config: RawConfig = { path, ...forwarded(Object.keys(params)) };
  const node = { type: catalog.subpipeline.type, label: name, position: middleOf(inside), config };
  const into = inputs.map((input) => ({ port: input.name, from: input.node, fromPort: input.port }));
  const replaced = replaceNodes(document, ids, { node, inputs: into, outPort: '' });
  const edges = replaced.document.edges.map((edge): PipelineEdge => {
    if (edge.from !== replaced.id) return edge;
    const old = outgoing.find(({ to, toPort }) => to === edge.to && toPort === edge.toPort);
    return { ...edge, fromPort: outputs.find((output) => old !== undefined && isFrom(old, output))?.name ?? 'out' };
  });
  return ok({ document: { ...replaced.document, edges }, id: replaced.id, subPipeline });
}

function isFrom({ from, fromPort }: PipelineEdge, { node, port }: Stream): boolean {
  return from === node && fromPort === port;
}

/** Each once; a single one has the plain name, several are called after their nodes. */
function named(streams: readonly Stream[], plain: string): readonly NamedStream[] {
  const once = streams.filter((one, i) => streams.findIndex((other) => sameStream(one, other)) === i);
  if (once.length === 1) return once.map((one) => ({ ...one, name: plain }));
  return once.map((one) => {
    const isAlone = once.filter(({ node }) => node === one.node).length === 1;
    return { ...one, name: isAlone ? one.node : `${one.node}_${one.port}` };
  });
}

function sameStream(a: Stream, b: Stream): boolean {
  return a.node === b.node && a.port === b.port;
}

function inputConfig(port: string, { schema, eventTime, changelog }: StreamShape): RawConfig {
  const time = eventTime ? schema.fields.find(({ type }) => type.kind === 'TIMESTAMP') : undefined;
  return {
    ...(port === 'in' ? {} : { port }),
    schema: schema.fields.map(({ name, type }) => ({ name, type: printDataType(type) })),
    ...(time === undefined ? {} : { eventTime: time.name }),
    ...(changelog === 'update' ? { updates: true } : {}),
  };
}

/** Parameters that configs refer to, with their values. */
function usedParams({ settings }: PipelineDocument, inside: PipelineDocument): PipelineDocument['settings']['params'] {
  const text = JSON.stringify(inside.nodes.map((node) => node.config));
  return Object.fromEntries(Object.entries(settings.params).filter(([key]) => text.includes(`\${${key}}`)));
}

/** The caller's parameters under the same names. */
function forwarded(names: readonly string[]): RawConfig {
  return names.length === 0 ? {} : { params: Object.fromEntries(names.map((key) => [key, `\${${key}}`])) };
}

function pick({ nodes, edges, groups }: PipelineDocument): Pick<PipelineDocument, 'nodes' | 'edges' | 'groups'> {
  return { nodes, edges, groups };
}

function cornerOf({ nodes }: PipelineDocument): {
  readonly left: number;
  readonly right: number;
  readonly top: number;
} {
  const xs = nodes.map((node) => node.position.x);
  return { left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...nodes.map((node) => node.position.y)) };
}

function middleOf({ nodes }: PipelineDocument): Position {
  const mean = (of: (at: Position) => number): number =>
    Math.round(nodes.reduce((sum, node) => sum + of(node.position), 0) / nodes.length / 8) * 8;
  return { x: mean(({ x }) => x), y: mean(({ y }) => y) };
}

/** The document that a node stands for, as its config names it; null for any other node. */
export function referredPath(validation: Validation, document: PipelineDocument, id: string): string | null {
  const node = document.nodes.find((one) => one.id === id);
  const spec = validation.nodes.get(nodeId(id))?.spec ?? null;
  return node === undefined || spec === null || !isComposite(spec) ? null : (spec.refersTo?.(node.config) ?? null);
}
