import { useCallback } from 'react';
import type { NodeId } from '../../runtime/core/ids.ts';
import { usePipeline, nodeIndex } from '../stores/document-store.ts';
import { nodeLabel } from '../ui/operator-assets.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';

/** What a node is called on the canvas; its id when it is not in the document (any more). */
export function nodeName(document: PipelineDocument | null, id: string): string {
  const node = document === null ? undefined : nodeIndex(document).get(id as NodeId);
  return node === undefined ? id : nodeLabel(node);
}

/** Names of the active document's nodes. */
export function useNodeNames(): (id: string) => string {
  const document = usePipeline();
  return useCallback((id: string) => nodeName(document, id), [document]);
}
