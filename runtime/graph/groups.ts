/** What groups hold. They nest by `parent`; a parent that is not there, or lies within its own child, counts as none. */
import type { NodeId } from '../core/ids.ts';
import type { Group } from './document.ts';

/** The group, then those around it, from the inside out; empty for one that is not there. */
export function groupPath(groups: readonly Group[], id: string): readonly Group[] {
  const path: Group[] = [];
  let at = groups.find((group) => group.id === id);
  while (at !== undefined && !path.includes(at)) {
    path.push(at);
    const { parent } = at;
    at = groups.find((group) => group.id === parent);
  }
  return path;
}

/** Its nodes with those of all groups within. */
export function nodesInGroup(groups: readonly Group[], id: string): readonly NodeId[] {
  return groups
    .filter((group) => groupPath(groups, group.id).some((outer) => outer.id === id))
    .flatMap((group) => group.nodes);
}

/** The innermost group that has all of these nodes in it; null for none. */
export function enclosingGroup(groups: readonly Group[], nodes: readonly NodeId[]): Group | null {
  const [first] = nodes;
  const own = groups.find((group) => first !== undefined && group.nodes.includes(first));
  if (own === undefined) return null;
  const holdsAll = (group: Group): boolean => {
    const inside = new Set(nodesInGroup(groups, group.id));
    return nodes.every((node) => inside.has(node));
  };
  return groupPath(groups, own.id).find(holdsAll) ?? null;
}

/** Groups all of whose nodes, those of groups within included, are among `nodes`; without a parent that is not one of them. */
export function groupsInside(groups: readonly Group[], nodes: ReadonlySet<NodeId>): readonly Group[] {
  const inside = groups.filter((group) => nodesInGroup(groups, group.id).every((node) => nodes.has(node)));
  const ids = new Set(inside.map((group) => group.id));
  return inside.map((group) => (group.parent === undefined || ids.has(group.parent) ? group : withParent(group, null)));
}

/** Null: in no other group. */
export function withParent({ parent: _old, ...group }: Group, parent: string | null): Group {
  return parent === null ? group : { ...group, parent };
}

/** Groups lose nodes, and go when nothing is left in them. */
export function withoutNodes(groups: readonly Group[], gone: ReadonlySet<NodeId>): readonly Group[] {
  const changed = groups.map((group) =>
    group.nodes.some((node) => gone.has(node))
      ? { ...group, nodes: group.nodes.filter((node) => !gone.has(node)) }
      : group,
  );
  const isEmpty = (group: Group): boolean => nodesInGroup(changed, group.id).length === 0;
  const left = changed.filter((group) => !isEmpty(group));
  const isSame = left.length === groups.length && left.every((group, i) => group === groups[i]);
  return isSame ? groups : left;
}
