/** What of a document is laid out: nodes, collapsed groups as one box, and expanded ones as frames. */
import type { NodeId } from '../../../runtime/core/ids.ts';
import type { PipelineDocument, PipelineEdge } from '../../../runtime/graph/index.ts';
import { boxAs, boxesOf } from '../flow-instance.ts';
import { groupFlowId, groupsView, placeOf, type Rect } from '../groups/groups-view.ts';
import type { LayoutBox, LayoutFrame } from './elk-graph.ts';

export interface LayoutParts {
  readonly edges: readonly PipelineEdge[];
  readonly boxes: readonly LayoutBox[];
  readonly frames: readonly LayoutFrame[];
}

/** `chosen` null: all. Of groups those that are chosen as a whole. */
export function layoutParts(
  document: PipelineDocument,
  chosen: ReadonlySet<NodeId> | null,
  rects: ReadonlyMap<string, Rect>,
): LayoutParts {
  const view = groupsView(document);
  const groups = view.groups.filter((group) => chosen === null || group.nodes.every((id) => chosen.has(id)));
  const nodes = new Set(
    document.nodes.map((node) => node.id).filter((id) => chosen?.has(id) !== false && !view.hidden.has(id)),
  );
  const collapsed = groups
    .filter((group) => group.isCollapsed)
    .map((group) => boxAs(groupFlowId(group.id), rects.get(group.id) ?? { x: 0, y: 0 }));
  const open = groups.filter((group) => !group.isCollapsed);
  const frameOf = (id: NodeId, depth = Infinity): NodeId | null => {
    const around = open.filter((group) => group.depth < depth && group.nodes.includes(id));
    const innermost = around.toSorted((a, b) => b.depth - a.depth)[0];
    return innermost === undefined ? null : groupFlowId(innermost.id);
  };
  const inFrames = [
    ...[...nodes].map((id) => ({ id, frame: frameOf(id) })),
    ...groups
      .filter((group) => group.isCollapsed)
      .map((group) => ({ id: groupFlowId(group.id), frame: frameOf(group.nodes[0]!, group.depth) })),
  ];
  return {
    boxes: [...boxesOf(document, nodes), ...collapsed],
    frames: open.map((group) => ({
      id: groupFlowId(group.id),
      parent: frameOf(group.nodes[0]!, group.depth),
      boxes: inFrames.filter(({ frame }) => frame === groupFlowId(group.id)).map(({ id }) => id),
    })),
    edges: document.edges
      .filter(({ from, to }) => !view.hidden.has(from) || view.hidden.get(from) !== view.hidden.get(to))
      .map((edge) => {
        const from = placeOf(view, { node: edge.from, port: edge.fromPort });
        const to = placeOf(view, { node: edge.to, port: edge.toPort });
        return { from: from.id, fromPort: from.handle, to: to.id, toPort: to.handle };
      }),
  };
}
