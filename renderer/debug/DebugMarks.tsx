import { BaseEdge } from '@xyflow/react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { EdgeRef } from '../../runtime/core/diagnostics.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import { useDocumentStore } from '../stores/document-store.ts';
import { toggleBreakpoint } from './debug-commands.ts';
import { selectBreakpoints, useDebugStore, type DebugState } from './debug-store.ts';
import './debug.css';

/** The node of the document that acts next. */
function actingNode({ plan, view, status }: DebugState): NodeId | null {
  if (status !== 'stopped' || view === null) return null;
  return plan?.operators.find(({ nodeId }) => nodeId === view.stop.next?.nodeId)?.documentNode ?? null;
}

/** On a node: its breakpoint, a click away from none, and whether it acts next. */
export function DebugNodeMark({ nodeId }: { readonly nodeId: NodeId }): ReactNode {
  const { t } = useTranslation();
  const path = useDocumentStore((state) => state.activePath);
  const mode = useDebugStore(
    (state) => selectBreakpoints(state, path).find(({ place }) => place.nodeId === nodeId)?.mode ?? null,
  );
  const isActing = useDebugStore((state) => state.path === path && actingNode(state) === nodeId);
  return (
    <>
      {isActing && <span className="debug-acting" title={t('debug:acting')} />}
      {mode !== null && (
        <button
          type="button"
          className={`debug-dot debug-node-dot nodrag is-${mode}`}
          aria-label={t('debug:toggleBreakpoint')}
          title={t(`debug:modes.${mode}`)}
          onClick={(event) => {
            event.stopPropagation();
            toggleBreakpoint(nodeId);
          }}
        />
      )}
    </>
  );
}

/** Rows that wait on an edge; null: no session, or a stream inside a composite. */
export function useQueued(edge: EdgeRef | undefined): number | null {
  const path = useDocumentStore((state) => state.activePath);
  return useDebugStore((state) => {
    if (edge === undefined || state.view === null || state.path !== path) return null;
    const link = linkOf(state, edge);
    if (link === null) return null;
    return state.view.queues
      .filter((queue) => queue.link === link)
      .reduce((sum, queue) => sum + queue.elements.filter(({ type }) => type === 'row').length, 0);
  });
}

function linkOf({ plan }: DebugState, edge: EdgeRef): number | null {
  const found = plan?.links.find(
    (link) =>
      link.from === edge.from && link.fromPort === edge.fromPort && link.to === edge.to && link.toPort === edge.toPort,
  );
  return found?.link ?? null;
}

/** The row at hand on its way along the edge. Moves once, and not at all for those who asked for less motion. */
export function DebugToken({ edge, path }: { readonly edge: EdgeRef | undefined; readonly path: string }): ReactNode {
  const moment = useDebugStore((state) => {
    const next = state.status === 'stopped' ? state.view?.stop.next : null;
    if (edge === undefined || next === null || next === undefined || next.row === null || next.nodeId !== edge.to)
      return null;
    return next.inputPort === edge.toPort && next.row.nodeId === edge.from && next.row.port === edge.fromPort
      ? next.moment
      : null;
  });
  if (moment === null) return null;
  return (
    <>
      <BaseEdge path={path} className="debug-edge" interactionWidth={0} />
      <circle key={moment} r={5} className="debug-token">
        <animateMotion dur="0.45s" fill="freeze" path={path} />
      </circle>
    </>
  );
}

/** How many rows wait on an edge. */
export function DebugQueueChip({
  rows,
  x,
  y,
}: {
  readonly rows: number;
  readonly x: number;
  readonly y: number;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <span
      className="debug-chip"
      style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
      title={t('debug:queued', { count: rows })}
    >
      {rows}
    </span>
  );
}
