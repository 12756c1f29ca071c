/**
 * How large an operator is on the canvas and where its ports are, before it is drawn: one that is out of sight need not be drawn to be measured,
 * which is most of what opening a large document would cost. The lengths are those of `canvas.css`.
 */
import { Position, type NodeHandle } from '@xyflow/react';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import { nodeIndex } from '../stores/document-store.ts';
import { danglingPorts, hasKnownPorts, placePorts, portsOf, type PlacedPort } from './ports.ts';

export const NODE_WIDTH = 208;
/** Of an operator without labelled ports. */
export const NODE_HEIGHT = 99;
const BORDER = 1;
const ROW_HEIGHT = 19;
/** Where the first row of labelled ports begins. */
const FIRST_ROW = 91;
/** Middle of the ports beside the label. */
const HEAD_PORT = 25;
const PORT_SIZE = 11;
const OPTIONAL_PORT_SIZE = 8;

export interface DrawnBox {
  readonly measured: { readonly width: number; readonly height: number };
  readonly handles: NodeHandle[];
}

/** What React Flow would measure of an operator; null where its ports are not known before it is checked. */
export function drawnBox(document: PipelineDocument, id: NodeId): DrawnBox | null {
  const node = nodeIndex(document).get(id);
  if (node === undefined || !hasKnownPorts(node)) return null;
  const known = portsOf(node);
  const { head, rows } = placePorts(known, danglingPorts(document, id, known));
  return {
    measured: { width: NODE_WIDTH, height: NODE_HEIGHT + rows.length * ROW_HEIGHT },
    handles: [
      ...head.map((port) => handleOf(port, HEAD_PORT)),
      ...rows.flatMap(({ input, output }, i) => {
        const middle = FIRST_ROW + (i + 0.5) * ROW_HEIGHT;
        return [input, output].flatMap((port) => (port === null ? [] : handleOf(port, middle)));
      }),
    ],
  };
}

function handleOf({ side, name, isOptional }: PlacedPort, middle: number): NodeHandle {
  const size = isOptional ? OPTIONAL_PORT_SIZE : PORT_SIZE;
  const isInput = side === 'input';
  return {
    id: name,
    type: isInput ? 'target' : 'source',
    position: isInput ? Position.Left : Position.Right,
    x: (isInput ? BORDER : NODE_WIDTH - BORDER) - size / 2,
    y: middle - size / 2,
    width: size,
    height: size,
  };
}
