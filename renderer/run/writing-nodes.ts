/** Which nodes of a document write to the outside: sinks, and sub-pipelines with such sinks. */
import { writesOutside, type AnyOperatorSpec } from '../../runtime/core/operator.ts';
import type { PipelineDocument, PipelineNode } from '../../runtime/graph/index.ts';
import type { DocumentValidation } from '../stores/validation-store.ts';

interface Looked {
  readonly spec: AnyOperatorSpec | null;
  readonly expansion: { readonly nodes: readonly Looked[] } | null;
}

function writes({ spec, expansion }: Looked): boolean {
  return expansion === null ? spec !== null && writesOutside(spec) : expansion.nodes.some(writes);
}

export function writingNodes(
  document: PipelineDocument,
  nodes: DocumentValidation['nodes'] | undefined,
): readonly PipelineNode[] {
  return document.nodes.filter(({ id }) => {
    const node = nodes?.get(id);
    return node !== undefined && writes(node);
  });
}
