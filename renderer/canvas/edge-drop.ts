/** Dropping on the canvas: an operator from the palette anywhere, a lone node or a new one into an edge. */
import type { DragEvent } from 'react';
import type { EdgeRef } from '../../runtime/core/diagnostics.ts';
import type { PipelineDocument, Position } from '../../runtime/graph/index.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { OPERATOR_MIME } from '../palette/drag.ts';
import { addOperator } from './canvas-actions.ts';
import { setDropEdge, useCanvasStore } from './canvas-store.ts';
import { fits } from './fitting-operators.ts';
import { toCanvas } from './flow-instance.ts';
import { toFlowEdges } from './flow-model.ts';

/** `edgeKey` of the edge at a place in the window. */
export function edgeAt({ x, y }: Position): string | null {
  for (const element of globalThis.document.elementsFromPoint(x, y)) {
    const edge = element.closest('.react-flow__edge');
    if (edge !== null) return edge.getAttribute('data-id');
  }
  return null;
}

/** The edge that what is dragged would be put into. */
export function dropEdgeOf(document: PipelineDocument): EdgeRef | null {
  const key = useCanvasStore.getState().dropEdge;
  return key === null
    ? null
    : (toFlowEdges(document.edges, null, []).find((edge) => edge.id === key)?.data?.ref ?? null);
}

/** A node that is joined to nothing, and has ports for both halves of an edge. */
export function canBeInserted(document: PipelineDocument, id: string): boolean {
  const spec = findSpec(document.nodes.find((node) => node.id === id)?.type ?? '');
  const isJoined = document.edges.some((edge) => edge.from === id || edge.to === id);
  return spec !== null && !isJoined && fits(spec, ANY_EDGE);
}

const ANY_EDGE = { type: 'on-edge', edge: { from: '', fromPort: '', to: '', toPort: '' } } as const;

export function onOperatorDragOver(event: DragEvent, document: PipelineDocument): void {
  if (!event.dataTransfer.types.includes(OPERATOR_MIME)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = 'copy';
  setDropEdge(document.edges.length === 0 ? null : edgeAt({ x: event.clientX, y: event.clientY }));
}

export function onOperatorDrop(event: DragEvent, document: PipelineDocument): void {
  const type = event.dataTransfer.getData(OPERATOR_MIME);
  const spec = findSpec(type);
  if (spec === null) return;
  event.preventDefault();
  const edge = dropEdgeOf(document);
  setDropEdge(null);
  const at = toCanvas({ x: event.clientX, y: event.clientY });
  const isInserted = edge !== null && fits(spec, { type: 'on-edge', edge });
  addOperator(
    type,
    { x: at.x - DROP_OFFSET.x, y: at.y - DROP_OFFSET.y },
    isInserted ? { type: 'on-edge', edge } : { type: 'none' },
  );
}

/** The pointer holds a dropped node at its icon. */
const DROP_OFFSET: Position = { x: 24, y: 24 };
