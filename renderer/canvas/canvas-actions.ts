/** What can be done to the graph on screen: each an undoable step on the active document. */
import { said } from '../app/i18n/said.ts';
import { t } from '../app/i18n/index.ts';
import type { Addition, EdgeRef, Insertion } from '../../runtime/core/diagnostics.ts';
import { nodeId, type NodeId } from '../../runtime/core/ids.ts';
import {
  changeNote,
  connect,
  copyNodes,
  disconnect,
  insertOnEdge,
  moveNodes,
  paste,
  removeAndReconnect,
  removeNodes,
  removeNotes,
  sameEdge,
  type PipelineDocument,
  type PipelineNode,
  type Position,
  type RawConfig,
} from '../../runtime/graph/index.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { activeDocument, edit, nodeIndex } from '../stores/document-store.ts';
import { notify, notifyError } from '../stores/notice-store.ts';
import { activeValidation, tryValidate, validateNow } from '../stores/validation-store.ts';
import { clearSelection, selectEdge, selectNodes, useViewStore } from '../stores/view-store.ts';
import { operatorLabel } from '../ui/operator-assets.ts';
import { align, distribute, type Alignment } from './arrange.ts';
import { selectNote, useCanvasStore } from './canvas-store.ts';
import { refuseConnection, type Refusal } from './connection-check.ts';
import { addAttached, mainPort, type Attachment } from './fitting-operators.ts';
import {
  boxesOf,
  centreOfSight,
  focusNode,
  GRID,
  groupRectsOf,
  NODE_HEIGHT,
  NODE_WIDTH,
  showNode,
  snapped,
  zoomToFit,
} from './flow-instance.ts';
import { followNotes } from './follow-notes.ts';
import { groupFlowId, groupsView, shownAs, shownGraph, withMembers } from './groups/groups-view.ts';
import { fromElkGraph, toElkGraph } from './layout/elk-graph.ts';
import { runElk } from './layout/elk.ts';
import { layoutParts } from './layout/layout-parts.ts';
import { makeRoom } from './make-room.ts';
import { nextNode, type Direction } from './walk.ts';

export function selectedIds(): readonly NodeId[] {
  return useViewStore.getState().selectedNodeIds;
}

// Adding -------------------------------------------------------------------------------------------------------------

const FREE_STEP = 32;
/** Between a node and one that is put behind it. */
const GAP = 88;
/** Between a node that was put into an edge and the next: enough for the edge's figures. */
const INSERT_GAP = 64;

/** Adds an operator and selects it. Without a position: where there is room near the middle of what is in sight. */
export function addOperator(
  type: string,
  position: Position | null = null,
  attachment: Attachment = { type: 'none' },
  config?: RawConfig,
): void {
  const spec = findSpec(type);
  const open = activeDocument();
  if (spec === null || open === null) return;
  const place = position === null ? freePlace(open.document, centreOfSight()) : snapped(position);
  const added = addAttached(open.document, spec, place, attachment, config);
  const isInserted = attachment.type === 'on-edge';
  edit(t('canvas:steps.add', { name: operatorLabel(spec) }), () =>
    isInserted ? makeRoom(added.document, added.id, NODE_WIDTH, INSERT_GAP) : added.document,
  );
  validateNow();
  selectNodes([added.id]);
}

/** Puts the operator that mends a problem into its edge. */
export function insertOperator({ edge, type, config }: Insertion): void {
  const open = activeDocument();
  const reader = open === null ? undefined : nodeIndex(open.document).get(nodeId(edge.to));
  if (reader !== undefined) addOperator(type, reader.position, { type: 'on-edge', edge }, config);
}

/** Puts the operator that mends a problem behind the output that nothing reads. */
export function addReader({ from, fromPort, type, config }: Addition): void {
  const open = activeDocument();
  const node = open === null ? undefined : nodeIndex(open.document).get(from);
  if (open === null || node === undefined) return;
  addOperator(type, placeBehind(open.document, node), { type: 'after', node: from, port: fromPort }, config);
}

/** Enter in the palette: behind the selected node if the operator fits there, else near the middle. */
export function addOperatorBehindSelection(type: string): void {
  const spec = findSpec(type);
  const open = activeDocument();
  const [id, ...others] = selectedIds();
  const from = open === null || id === undefined || others.length > 0 ? null : nodeIndex(open.document).get(id);
  const port = id === undefined ? null : mainPort(activeValidation()?.nodes.get(id)?.ports.outputs ?? []);
  const ports = spec?.ports({}) ?? null;
  if (
    open === null ||
    from === null ||
    from === undefined ||
    port === null ||
    ports === null ||
    ports.inputs.length === 0
  ) {
    return addOperator(type);
  }
  addOperator(type, placeBehind(open.document, from), { type: 'after', node: from.id, port: port.name });
}

function placeBehind(document: PipelineDocument, { position }: PipelineNode): Position {
  return freePlace(document, { x: position.x + NODE_WIDTH + GAP, y: position.y });
}

/** The wanted place, or the first below it where no node lies. */
export function freePlace(document: PipelineDocument, wanted: Position): Position {
  const overlaps = (place: Position): boolean =>
    document.nodes.some(
      ({ position }) =>
        Math.abs(position.x - place.x) < NODE_WIDTH + GRID && Math.abs(position.y - place.y) < NODE_HEIGHT + GRID,
    );
  let place = wanted;
  while (overlaps(place)) place = { x: place.x, y: place.y + FREE_STEP };
  return snapped(place);
}

// Edges --------------------------------------------------------------------------------------------------------------

/** Why the edge cannot be drawn in the active document, in place of one that is being dragged; null when it can. */
export function refusalOf(edge: EdgeRef): Refusal | null {
  const open = activeDocument();
  if (open === null) return null;
  const { movedEdge } = useCanvasStore.getState();
  const before = movedEdge === null ? open.document : disconnect(open.document, [movedEdge]);
  return refuseConnection(before, activeValidation(), edge, (document) => tryValidate(open, document));
}

export function refusalText(refusal: Refusal): string {
  if (refusal.reason === 'schema') return said(refusal.diagnostic.message);
  return t(`canvas:refusal.${refusal.reason}`, 'port' in refusal ? { port: refusal.port } : {});
}

/** Draws the edge, or says why not. */
export function connectPorts(edge: EdgeRef): void {
  const refusal = refusalOf(edge);
  if (refusal !== null) {
    notify('canvas:refusal.title', { tone: 'warning', detail: refusalText(refusal) });
    return;
  }
  edit(t('canvas:steps.connect'), (document) =>
    connect(document, { ...edge, from: nodeId(edge.from), to: nodeId(edge.to) }),
  );
}

/** Joins the selected nodes from left to right: the first free input of each reads from the one before. */
export function connectSelected(): void {
  const open = activeDocument();
  const validation = activeValidation();
  if (open === null || validation === null) return;
  const nodes = open.document.nodes
    .filter((node) => selectedIds().includes(node.id))
    .toSorted((a, b) => a.position.x - b.position.x);
  nodes.slice(1).forEach((to, i) => {
    const from = nodes[i];
    const output = from === undefined ? null : mainPort(validation.nodes.get(from.id)?.ports.outputs ?? []);
    const inputs = validation.nodes.get(to.id)?.ports.inputs ?? [];
    const taken = (port: string): boolean =>
      open.document.edges.some((edge) => edge.to === to.id && edge.toPort === port);
    const input = inputs.find((port) => port.isMultiple === true || !taken(port.name)) ?? inputs[0];
    if (from === undefined || output === null || input === undefined) return;
    connectPorts({ from: from.id, fromPort: output.name, to: to.id, toPort: input.name });
  });
}

/** Puts a node that is joined to nothing into an edge, at the place where it was dropped. Only moves it when its ports do not allow more. */
export function insertNode(id: NodeId, edge: EdgeRef, position: Position): void {
  const ports = activeValidation()?.nodes.get(id)?.ports;
  const input = mainPort(ports?.inputs ?? []);
  const output = mainPort(ports?.outputs ?? []);
  const moved = new Map([[id, position]]);
  if (input === null || output === null) return commitMove(moved);
  edit(t('canvas:steps.insert'), (document) => {
    const inserted = insertOnEdge(moveNodes(document, moved), edge, id, { input: input.name, output: output.name });
    return makeRoom(inserted, id, NODE_WIDTH, INSERT_GAP);
  });
}

// Removing -----------------------------------------------------------------------------------------------------------

export function deleteSelection(): void {
  const { selectedNodeIds, selectedEdge } = useViewStore.getState();
  const { selectedNote } = useCanvasStore.getState();
  if (selectedNote !== null) {
    deleteNote(selectedNote);
    selectNote(null);
    if (selectedNodeIds.length === 0) return;
  }
  if (selectedEdge !== null) {
    edit(t('canvas:steps.disconnect'), (document) => disconnect(document, [selectedEdge]));
  } else {
    const count = selectedNodeIds.length;
    edit(t('canvas:steps.delete', { count }), (document) => removeNodes(document, selectedNodeIds));
  }
  clearSelection();
}

/** What read from a deleted node reads from its source instead. */
export function deleteAndReconnect(): void {
  const ids = selectedIds();
  edit(t('canvas:steps.delete', { count: ids.length }), (document) => removeAndReconnect(document, ids));
  clearSelection();
}

export function deleteNote(id: string): void {
  edit(t('canvas:steps.deleteNote'), (document) => removeNotes(document, [id]));
}

// Clipboard ----------------------------------------------------------------------------------------------------------

const PASTE_OFFSET = 24;
/** Pastes of the same text go further down each time. */
let pasted = { text: '', times: 0 };

/** Text for the clipboard; null when nothing is selected. */
export function copiedText(): string | null {
  const open = activeDocument();
  return open === null || selectedIds().length === 0 ? null : copyNodes(open.document, selectedIds());
}

export async function copySelection(): Promise<void> {
  const text = copiedText();
  if (text === null) return;
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    notifyError('canvas:clipboardRefused', error);
  }
}

export async function cutSelection(): Promise<void> {
  await copySelection();
  deleteSelection();
}

export async function pasteClipboard(): Promise<void> {
  try {
    pasteText(await navigator.clipboard.readText());
  } catch (error) {
    notifyError('canvas:clipboardRefused', error);
  }
}

/** Adds a copied piece of a pipeline and selects it. */
export function pasteText(text: string): void {
  const open = activeDocument();
  if (open === null || text.trim() === '') return;
  const times = pasted.text === text ? pasted.times + 1 : 1;
  const result = paste(open.document, text, { x: PASTE_OFFSET * times, y: PASTE_OFFSET * times });
  if (!result.ok) {
    notify('canvas:notPasted', { tone: 'warning', detail: result.error });
    return;
  }
  pasted = { text, times };
  const { document, ids } = result.value;
  edit(t('canvas:steps.paste', { count: ids.length }), () => document);
  validateNow();
  selectNodes(ids);
}

export function duplicateSelection(): void {
  const text = copiedText();
  if (text !== null) pasteText(text);
}

// Placing ------------------------------------------------------------------------------------------------------------

/** One step, or none if everything is where it was. */
export function commitMove(
  nodes: ReadonlyMap<NodeId, Position>,
  notes: ReadonlyMap<string, Position> = new Map(),
  coalesceKey: string | null = null,
): void {
  const open = activeDocument();
  if (open === null) return;
  const isElsewhere = (now: Position | undefined, wanted: Position): boolean =>
    now !== undefined && (now.x !== wanted.x || now.y !== wanted.y);
  const index = nodeIndex(open.document);
  const moved = new Map([...nodes].filter(([id, place]) => isElsewhere(index.get(id)?.position, place)));
  const movedNotes = open.document.notes.filter((note) => {
    const place = notes.get(note.id);
    return place !== undefined && isElsewhere(note.position, place);
  });
  const count = moved.size + movedNotes.length;
  if (count === 0) return;
  const movedTo = new Map(movedNotes.map(({ id, position }) => [id, notes.get(id) ?? position]));
  edit(t('canvas:steps.move', { count }), (document) => moveAll(document, moved, movedTo), coalesceKey);
}

/** Nodes and notes at other places. */
export function moveAll(
  document: PipelineDocument,
  nodes: ReadonlyMap<NodeId, Position>,
  notes: ReadonlyMap<string, Position>,
): PipelineDocument {
  return [...notes].reduce(
    (result, [id, position]) => changeNote(result, id, { position }),
    moveNodes(document, nodes),
  );
}

/** Moves the selected nodes by the keyboard. */
export function nudge(dx: number, dy: number): void {
  const open = activeDocument();
  if (open === null) return;
  const moved = boxesOf(open.document, new Set(selectedIds())).map(
    ({ id, position }) => [id, { x: position.x + dx * GRID, y: position.y + dy * GRID }] as const,
  );
  if (moved.length > 0) commitMove(new Map(moved), new Map(), 'nudge');
}

/** Lays out the selected nodes if there are several, else all. */
export async function autoLayout(): Promise<void> {
  const open = activeDocument();
  if (open === null || open.document.nodes.length === 0) return;
  const chosen = selectedIds().length > 1 ? new Set(selectedIds()) : null;
  const rects = groupRectsOf(open.document);
  const { edges, boxes, frames } = layoutParts(open.document, chosen, rects);
  try {
    const laidOut = await runElk(toElkGraph(edges, boxes, frames));
    const places = withMembers(open.document, rects, fromElkGraph(laidOut, boxes, GRID));
    const notes = followNotes(open.document, places);
    // What went meanwhile is passed over; what came stays where it is.
    edit(t('canvas:steps.layout'), (document) => moveAll(document, places, notes));
    if (chosen === null) fitAll();
  } catch (error) {
    notifyError('canvas:layoutFailed', error);
  }
}

export function alignSelection(alignment: Alignment): void {
  const open = activeDocument();
  if (open === null || selectedIds().length < 2) return;
  const positions = align(boxesOf(open.document, new Set(selectedIds())), alignment);
  edit(t('canvas:steps.align'), (document) => moveNodes(document, positions));
}

export function distributeSelection(axis: 'x' | 'y'): void {
  const open = activeDocument();
  if (open === null || selectedIds().length < 3) return;
  const positions = distribute(boxesOf(open.document, new Set(selectedIds())), axis);
  edit(t('canvas:steps.align'), (document) => moveNodes(document, positions));
}

/** Brings the whole graph into sight. */
export function fitAll(duration?: number): void {
  const open = activeDocument();
  if (open !== null) zoomToFit(boxesOf(open.document), duration);
}

export function fitSelection(): void {
  const open = activeDocument();
  if (open !== null) zoomToFit(boxesOf(open.document, new Set(selectedIds())));
}

// Selecting ----------------------------------------------------------------------------------------------------------

export function selectAll(): void {
  const open = activeDocument();
  if (open !== null) selectNodes(open.document.nodes.map((node) => node.id));
}

/** Goes to the next node by the keyboard. */
export function walk(direction: Direction): void {
  const open = activeDocument();
  if (open === null) return;
  const edge = useViewStore.getState().selectedEdge;
  const from = selectedIds().at(-1) ?? (edge === null ? null : nodeId(direction === 'left' ? edge.from : edge.to));
  const next = nextNode(shownGraph(open.document), from === null ? null : shownAs(open.document, from), direction);
  if (next === null) return;
  const group = groupsView(open.document).groups.find((one) => groupFlowId(one.id) === next);
  selectNodes(group?.nodes ?? [next]);
  showNode(next);
  focusNode(next);
}

/** From the selected node to the edges at it and on to the next, in turn; from an edge to the next edge. */
export function selectNextEdge(): void {
  const open = activeDocument();
  if (open === null) return;
  const { edges } = open.document;
  const { selectedEdge } = useViewStore.getState();
  const [id] = selectedIds();
  const around = id === undefined ? edges : edges.filter((edge) => edge.from === id || edge.to === id);
  const at = selectedEdge === null ? -1 : edges.findIndex((edge) => sameEdge(edge, selectedEdge));
  const next = selectedEdge === null ? around[0] : edges[(at + 1) % edges.length];
  if (next !== undefined) selectEdge({ from: next.from, fromPort: next.fromPort, to: next.to, toPort: next.toPort });
}
