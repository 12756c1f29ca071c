/** Of an operator on the canvas. */
export const NODE_WIDTH = 208;
/** Until React Flow has measured a node. */
export const NODE_HEIGHT = 96;
