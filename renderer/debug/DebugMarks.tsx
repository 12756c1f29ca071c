import { BaseEdge } from '@xyflow/react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { EdgeRef } from '../../runtime/core/diagnostics.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { BreakpointRequest } from '../../runtime/protocol/debug.ts';
import { useNodeNames } from '../run/node-name.ts';
import { useDocumentStore } from '../stores/document-store.ts';
import { portPlace, samePlace, toggled } from './breakpoints.ts';
import { useBreakpoint } from './debug-memory.ts';
import { changeBreakpoints } from './debug-session.ts';
import { useDebugStore, type DebugState } from './debug-store.ts';
import { placeSentence } from './sentences.ts';
import './debug.css';

/** The node of the document that acts next. */
function actingNode({ plan, view, status }: DebugState): NodeId | null {
  if (status !== 'stopped' || view === null) return null;
  return plan?.operators.find(({ nodeId }) => nodeId === view.stop.next?.nodeId)?.documentNode ?? null;
}

/** On a node: the first of its breakpoints that are at no port, and whether it acts next. */
export function DebugNodeMark({ nodeId }: { readonly nodeId: NodeId }): ReactNode {
  const { t } = useTranslation();
  const path = useDocumentStore((state) => state.activePath);
  const breakpoint = useBreakpoint(path, ({ place }) => place.nodeId === nodeId && !('port' in place));
  const isActing = useDebugStore((state) => state.path === path && actingNode(state) === nodeId);
  return (
    <>
      {isActing && <span className="debug-acting" title={t('debug:acting')} />}
      {breakpoint !== undefined && <BreakpointDot breakpoint={breakpoint} className="debug-node-dot" />}
    </>
  );
}

/** The breakpoint at a port. */
export function DebugPortMark(props: {
  readonly nodeId: NodeId;
  readonly side: 'input' | 'output';
  readonly port: string;
}): ReactNode {
  const path = useDocumentStore((state) => state.activePath);
  const place = portPlace(props.side, props.nodeId, props.port);
  const breakpoint = useBreakpoint(path, (one) => samePlace(one.place, place));
  return breakpoint === undefined ? null : (
    <BreakpointDot breakpoint={breakpoint} className={`debug-port-dot is-${props.side}`} />
  );
}

/** A click takes the breakpoint away. */
function BreakpointDot({
  breakpoint: { place, mode },
  className,
}: {
  readonly breakpoint: BreakpointRequest;
  readonly className: string;
}): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const where = placeSentence(place, { t, nameOf });
  return (
    <button
      type="button"
      className={`debug-dot nodrag nopan ${className} is-${mode}`}
      aria-label={t('debug:removeBreakpoint', { where })}
      title={`${where}: ${t(`debug:modes.${mode}`)}`}
      // A press on a port begins an edge.
      onMouseDown={(event) => event.stopPropagation()}
      onClick={(event) => {
        event.stopPropagation();
        void changeBreakpoints((all) => toggled(all, place));
      }}
    />
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
  return plan?.links.find((link) => isEdge(link.edge, edge))?.link ?? null;
}

function isEdge(a: EdgeRef | null, b: EdgeRef): boolean {
  return a !== null && a.from === b.from && a.fromPort === b.fromPort && a.to === b.to && a.toPort === b.toPort;
}

/** The row at hand on its way along the edge. Moves once, and not at all for those who asked for less motion. */
export function DebugToken({ edge, path }: { readonly edge: EdgeRef | undefined; readonly path: string }): ReactNode {
  const moment = useDebugStore((state) => {
    const next = state.status === 'stopped' ? state.view?.stop.next : null;
    if (edge === undefined || next === null || next === undefined || next.row === null) return null;
    const { row, nodeId: to, inputPort } = next;
    const link = state.plan?.links.find(
      (one) => one.to === to && one.toPort === inputPort && one.from === row.nodeId && one.fromPort === row.port,
    );
    return link !== undefined && isEdge(link.edge, edge) ? next.moment : null;
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

/** How many rows wait on an edge, in front of the port they are for. */
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
      style={{ transform: `translate(-100%, -50%) translate(${x - 12}px, ${y}px)` }}
      title={t('debug:queued', { count: rows })}
    >
      {rows}
    </span>
  );
}
