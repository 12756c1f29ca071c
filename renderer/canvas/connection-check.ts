/** Whether an edge may be drawn, and if not, why. Pure but for the trial validation it is given. */
import type { Diagnostic, EdgeRef } from '../../runtime/core/diagnostics.ts';
import { nodeId } from '../../runtime/core/ids.ts';
import type { PortSpec } from '../../runtime/core/operator.ts';
import { connect, downstreamOf, sameEdge, type PipelineDocument } from '../../runtime/graph/index.ts';
import type { Validation } from '../../runtime/compiler/validate.ts';

/** Why not: a key of a text with its values, or the words of the compiler. */
export type Refusal =
  | { readonly reason: 'self' | 'exists' | 'cycle' | 'noPort' }
  | { readonly reason: 'taken'; readonly port: string }
  | { readonly reason: 'schema'; readonly diagnostic: Diagnostic };

/** Problems that no later edit of the target's config can mend: the streams themselves do not fit. */
const MISMATCHES: ReadonlySet<string> = new Set(['MR1404', 'MR1503']);

/** Null: the edge may be drawn. `tryOut` validates the document with the edge in it and is called last. */
export function refuseConnection(
  document: PipelineDocument,
  validation: Pick<Validation, 'nodes' | 'diagnostics'> | null,
  edge: EdgeRef,
  tryOut: (document: PipelineDocument) => Pick<Validation, 'diagnostics'>,
): Refusal | null {
  const from = nodeId(edge.from);
  const to = nodeId(edge.to);
  if (from === to) return { reason: 'self' };
  if (document.edges.some((other) => sameEdge(other, edge))) return { reason: 'exists' };
  if (downstreamOf(document, [to]).has(from)) return { reason: 'cycle' };

  const source = validation?.nodes.get(from)?.ports.outputs;
  const target = validation?.nodes.get(to)?.ports.inputs;
  if (source !== undefined && !source.some((port) => port.name === edge.fromPort)) return { reason: 'noPort' };
  const port = target?.find((one) => one.name === edge.toPort);
  if (target !== undefined && port === undefined) return { reason: 'noPort' };
  if (port !== undefined && isTaken(document, edge, port)) return { reason: 'taken', port: port.label };

  const known = new Set(validation?.diagnostics.filter(isMismatch).map(identityOf));
  const mismatch = tryOut(connect(document, { ...edge, from, to })).diagnostics.find(
    (one) => isMismatch(one) && !known.has(identityOf(one)),
  );
  return mismatch === undefined ? null : { reason: 'schema', diagnostic: mismatch };
}

function isTaken(document: PipelineDocument, edge: EdgeRef, port: PortSpec): boolean {
  return port.isMultiple !== true && document.edges.some((one) => one.to === edge.to && one.toPort === edge.toPort);
}

function isMismatch(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error' && MISMATCHES.has(diagnostic.code);
}

function identityOf({ code, nodeId: id, message }: Diagnostic): string {
  return `${code} ${id ?? ''} ${message}`;
}
