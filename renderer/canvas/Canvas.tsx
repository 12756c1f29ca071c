import {
  Background,
  BackgroundVariant,
  MiniMap,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  type Connection,
  type FinalConnectionState,
} from '@xyflow/react';
import { useEffect, useMemo, useRef, useState, type MouseEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { nodeId, type NodeId } from '../../runtime/core/ids.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import { useActiveDocument } from '../stores/document-store.ts';
import { selectIsActive, useRunStore } from '../stores/run-store.ts';
import { activeValidation } from '../stores/validation-store.ts';
import { openPanel, selectEdge, selectNodes, useViewStore } from '../stores/view-store.ts';
import { useTheme } from '../app/theme/theme.ts';
import { useShownDiff } from '../diff/diff-store.ts';
import { GhostEdge, GhostNode, ghostsOf } from '../diff/GhostNode.tsx';
import { ContextMenu } from '../ui/Menu.tsx';
import { AddOperatorMenu } from './AddOperatorMenu.tsx';
import { connectPorts, refusalOf } from './canvas-actions.ts';
import { CanvasControls } from './CanvasControls.tsx';
import {
  keepViewport,
  openAddMenu,
  selectNote,
  setDropEdge,
  setMenuPort,
  setMovedEdge,
  useCanvasStore,
} from './canvas-store.ts';
import { CanvasHint } from './CanvasHint.tsx';
import { useContextEntries } from './context-entries.tsx';
import { ConnectionTip } from './ConnectionTip.tsx';
import { FlowEdge } from './FlowEdge.tsx';
import { boxesOf, GRID, MAX_ZOOM, MIN_ZOOM, setFlowInstance, showCorner } from './flow-instance.ts';
import { noteIdOf, refOfConnection, type FlowEdge as FlowEdgeType, type FlowNode } from './flow-model.ts';
import { GroupNode } from './groups/GroupNode.tsx';
import { selectGroup } from './groups/group-actions.ts';
import { groupIdOf, portAt } from './groups/groups-view.ts';
import { dropMovedEdge } from './move-edge.ts';
import { NoteNode } from './notes/NoteNode.tsx';
import { OperatorNode } from './OperatorNode.tsx';
import { Breadcrumb } from './sub-pipelines/Breadcrumb.tsx';
import { jumpIn, targetOf } from './sub-pipelines/sub-pipeline-actions.ts';
import { PortTip } from './PortTip.tsx';
import { editSelected, onCanvasKey } from './canvas-keys.ts';
import { onOperatorDragOver, onOperatorDrop } from './edge-drop.ts';
import { useFittedOnce, useFlowEdges, useFlowNodes, useRevealed } from './use-flow-graph.ts';
import '@xyflow/react/dist/base.css';
import './canvas.css';

const nodeTypes = { operator: OperatorNode, note: NoteNode, group: GroupNode, ghost: GhostNode };
const edgeTypes = { flow: FlowEdge, ghost: GhostEdge };
const SNAP: [number, number] = [GRID, GRID];
const DELETE_BY_COMMAND = null;
/** From here on only what is in sight is rendered. */
const LARGE_GRAPH = 150;

/** The graph of the active document. */
export function Canvas(): ReactNode {
  const open = useActiveDocument();
  if (open === null) return null;
  // A tab of its own per document: the view is fitted when it first appears, and from then on the user's.
  return (
    <ReactFlowProvider key={open.path}>
      <Graph document={open.document} path={open.path} />
      <AddOperatorMenu />
      <PortTip />
    </ReactFlowProvider>
  );
}

function Graph({ document, path }: { readonly document: PipelineDocument; readonly path: string }): ReactNode {
  const { t } = useTranslation();
  const theme = useTheme();
  const container = useRef<HTMLDivElement>(null);
  const entries = useContextEntries();
  const { nodes, onNodesChange, onNodeDragStart, onNodeDrag, onNodeDragStop } = useFlowNodes(document);
  const edges = useFlowEdges(document);
  useRevealed();
  const diff = useShownDiff();
  const ghosts = useMemo(() => ghostsOf(diff), [diff]);
  const isLarge = document.nodes.length > LARGE_GRAPH;
  const isPictured = useCanvasStore((state) => state.isPictured);
  const [isReady, setReady] = useState(false);
  const [viewport] = useState(() => useCanvasStore.getState().viewports.get(path));
  useFittedOnce(isReady && !isLarge && viewport === undefined);
  useEffect(() => () => setFlowInstance(null, null), []);

  return (
    <ContextMenu entries={entries} onOpenChange={(isOpen) => !isOpen && setMenuPort(null)}>
      <div
        ref={container}
        className="canvas"
        tabIndex={-1}
        data-scope="canvas"
        onKeyDown={onCanvasKey}
        onDragOver={(event) => onOperatorDragOver(event, document)}
        onDragLeave={() => setDropEdge(null)}
        onDrop={(event) => onOperatorDrop(event, document)}
        onDoubleClick={(event) => {
          if (!(event.target as Element).classList.contains('react-flow__pane')) return;
          openAddMenu({ screen: { x: event.clientX, y: event.clientY }, attachment: { type: 'none' } });
        }}
      >
        <ReactFlow<FlowNode, FlowEdgeType>
          aria-label={t('canvas:label')}
          nodes={ghosts.nodes.length === 0 ? nodes : [...nodes, ...ghosts.nodes]}
          edges={ghosts.edges.length === 0 ? edges : [...edges, ...ghosts.edges]}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          colorMode={theme}
          onInit={(flow) => {
            setFlowInstance(flow, container.current);
            setReady(true);
            if (isLarge && viewport === undefined) showCorner(boxesOf(document));
          }}
          onMoveStart={() => container.current?.classList.add('is-moving')}
          onMoveEnd={(_event, moved) => {
            container.current?.classList.remove('is-moving');
            keepViewport(path, moved);
          }}
          {...(viewport === undefined ? {} : { defaultViewport: viewport })}
          onNodesChange={onNodesChange}
          onNodeDragStart={onNodeDragStart}
          onNodeDrag={onNodeDrag}
          onNodeDragStop={onNodeDragStop}
          onSelectionDragStop={(_event, dragged) => onNodeDragStop(_event, null, dragged)}
          onConnect={connectIfNamed}
          onConnectEnd={offerOperators}
          isValidConnection={isValidConnection}
          edgesReconnectable={!isLarge}
          onReconnectStart={(_event, edge) => setMovedEdge(edge.data?.ref ?? null)}
          onReconnect={(_edge, connection) => dropMovedEdge(refOfConnection(connection))}
          onReconnectEnd={() => setMovedEdge(null)}
          onPaneClick={() => {
            selectNodes([]);
            selectNote(null);
          }}
          onNodeClick={(event, node) => narrowSelection(event, node)}
          onNodeDoubleClick={(_event, node) => node.type === 'operator' && openOrEdit(nodeId(node.id))}
          onEdgeClick={(_event, edge) => showEdge(edge)}
          onNodeContextMenu={(_event, node) => selectForMenu(node.id)}
          onEdgeContextMenu={(_event, edge) => edge.data !== undefined && selectEdge(edge.data.ref)}
          onPaneContextMenu={() => selectNodes([])}
          snapToGrid
          snapGrid={SNAP}
          minZoom={MIN_ZOOM}
          maxZoom={MAX_ZOOM}
          deleteKeyCode={DELETE_BY_COMMAND}
          disableKeyboardA11y
          nodesFocusable
          edgesFocusable={false}
          panOnScroll
          zoomOnDoubleClick={false}
          selectionMode={SelectionMode.Partial}
          multiSelectionKeyCode={['Meta', 'Control']}
          connectionRadius={26}
          onlyRenderVisibleElements={isLarge && !isPictured}
          attributionPosition="bottom-center"
        >
          <Background variant={BackgroundVariant.Dots} gap={GRID * 2} size={1.4} color="var(--dot)" />
          <MiniMap
            className="canvas-minimap"
            pannable
            zoomable
            ariaLabel={t('canvas:minimap')}
            nodeColor={minimapColour}
            nodeStrokeWidth={0}
            nodeBorderRadius={12}
          />
          <CanvasControls />
          <Breadcrumb path={path} />
        </ReactFlow>
        <ConnectionTip />
        {document.nodes.length === 0 && <CanvasHint />}
      </div>
    </ContextMenu>
  );
}

/** A click on one of several selected nodes is about that one: React Flow would keep them all. */
function narrowSelection(event: MouseEvent, node: FlowNode): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey || node.type !== 'operator') return;
  if (useViewStore.getState().selectedNodeIds.length > 1) selectNodes([nodeId(node.id)]);
}

/** What a double click means: into a sub-pipeline, to the settings of another operator. */
function openOrEdit(id: NodeId): void {
  if (targetOf(id) !== null) void jumpIn(id);
  else editSelected();
}

function selectForMenu(id: string): void {
  const note = noteIdOf(id);
  if (note !== null) {
    selectNodes([]);
    return selectNote(note);
  }
  const group = groupIdOf(id);
  if (group !== null) return selectGroup(group);
  if (!useViewStore.getState().selectedNodeIds.includes(nodeId(id))) selectNodes([nodeId(id)]);
}

/** While a job runs, a click on an edge is a question for its rows. */
function showEdge(edge: FlowEdgeType): void {
  if (edge.data !== undefined) selectEdge(edge.data.ref);
  if (selectIsActive(useRunStore.getState())) openPanel('preview');
}

// Drawing edges ------------------------------------------------------------------------------------------------------

function connectIfNamed(connection: Connection): void {
  const edge = refOfConnection(connection);
  if (edge !== null) connectPorts(edge);
}

function isValidConnection(connection: Connection | FlowEdgeType): boolean {
  const edge = refOfConnection(connection);
  return edge !== null && refusalOf(edge) === null;
}

/** An edge that was dropped where nothing is: what could come there? */
function offerOperators(event: globalThis.MouseEvent | TouchEvent, state: FinalConnectionState): void {
  const { fromHandle, toHandle, toNode } = state;
  // The end of an edge that is there stays where it was.
  if (useCanvasStore.getState().movedEdge !== null) return;
  if (!fromHandle?.id || toHandle !== null || toNode !== null || !('clientX' in event)) return;
  const end = portAt(fromHandle.nodeId, fromHandle.id);
  openAddMenu({
    screen: { x: event.clientX, y: event.clientY },
    attachment: fromHandle.type === 'source' ? { type: 'after', ...end } : { type: 'before', ...end },
  });
}

function minimapColour(node: FlowNode): string {
  if (node.type === 'note') return 'transparent';
  if (node.type === 'group' && !node.data.view.isCollapsed) return 'color-mix(in srgb, var(--accent) 12%, transparent)';
  if (node.selected === true) return 'var(--accent)';
  const problems = activeValidation()?.byNode.get(nodeId(node.id));
  return problems?.some((one) => one.severity === 'error') === true ? 'var(--error)' : 'var(--line-strong)';
}
