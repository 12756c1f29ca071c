/** Dragging an end of an edge to another port: one step, and the edge keeps its place among those of a union. */
import type { EdgeRef } from '../../runtime/core/diagnostics.ts';
import { nodeId } from '../../runtime/core/ids.ts';
import { moveEdge, sameEdge } from '../../runtime/graph/index.ts';
import { t } from '../app/i18n/index.ts';
import { edit } from '../stores/document-store.ts';
import { selectEdge } from '../stores/view-store.ts';
import { refusalOf } from './canvas-actions.ts';
import { setMovedEdge, useCanvasStore } from './canvas-store.ts';

/** Puts the edge whose end was dragged where it was dropped, unless that is refused: the tip beside the pointer has said why. */
export function dropMovedEdge(next: EdgeRef | null): void {
  const { movedEdge } = useCanvasStore.getState();
  if (next === null || movedEdge === null || sameEdge(next, movedEdge) || refusalOf(next) !== null) return;
  const moved = { ...next, from: nodeId(next.from), to: nodeId(next.to) };
  setMovedEdge(null);
  edit(t('canvas:steps.reconnect'), (document) => moveEdge(document, movedEdge, moved));
  selectEdge(next);
}
