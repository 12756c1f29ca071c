/** Changes to groups of nodes. A node is in one group at most, and by it in those around that one. */
import type { NodeId } from '../../core/ids.ts';
import type { Group, PipelineDocument } from '../document.ts';
import { enclosingGroup, groupPath, groupsInside, nodesInGroup, withoutNodes, withParent } from '../groups.ts';
import { freshId } from './nodes.ts';

/**
 * A new group of these nodes, in the group that all of them are in. Groups that lie wholly among them go in as they are; from all
 * others the nodes are taken.
 */
export function groupNodes(
  document: PipelineDocument,
  nodes: readonly NodeId[],
  label: string,
): { document: PipelineDocument; id: string } {
  const { groups } = document;
  const chosen = new Set(nodes);
  const id = freshId('group', new Set(groups.map((group) => group.id)));
  const whole = groupsInside(groups, chosen);
  const isWhole = (group: Group): boolean => whole.some((one) => one.id === group.id);
  const outermost = whole.filter((group) => group.parent === undefined);
  const held = new Set(outermost.flatMap((group) => nodesInGroup(groups, group.id)));
  const own = nodes.filter((node) => !held.has(node));
  const enclosing = enclosingGroup(groups, nodes);
  const around = enclosing === null ? null : (groupPath(groups, enclosing.id).find((group) => !isWhole(group)) ?? null);
  const added = withParent({ id, label, nodes: own }, around?.id ?? null);
  const taken = new Set(own);
  const others = groups.map((group): Group => {
    if (outermost.some((one) => one.id === group.id)) return withParent(group, id);
    return { ...group, nodes: group.nodes.filter((node) => !taken.has(node)) };
  });
  return { document: { ...document, groups: withoutNodes([...others, added], new Set()) }, id };
}

/** The nodes stay, and so do groups within: in the group around it, if there is one. */
export function ungroup(document: PipelineDocument, id: string): PipelineDocument {
  const gone = document.groups.find((group) => group.id === id);
  if (gone === undefined) return document;
  const groups = document.groups
    .filter((group) => group !== gone)
    .map((group) => {
      if (group.parent === id) return withParent(group, gone.parent ?? null);
      return group.id === gone.parent ? { ...group, nodes: [...group.nodes, ...gone.nodes] } : group;
    });
  return { ...document, groups };
}

/** Puts nodes into a group; those it has in it already stay where they are in it. */
export function joinGroup(document: PipelineDocument, id: string, nodes: readonly NodeId[]): PipelineDocument {
  const inside = new Set(nodesInGroup(document.groups, id));
  const joining = nodes.filter((node) => !inside.has(node));
  if (joining.length === 0 || !document.groups.some((group) => group.id === id)) return document;
  const grown = withoutNodes(document.groups, new Set(joining)).map((group) =>
    group.id === id ? { ...group, nodes: [...group.nodes, ...joining] } : group,
  );
  return { ...document, groups: grown };
}

/** Takes nodes out of their group, into the one around it. */
export function leaveGroup(document: PipelineDocument, nodes: readonly NodeId[]): PipelineDocument {
  const leaving = new Set(nodes);
  const groups = document.groups.map((group) => {
    const arriving = document.groups
      .filter((inner) => inner.parent === group.id)
      .flatMap((inner) => inner.nodes.filter((node) => leaving.has(node)));
    const staying = group.nodes.filter((node) => !leaving.has(node));
    const isSame = arriving.length === 0 && staying.length === group.nodes.length;
    return isSame ? group : { ...group, nodes: [...staying, ...arriving] };
  });
  if (groups.every((group, i) => group === document.groups[i])) return document;
  return { ...document, groups: withoutNodes(groups, new Set()) };
}

export function setGroupLabel(document: PipelineDocument, id: string, label: string): PipelineDocument {
  return changeGroup(document, id, (group) => (group.label === label ? group : { ...group, label }));
}

export function setCollapsed(document: PipelineDocument, id: string, isCollapsed: boolean): PipelineDocument {
  return changeGroup(document, id, (group) => {
    const { collapsed = false, ...plain } = group;
    if (collapsed === isCollapsed) return group;
    return isCollapsed ? { ...plain, collapsed: true } : plain;
  });
}

function changeGroup(document: PipelineDocument, id: string, change: (group: Group) => Group): PipelineDocument {
  const groups = document.groups.map((group) => (group.id === id ? change(group) : group));
  return groups.every((group, i) => group === document.groups[i]) ? document : { ...document, groups };
}
