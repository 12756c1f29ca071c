import { useCallback } from 'react';
import type { NodeId } from '../../runtime/core/ids.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { usePipeline, nodeIndex } from '../stores/document-store.ts';
import { operatorLabel } from '../ui/operator-assets.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';

/** What a node is called on the canvas; its id when it is not in the document (any more). */
export function nodeName(document: PipelineDocument | null, id: string): string {
  const node = document === null ? undefined : nodeIndex(document).get(id as NodeId);
  if (node === undefined) return id;
  if (node.label !== undefined) return node.label;
  const spec = findSpec(node.type);
  return spec === null ? id : operatorLabel(spec);
}

/** Names of the active document's nodes. */
export function useNodeNames(): (id: string) => string {
  const document = usePipeline();
  return useCallback((id: string) => nodeName(document, id), [document]);
}
