/** What is looked at: selection, the place to reveal, which panels are open. Nothing here is saved in a document. */
import { create } from 'zustand';
import type { EdgeRef, TextRange } from '../../runtime/core/diagnostics.ts';
import type { NodeId } from '../../runtime/core/ids.ts';

export type RailView = 'pipelines' | 'operators' | 'outline' | 'search' | 'runs' | 'settings';
export type CentreMode = 'graph' | 'code';

/** A place that a click elsewhere asks to show; `serial` differs for each request, so the same place can be asked twice. */
export interface RevealedPlace {
  readonly nodeId: NodeId | null;
  readonly edge: EdgeRef | null;
  /** Config key inside the node (`aggregates[1].expr`), or place in the document. */
  readonly path: string | null;
  readonly range: TextRange | null;
  readonly serial: number;
}

export interface ViewState {
  readonly selectedNodeIds: readonly NodeId[];
  readonly selectedEdge: EdgeRef | null;
  readonly revealed: RevealedPlace | null;
  /** null: the side bar is closed. */
  readonly railView: RailView | null;
  readonly centreMode: CentreMode;
  /** Ids of app/panels.ts that are open, kept up by the frame. */
  readonly openPanelIds: readonly string[];
  /** The panel that was asked for last; the frame opens it and brings it to the front. */
  readonly requestedPanel: { readonly id: string; readonly serial: number } | null;
  readonly isCommandPaletteOpen: boolean;
}

export const useViewStore = create<ViewState>(() => ({
  selectedNodeIds: [],
  selectedEdge: null,
  revealed: null,
  railView: 'operators',
  centreMode: 'graph',
  openPanelIds: [],
  requestedPanel: null,
  isCommandPaletteOpen: false,
}));

let serial = 0;

export function selectNodes(nodeIds: readonly NodeId[]): void {
  useViewStore.setState({ selectedNodeIds: nodeIds, selectedEdge: null });
}

export function selectEdge(edge: EdgeRef | null): void {
  useViewStore.setState({ selectedNodeIds: [], selectedEdge: edge });
}

export function clearSelection(): void {
  useViewStore.setState({ selectedNodeIds: [], selectedEdge: null });
}

/** Selects the node (or edge), shows it on the canvas and asks the inspector to focus `path` and mark `range`. */
export function reveal(place: {
  readonly nodeId?: NodeId | undefined;
  readonly edge?: EdgeRef | undefined;
  readonly path?: string | undefined;
  readonly range?: TextRange | undefined;
}): void {
  const { nodeId = null, edge = null, path = null, range = null } = place;
  useViewStore.setState({
    selectedNodeIds: nodeId === null ? [] : [nodeId],
    selectedEdge: nodeId === null ? edge : null,
    revealed: { nodeId, edge, path, range, serial: ++serial },
  });
}

/** As `reveal`, of a node, on the canvas, whatever is in the centre. */
export function revealOnCanvas(nodeId: NodeId): void {
  setCentreMode('graph');
  reveal({ nodeId });
}

export function setRailView(railView: RailView | null): void {
  useViewStore.setState({ railView });
}

export function setCentreMode(centreMode: CentreMode): void {
  useViewStore.setState({ centreMode });
}

/** Opens a panel of app/panels.ts, or brings it to the front. */
export function openPanel(id: string): void {
  useViewStore.setState({ requestedPanel: { id, serial: ++serial } });
}

export function setOpenPanelIds(openPanelIds: readonly string[]): void {
  useViewStore.setState({ openPanelIds });
}

export function setCommandPaletteOpen(isCommandPaletteOpen: boolean): void {
  useViewStore.setState({ isCommandPaletteOpen });
}

/** The one selected node; null when none or several are. */
export function useSelectedNodeId(): NodeId | null {
  return useViewStore(selectSingleNodeId);
}

function selectSingleNodeId(state: ViewState): NodeId | null {
  return state.selectedNodeIds.length === 1 ? (state.selectedNodeIds[0] ?? null) : null;
}

export function useSelectedEdge(): EdgeRef | null {
  return useViewStore((state) => state.selectedEdge);
}
