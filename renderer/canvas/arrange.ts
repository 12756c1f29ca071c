/** Lining up nodes: new positions for those that move. Pure. */
import type { NodeId } from '../../runtime/core/ids.ts';
import type { Position } from '../../runtime/graph/index.ts';

export interface Box {
  readonly id: NodeId;
  readonly position: Position;
  readonly width: number;
  readonly height: number;
}

export type Alignment = 'left' | 'right' | 'top' | 'bottom' | 'middle' | 'centre';

export function align(boxes: readonly Box[], alignment: Alignment): ReadonlyMap<NodeId, Position> {
  const left = Math.min(...boxes.map((box) => box.position.x));
  const right = Math.max(...boxes.map((box) => box.position.x + box.width));
  const top = Math.min(...boxes.map((box) => box.position.y));
  const bottom = Math.max(...boxes.map((box) => box.position.y + box.height));
  return new Map(
    boxes.map(({ id, position, width, height }) => {
      const places: Record<Alignment, Position> = {
        left: { x: left, y: position.y },
        right: { x: right - width, y: position.y },
        centre: { x: Math.round((left + right - width) / 2), y: position.y },
        top: { x: position.x, y: top },
        bottom: { x: position.x, y: bottom - height },
        middle: { x: position.x, y: Math.round((top + bottom - height) / 2) },
      };
      return [id, places[alignment]];
    }),
  );
}

/** Equal gaps between the outermost two along an axis, in the order they stand. */
export function distribute(boxes: readonly Box[], axis: 'x' | 'y'): ReadonlyMap<NodeId, Position> {
  const size = axis === 'x' ? 'width' : 'height';
  const sorted = boxes.toSorted((a, b) => a.position[axis] - b.position[axis]);
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined || sorted.length < 3) return new Map();
  const room = last.position[axis] + last[size] - first.position[axis];
  const gap = (room - sorted.reduce((sum, box) => sum + box[size], 0)) / (sorted.length - 1);
  let at = first.position[axis];
  return new Map(
    sorted.map((box) => {
      const place = { ...box.position, [axis]: Math.round(at) };
      at += box[size] + gap;
      return [box.id, place];
    }),
  );
}
