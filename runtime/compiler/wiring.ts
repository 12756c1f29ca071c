/** How the nodes are joined, and what is wrong with it. */
import type { Diagnostic } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import type { Ports } from '../core/operator.ts';
import { say } from '../core/say.ts';
import type { PipelineDocument, PipelineEdge } from '../graph/index.ts';

export interface Wiring {
  /** Edges into each node's ports in input order: by port, then as in the document. Their source need not be sound. */
  readonly incoming: ReadonlyMap<NodeId, readonly PipelineEdge[]>;
  /** Output ports that an edge leaves. */
  readonly readPorts: ReadonlyMap<NodeId, ReadonlySet<string>>;
  readonly problems: readonly Diagnostic[];
}

/** `portsOf` gives null for a node whose type is not known: its edges are not blamed; undefined for one that is not there. */
export function wire(document: PipelineDocument, portsOf: (id: NodeId) => Ports | null | undefined): Wiring {
  const problems: Diagnostic[] = [];
  const incoming = new Map<NodeId, PipelineEdge[]>();
  const readPorts = new Map<NodeId, Set<string>>();
  const seen = new Set<string>();

  document.edges.forEach((edge, i) => {
    const problem = (code: Diagnostic['code'], message: string, key = ''): void => {
      problems.push({ severity: 'error', code, message, edge: refOf(edge), path: `edges[${i}]${key}` });
    };
    const identity = JSON.stringify([edge.from, edge.fromPort, edge.to, edge.toPort]);
    if (seen.has(identity)) return problem('MR1106', say`the edge ${printEdge(edge)} is there already`);
    seen.add(identity);

    const source = portsOf(edge.from);
    const target = portsOf(edge.to);
    if (source === undefined) problem('MR1103', say`there is no node "${edge.from}"`, '.from');
    else if (source !== null && !source.outputs.some((port) => port.name === edge.fromPort)) {
      problem('MR1104', say`"${edge.from}" has no output "${edge.fromPort}"${choices(source.outputs)}`, '.fromPort');
    } else addTo(readPorts, edge.from, edge.fromPort);

    if (target === undefined) return problem('MR1103', say`there is no node "${edge.to}"`, '.to');
    if (target === null) return;
    const input = target.inputs.find((port) => port.name === edge.toPort);
    if (input === undefined) {
      return problem('MR1104', say`"${edge.to}" has no input "${edge.toPort}"${choices(target.inputs)}`, '.toPort');
    }
    const edges = incoming.get(edge.to) ?? [];
    if (input.isMultiple !== true && edges.some((other) => other.toPort === edge.toPort)) {
      return problem('MR1107', say`input "${edge.toPort}" of "${edge.to}" has an edge already`, '.toPort');
    }
    incoming.set(edge.to, [...edges, edge]);
  });

  for (const [id, edges] of incoming) {
    const order = portsOf(id)?.inputs.map((port) => port.name) ?? [];
    incoming.set(
      id,
      edges.toSorted((a, b) => order.indexOf(a.toPort) - order.indexOf(b.toPort)),
    );
  }
  return { incoming, readPorts, problems };
}

export function printEdge({ from, fromPort, to, toPort }: PipelineEdge): string {
  return `${from}.${fromPort} → ${to}.${toPort}`;
}

export function refOf({ from, fromPort, to, toPort }: PipelineEdge): NonNullable<Diagnostic['edge']> {
  return { from, fromPort, to, toPort };
}

function choices(ports: Ports['inputs']): string {
  return ports.length === 0 ? say`; it has none` : say`; it has ${ports.map((port) => `"${port.name}"`).join(', ')}`;
}

function addTo<K, V>(map: Map<K, Set<V>>, key: K, value: V): void {
  const set = map.get(key);
  if (set === undefined) map.set(key, new Set([value]));
  else set.add(value);
}
