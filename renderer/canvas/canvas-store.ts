/** What the canvas shows for a moment only: the edge under a drag, the one that is dragged, the list of operators to add, the port under the pointer or its menu. */
import type { Viewport } from '@xyflow/react';
import { create } from 'zustand';
import type { EdgeRef } from '../../runtime/core/diagnostics.ts';
import type { Position } from '../../runtime/graph/index.ts';
import type { Attachment } from './fitting-operators.ts';

export interface AddMenu {
  /** Where it opens, in pixels of the window. */
  readonly screen: Position;
  readonly attachment: Attachment;
}

export interface PortTip {
  readonly nodeId: string;
  readonly side: 'input' | 'output';
  readonly port: string;
  /** Middle of the port in the window. */
  readonly screen: Position;
}

interface CanvasState {
  /** `edgeKey` of the edge that a dragged operator would be put into. */
  readonly dropEdge: string | null;
  /** The edge whose end is being dragged to another port. */
  readonly movedEdge: EdgeRef | null;
  /** Where each document was looked at, by path: it is there again after another tab, or the code, was looked at. */
  readonly viewports: ReadonlyMap<string, Viewport>;
  readonly addMenu: AddMenu | null;
  readonly portTip: PortTip | null;
  /** What was right-clicked, while the menu is open. */
  readonly menuPort: PortTip | null;
  /** Id of the group whose name is being typed. */
  readonly editedGroup: string | null;
  readonly selectedNote: string | null;
  /** A picture of it is taken: also what is out of sight is drawn. */
  readonly isPictured: boolean;
  /** Id of the note that is being written. */
  readonly editedNote: string | null;
}

export const useCanvasStore = create<CanvasState>(() => ({
  dropEdge: null,
  movedEdge: null,
  viewports: new Map(),
  addMenu: null,
  portTip: null,
  menuPort: null,
  editedGroup: null,
  selectedNote: null,
  isPictured: false,
  editedNote: null,
}));

export function setDropEdge(dropEdge: string | null): void {
  if (useCanvasStore.getState().dropEdge !== dropEdge) useCanvasStore.setState({ dropEdge });
}

export function setMovedEdge(movedEdge: EdgeRef | null): void {
  useCanvasStore.setState({ movedEdge });
}

export function keepViewport(path: string, viewport: Viewport): void {
  useCanvasStore.setState(({ viewports }) => ({ viewports: new Map([...viewports, [path, viewport]]) }));
}

export function openAddMenu(addMenu: AddMenu): void {
  useCanvasStore.setState({ addMenu });
}

export function closeAddMenu(): void {
  useCanvasStore.setState({ addMenu: null });
}

export function setPortTip(portTip: PortTip | null): void {
  if (useCanvasStore.getState().portTip !== portTip) useCanvasStore.setState({ portTip });
}

export function setMenuPort(menuPort: PortTip | null): void {
  if (useCanvasStore.getState().menuPort !== menuPort) useCanvasStore.setState({ menuPort });
}

export function editGroupLabel(editedGroup: string | null): void {
  if (useCanvasStore.getState().editedGroup !== editedGroup) useCanvasStore.setState({ editedGroup });
}

export function selectNote(selectedNote: string | null): void {
  if (useCanvasStore.getState().selectedNote !== selectedNote) useCanvasStore.setState({ selectedNote });
}

export function editNote(editedNote: string | null): void {
  if (useCanvasStore.getState().editedNote !== editedNote) useCanvasStore.setState({ editedNote });
}
