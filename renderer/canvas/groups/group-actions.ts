/** What can be done with groups: each an undoable step on the active document. A group is selected when all its nodes are. */
import { t } from '../../app/i18n/index.ts';
import type { NodeId } from '../../../runtime/core/ids.ts';
import {
  enclosingGroup,
  groupNodes,
  joinGroup,
  leaveGroup,
  nodesInGroup,
  setCollapsed,
  setGroupLabel,
  ungroup,
  type Group,
  type PipelineDocument,
  type Position,
} from '../../../runtime/graph/index.ts';
import { activeDocument, edit } from '../../stores/document-store.ts';
import { selectNodes } from '../../stores/view-store.ts';
import { commitMove, moveAll, selectedIds } from '../canvas-actions.ts';
import { editGroupLabel } from '../canvas-store.ts';
import { boxesOf, groupRectsOf } from '../flow-instance.ts';
import { noteIdOf, type FlowNode } from '../flow-model.ts';
import { groupIdOf, groupsView, withMembers, type Rect } from './groups-view.ts';

/** What a group is called on screen. */
export function groupName(label: string): string {
  return label === '' ? t('canvas:group.unnamed') : label;
}

/** The innermost group that holds all that is selected. */
export function currentGroup(): Group | null {
  const open = activeDocument();
  const ids = selectedIds();
  return open === null || ids.length === 0 ? null : enclosingGroup(open.document.groups, ids);
}

/** Puts a frame around the selected nodes and asks for its name. */
export function groupSelection(): void {
  const open = activeDocument();
  const ids = selectedIds();
  if (open === null || ids.length === 0) return;
  const made = groupNodes(open.document, ids, '');
  edit(t('canvas:steps.group', { count: ids.length }), () => made.document);
  editGroupLabel(made.id);
}

export function ungroupCurrent(): void {
  const group = currentGroup();
  if (group !== null) edit(t('canvas:steps.ungroup'), (document) => ungroup(document, group.id));
}

export function renameCurrentGroup(): void {
  const group = currentGroup();
  if (group !== null) editGroupLabel(group.id);
}

/** The end of typing a name; null: as it was. */
export function endGroupLabel(id: string, label: string | null): void {
  editGroupLabel(null);
  if (label !== null) edit(t('canvas:steps.renameGroup'), (document) => setGroupLabel(document, id, label.trim()));
}

export function setGroupCollapsed(id: string, isCollapsed: boolean): void {
  const label = t(isCollapsed ? 'canvas:steps.collapse' : 'canvas:steps.expand');
  edit(label, (document) => setCollapsed(document, id, isCollapsed));
}

export function toggleCurrentGroup(): void {
  const open = activeDocument();
  const [first] = selectedIds();
  if (open === null || first === undefined) return;
  const hiddenIn = groupsView(open.document).hidden.get(first);
  if (hiddenIn !== undefined) return setGroupCollapsed(hiddenIn, false);
  const group = currentGroup();
  if (group !== null) setGroupCollapsed(group.id, true);
}

export function collapseAll(isCollapsed: boolean): void {
  const label = t(isCollapsed ? 'canvas:steps.collapse' : 'canvas:steps.expand');
  edit(label, (document) =>
    document.groups.reduce((result, group) => setCollapsed(result, group.id, isCollapsed), document),
  );
}

/** Takes the selected nodes out of the group they are in. */
export function leaveCurrentGroup(): void {
  const ids = selectedIds();
  edit(t('canvas:steps.leaveGroup', { count: ids.length }), (document) => leaveGroup(document, ids));
}

export function selectGroup(id: string): void {
  const open = activeDocument();
  if (open !== null) selectNodes(nodesInGroup(open.document.groups, id));
}

/** The end of a drag: one step. Nodes that were dropped into a frame join its group. */
export function commitDrag(document: PipelineDocument, dragged: readonly FlowNode[]): void {
  const places = new Map(dragged.filter((node) => noteIdOf(node.id) === null).map((node) => [node.id, node.position]));
  const notes = new Map(
    dragged.flatMap((node): [string, Position][] => {
      const id = noteIdOf(node.id);
      return id === null ? [] : [[id, node.position]];
    }),
  );
  const nodes = withMembers(document, groupRectsOf(document), places);
  const alone = dragged.filter((node) => node.type === 'operator').map((node) => node.id as NodeId);
  const isWhole = dragged.some((node) => groupIdOf(node.id) !== null);
  const target = isWhole ? null : groupUnder(document, alone, nodes);
  if (target === null) return commitMove(nodes, notes);
  edit(t('canvas:steps.joinGroup', { count: alone.length }), (now) =>
    joinGroup(moveAll(now, nodes, notes), target, alone),
  );
}

/** The innermost frame that the middle of the first of `nodes` comes to lie in; null for none, and for the one that they are in. */
export function groupUnder(
  document: PipelineDocument,
  nodes: readonly NodeId[],
  places: ReadonlyMap<NodeId, Position>,
): string | null {
  const [first] = nodes;
  const place = first === undefined ? undefined : places.get(first);
  if (first === undefined || place === undefined) return null;
  const [box] = boxesOf(document, new Set([first]));
  if (box === undefined) return null;
  const x = place.x + box.width / 2;
  const y = place.y + box.height / 2;
  const isIn = (rect: Rect | undefined): boolean =>
    rect !== undefined && x >= rect.x && x <= rect.x + rect.width && y >= rect.y && y <= rect.y + rect.height;
  const rects = groupRectsOf(document, new Set(nodes));
  const under = groupsView(document)
    .groups.filter((group) => !group.isCollapsed && isIn(rects.get(group.id)))
    .toSorted((a, b) => b.depth - a.depth)[0];
  return under === undefined || nodes.every((node) => under.nodes.includes(node)) ? null : under.id;
}
