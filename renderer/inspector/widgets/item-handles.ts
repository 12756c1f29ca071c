/** What an item needs to move itself. */
export interface ItemHandles {
  /** From 1. */
  readonly position: number;
  readonly count: number;
  readonly itemLabel: string;
  readonly isDropTarget: boolean;
  /** The dragged item would go below this one. */
  readonly isBelow: boolean;
  readonly remove: () => void;
  readonly moveBy: (by: 1 | -1) => void;
  readonly startDrag: () => void;
  readonly dragOver: () => void;
  readonly endDrag: (isDropped: boolean) => void;
}
