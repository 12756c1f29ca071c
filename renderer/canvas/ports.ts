/** Where a node's ports go: a single one beside the label, others in labelled rows below. */
import type { TFunction } from 'i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import { isComposite, type Ports, type PortSpec } from '../../runtime/core/operator.ts';
import type { PipelineDocument, PipelineEdge, PipelineNode } from '../../runtime/graph/index.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { selectActive, useDocumentStore } from '../stores/document-store.ts';

export interface PlacedPort {
  readonly side: 'input' | 'output';
  readonly name: string;
  readonly label: string;
  readonly isOptional: boolean;
  /** An edge names it, but the operator does not have it: shown so that the edge can be seen and mended. */
  readonly isMissing: boolean;
}

export interface PortPlaces {
  /** Beside the label, without a text. */
  readonly head: readonly PlacedPort[];
  readonly rows: readonly { readonly input: PlacedPort | null; readonly output: PlacedPort | null }[];
}

/** Ports that edges name and the operator does not have. */
export interface DanglingPorts {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export const NO_PORTS: Ports = { inputs: [], outputs: [] };
const portsByNode = new WeakMap<PipelineNode, Ports>();

/** Whether a node has its ports by its config alone: what stands for a document has those that are found there. */
export function hasKnownPorts(node: PipelineNode): boolean {
  const spec = findSpec(node.type);
  return spec === null || !isComposite(spec) || spec.bind === undefined;
}

/** By the node's config as it is typed: there before the compiler has looked at it. What stands for a document has the ports `analyzed` there. */
export function portsOf(node: PipelineNode, analyzed: Ports | null = null): Ports {
  if (!hasKnownPorts(node)) return analyzed ?? NO_PORTS;
  const spec = findSpec(node.type);
  const ports = portsByNode.get(node) ?? spec?.ports(node.config) ?? NO_PORTS;
  portsByNode.set(node, ports);
  return ports;
}

const NONE: DanglingPorts = { inputs: [], outputs: [] };

export function placePorts(ports: Ports, dangling: DanglingPorts = NONE): PortPlaces {
  const { inputs, outputs } = ports;
  const headInput = singleOf(inputs);
  const headOutput = singleOf(outputs);
  const inputRows = [
    ...inputs.filter((port) => port !== headInput).map((port) => placed('input', port)),
    ...dangling.inputs.map((name) => missing('input', name)),
  ];
  const outputRows = [
    ...outputs.filter((port) => port !== headOutput).map((port) => placed('output', port)),
    ...dangling.outputs.map((name) => missing('output', name)),
  ];
  const rowCount = Math.max(inputRows.length, outputRows.length);
  return {
    head: [
      ...(headInput === null ? [] : [placed('input', headInput)]),
      ...(headOutput === null ? [] : [placed('output', headOutput)]),
    ],
    rows: Array.from({ length: rowCount }, (_, i) => ({ input: inputRows[i] ?? null, output: outputRows[i] ?? null })),
  };
}

/** Ports that are called no more than what they are. */
const PLAIN = /^(in|out)(puts?)?$/i;

/** What a port is called where its side is not seen: `Input`, or with a name of its own `Input left`. */
export function portTitle(side: PlacedPort['side'], label: string, t: TFunction): string {
  if (PLAIN.test(label)) return t(side === 'input' ? 'canvas:port.onlyInput' : 'canvas:port.onlyOutput');
  return t(side === 'input' ? 'canvas:port.input' : 'canvas:port.output', { port: label });
}

/** The only port that is not optional: it needs no name. */
function singleOf(ports: readonly PortSpec[]): PortSpec | null {
  const needed = ports.filter((port) => port.isOptional !== true);
  return needed.length === 1 ? (needed[0] ?? null) : null;
}

function placed(side: PlacedPort['side'], port: PortSpec): PlacedPort {
  return { side, name: port.name, label: port.label, isOptional: port.isOptional ?? false, isMissing: false };
}

function missing(side: PlacedPort['side'], name: string): PlacedPort {
  return { side, name, label: name, isOptional: false, isMissing: true };
}

type EdgesByNode = ReadonlyMap<string, readonly PipelineEdge[]>;
const edgeIndexes = new WeakMap<PipelineDocument, EdgesByNode>();

function edgesByNode(document: PipelineDocument): EdgesByNode {
  const known = edgeIndexes.get(document);
  if (known !== undefined) return known;
  const index = new Map<string, PipelineEdge[]>();
  for (const edge of document.edges) {
    for (const id of new Set([edge.from, edge.to])) index.set(id, [...(index.get(id) ?? []), edge]);
  }
  edgeIndexes.set(document, index);
  return index;
}

export function danglingPorts(document: PipelineDocument, id: NodeId, ports: Ports): DanglingPorts {
  const edges = edgesByNode(document).get(id) ?? [];
  const unknown = (names: readonly string[], known: readonly PortSpec[]): readonly string[] =>
    [...new Set(names)].filter((name) => !known.some((port) => port.name === name));
  const inputs = unknown(
    edges.filter((edge) => edge.to === id).map((edge) => edge.toPort),
    ports.inputs,
  );
  const outputs = unknown(
    edges.filter((edge) => edge.from === id).map((edge) => edge.fromPort),
    ports.outputs,
  );
  return inputs.length + outputs.length === 0 ? NONE : { inputs, outputs };
}

/** As `danglingPorts` of the active document. */
export function useDanglingPorts(id: NodeId, ports: Ports): DanglingPorts {
  // As text, since a selector's answer is compared by identity.
  const text = useDocumentStore((state) => {
    const document = selectActive(state)?.document;
    const dangling = document === undefined ? NONE : danglingPorts(document, id, ports);
    return dangling === NONE ? '' : JSON.stringify(dangling);
  });
  return text === '' ? NONE : (JSON.parse(text) as DanglingPorts);
}
