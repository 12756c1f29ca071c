/** The document as React Flow's nodes and edges, and its changes back into the stores. */
import { useNodesInitialized, type NodeChange } from '@xyflow/react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { nodeId, type NodeId } from '../../runtime/core/ids.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import { t } from '../app/i18n/index.ts';
import { activeDocument } from '../stores/document-store.ts';
import { selectNodes, useViewStore } from '../stores/view-store.ts';
import { fitAll, insertNode } from './canvas-actions.ts';
import { nodeName } from '../run/node-name.ts';
import { selectNote, setDropEdge, setPortTip, useCanvasStore } from './canvas-store.ts';
import { canBeInserted, dropEdgeOf, edgeAt } from './edge-drop.ts';
import { focusNode, showNode } from './flow-instance.ts';
import {
  fitFrames,
  noteFlowId,
  noteIdOf,
  toFlowEdges,
  toFlowNodes,
  withChanges,
  type FlowEdge,
  type FlowNode,
} from './flow-model.ts';
import { commitDrag, groupName } from './groups/group-actions.ts';
import { groupFlowId, groupIdOf, groupsView, shownAs } from './groups/groups-view.ts';

/** React Flow moves its own copies while they are dragged; the document hears of it once, at the end. */
export function useFlowNodes(document: PipelineDocument) {
  const selectedIds = useViewStore((state) => state.selectedNodeIds);
  const selectedNote = useCanvasStore((state) => state.selectedNote);
  const selected = useMemo(
    () => new Set<string>(selectedNote === null ? selectedIds : [...selectedIds, noteFlowId(selectedNote)]),
    [selectedIds, selectedNote],
  );
  const labelOf = useCallback((id: NodeId) => flowName(document, id), [document]);
  const [nodes, setNodes] = useState<FlowNode[]>(() => toFlowNodes(document, selected, [], labelOf));
  const isDragging = useRef(false);

  useLayoutEffect(() => {
    setNodes((before) => toFlowNodes(document, selected, before, labelOf));
  }, [document, selected, labelOf]);

  useEffect(() => {
    // Undo takes nodes away that are selected: React Flow does not say so.
    const there = new Set(document.nodes.map(({ id }) => id));
    if (!selectedIds.every((id) => there.has(id))) selectNodes(selectedIds.filter((id) => there.has(id)));
  }, [document.nodes, selectedIds]);

  const onNodesChange = useCallback(
    (changes: NodeChange<FlowNode>[]) => {
      const kept = changes.filter((change) => change.type === 'dimensions' || change.type === 'position');
      if (kept.length > 0) setNodes((before) => fitFrames(document, before, withChanges(kept, before)));
      selectChanged(document, changes);
    },
    [document],
  );

  const onNodeDragStart = useCallback(() => {
    isDragging.current = true;
    setPortTip(null);
  }, []);
  const onNodeDrag = useCallback(
    (event: MouseEvent | TouchEvent | { clientX?: number; clientY?: number }, node: FlowNode, dragged: FlowNode[]) => {
      if (dragged.length !== 1 || !('clientX' in event) || event.clientX === undefined) return;
      setDropEdge(canBeInserted(document, node.id) ? edgeAt({ x: event.clientX, y: event.clientY ?? 0 }) : null);
    },
    [document],
  );
  const onNodeDragStop = useCallback(
    (_event: unknown, _node: FlowNode | null, dragged: FlowNode[]) => {
      if (!isDragging.current) return;
      isDragging.current = false;
      const edge = dropEdgeOf(document);
      setDropEdge(null);
      const [only] = dragged;
      if (edge !== null && only !== undefined && dragged.length === 1) {
        insertNode(nodeId(only.id), edge, only.position);
        return;
      }
      commitDrag(document, dragged);
    },
    [document],
  );
  return { nodes, onNodesChange, onNodeDragStart, onNodeDrag, onNodeDragStop };
}

function flowName(document: PipelineDocument, id: NodeId): string {
  const group = groupIdOf(id);
  if (group === null) return nodeName(document, id);
  return t('canvas:group.label', { label: groupName(document.groups.find((one) => one.id === group)?.label ?? '') });
}

/** A group is selected by its nodes. That it is selected no more says nothing of them: React Flow says so of each. */
function selectChanged(document: PipelineDocument, changes: readonly NodeChange<FlowNode>[]): void {
  const selects = changes.filter((change) => change.type === 'select');
  if (selects.length === 0) return;
  const next = new Set<string>(useViewStore.getState().selectedNodeIds);
  const note = selects.find(({ id, selected }) => selected && noteIdOf(id) !== null);
  const isAnyChosen = selects.some(({ selected }) => selected);
  if (note !== undefined || isAnyChosen || selects.some(({ id }) => noteIdOf(id) !== null)) {
    selectNote(note === undefined ? null : noteIdOf(note.id));
  }
  const { groups } = groupsView(document);
  for (const { id, selected } of selects.toSorted((a, b) => Number(a.selected) - Number(b.selected))) {
    const group = groups.find((one) => groupFlowId(one.id) === id);
    const nodes = group === undefined ? [id] : selected || group.isCollapsed || selects.length === 1 ? group.nodes : [];
    for (const node of nodes) {
      if (selected) next.add(node);
      else next.delete(node);
    }
  }
  const before = useViewStore.getState().selectedNodeIds;
  const isSame = before.length === next.size && before.every((id) => next.has(id));
  if (!isSame) selectNodes([...next].filter((id) => noteIdOf(id) === null).map(nodeId));
}

/** Selecting an edge is left to clicks: a frame drawn around nodes is about the nodes. */
export function useFlowEdges(document: PipelineDocument): FlowEdge[] {
  const selected = useViewStore((state) => state.selectedEdge);
  const groups = groupsView(document);
  const [edges, setEdges] = useState<FlowEdge[]>(() => toFlowEdges(document.edges, selected, [], groups));
  useLayoutEffect(() => {
    setEdges((before) => toFlowEdges(document.edges, selected, before, groups));
  }, [document.edges, selected, groups]);
  return edges;
}

/** Once every node is measured the whole graph is brought into sight; from then on the view is the user's. */
export function useFittedOnce(isWanted: boolean): void {
  const isMeasured = useNodesInitialized();
  const isFitted = useRef(false);
  useEffect(() => {
    if (!isMeasured || !isWanted || isFitted.current) return;
    isFitted.current = true;
    fitAll(0);
  }, [isMeasured, isWanted]);
}

/** What Problems (or a search) points at is brought into sight. */
export function useRevealed(): void {
  const revealed = useViewStore((state) => state.revealed);
  useEffect(() => {
    const id =
      revealed?.nodeId ?? (revealed?.edge === undefined || revealed.edge === null ? null : nodeId(revealed.edge.from));
    const open = activeDocument();
    if (id === null || revealed === null || open === null) return;
    const shown = shownAs(open.document, id);
    showNode(shown);
    if (revealed.path === null) focusNode(shown);
  }, [revealed]);
}
