import { configLeaves } from '../../runtime/core/config.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { Validation } from '../../runtime/compiler/validate.ts';
import { upstreamOf, type PipelineDocument } from '../../runtime/graph/index.ts';

/**
 * Name of the field that gave the event time of what leaves a node: the one chosen at the node itself or, going upstream, where watermarks
 * are assigned. Null when there is none, or several that differ.
 */
export function eventTimeField(document: PipelineDocument, validation: Validation, nodeId: NodeId): string | null {
  const own = chosenField(document, validation, nodeId);
  if (own !== null) return own;
  const names = new Set(
    [...upstreamOf(document, [nodeId])]
      .map((id) => chosenField(document, validation, id))
      .filter((name) => name !== null),
  );
  const [name] = names;
  return names.size === 1 ? (name ?? null) : null;
}

function chosenField(document: PipelineDocument, validation: Validation, nodeId: NodeId): string | null {
  const info = validation.nodes.get(nodeId);
  const node = document.nodes.find((one) => one.id === nodeId);
  if (info?.traits?.assignsWatermarks !== true || info.spec === null || node === undefined) return null;
  const leaf = configLeaves(info.spec.config.fields, node.config).find((one) => one.form.widget === 'field');
  return typeof leaf?.value === 'string' ? leaf.value : null;
}
