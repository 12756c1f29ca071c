/** Notes stay beside what they stand at when that is laid out anew. Pure. */
import type { NodeId } from '../../runtime/core/ids.ts';
import type { PipelineDocument, Position } from '../../runtime/graph/index.ts';
import { NODE_HEIGHT, NODE_WIDTH } from './node-size.ts';

/** Where notes go when nodes go to `places`: as far as the nearest node does. */
export function followNotes(
  { nodes, notes }: PipelineDocument,
  places: ReadonlyMap<NodeId, Position>,
): ReadonlyMap<string, Position> {
  const moved = new Map<string, Position>();
  for (const note of notes) {
    const gapTo = (at: Position): number =>
      Math.hypot(
        Math.max(0, at.x - note.position.x - note.width, note.position.x - at.x - NODE_WIDTH),
        Math.max(0, at.y - note.position.y - note.height, note.position.y - at.y - NODE_HEIGHT),
      );
    const nearest = nodes.toSorted((a, b) => gapTo(a.position) - gapTo(b.position))[0];
    const place = nearest === undefined ? undefined : places.get(nearest.id);
    if (nearest === undefined || place === undefined) continue;
    const { x, y } = note.position;
    moved.set(note.id, { x: x + place.x - nearest.position.x, y: y + place.y - nearest.position.y });
  }
  return moved;
}
