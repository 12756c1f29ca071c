/** Moving and sizing tiles by steps, with the rules of the grid that dragging has. */
import { cloneLayout, moveElement, verticalCompactor, type Layout } from 'react-grid-layout';
import { nodeId, type NodeId } from '../../runtime/core/ids.ts';
import { DASHBOARD_COLUMNS, type TilePlace } from '../../runtime/graph/index.ts';

export const MIN_TILE = { w: 3, h: 2 };

export function layoutOf(places: readonly TilePlace[]): Layout {
  return places.map(({ node, x, y, w, h }) => ({ i: node, x, y, w, h, minW: MIN_TILE.w, minH: MIN_TILE.h }));
}

export function placesOfLayout(layout: Layout): TilePlace[] {
  return layout.map(({ i, x, y, w, h }) => ({ node: nodeId(i), x, y, w, h }));
}

export interface TileStep {
  readonly x?: number;
  readonly y?: number;
  readonly w?: number;
  readonly h?: number;
}

/** The places after one tile moved or grew by `step` cells; the others make room. */
export function moveTile(places: readonly TilePlace[], id: NodeId, step: TileStep): TilePlace[] {
  let layout = cloneLayout(layoutOf(places));
  const item = layout.find((one) => one.i === id);
  if (item === undefined) return [...places];
  item.w = Math.min(DASHBOARD_COLUMNS - item.x, Math.max(MIN_TILE.w, item.w + (step.w ?? 0)));
  item.h = Math.max(MIN_TILE.h, item.h + (step.h ?? 0));
  const x = Math.min(DASHBOARD_COLUMNS - item.w, Math.max(0, item.x + (step.x ?? 0)));
  const y = Math.max(0, item.y + (step.y ?? 0));
  if (x !== item.x || y !== item.y)
    layout = moveElement(layout, item, x, y, true, false, 'vertical', DASHBOARD_COLUMNS);
  const compact = new Map(verticalCompactor.compact(layout, DASHBOARD_COLUMNS).map((one) => [one.i, one]));
  // In the order of before: the document changes only where a tile did.
  return placesOfLayout(places.map(({ node }) => compact.get(node)!));
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What an arrow key does to the tile that has the focus: it moves, with Shift it grows. */
export function stepOfKey(event: { readonly key: string; readonly shiftKey: boolean }): TileStep | null {
  const step = STEPS[event.key];
  if (step === undefined) return null;
  return event.shiftKey ? { w: step[0], h: step[1] } : { x: step[0], y: step[1] };
}
