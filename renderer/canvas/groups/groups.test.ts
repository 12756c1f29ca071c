import { beforeEach, describe, expect, it } from 'vitest';
import { nodeId, type NodeId } from '../../../runtime/core/ids.ts';
import { groupNodes, setCollapsed, type PipelineDocument } from '../../../runtime/graph/index.ts';
import { activeDocument, undo } from '../../stores/document-store.ts';
import { selectNodes, useViewStore } from '../../stores/view-store.ts';
import { openPipeline, sketch, startTest } from '../../testing/app.tsx';
import { autoLayout, walk } from '../canvas-actions.ts';
import { fitFrames, refOfConnection, toFlowEdges, toFlowNodes, type FlowNode } from '../flow-model.ts';
import { followNotes } from '../follow-notes.ts';
import {
  collapseAll,
  commitDrag,
  groupSelection,
  leaveCurrentGroup,
  toggleCurrentGroup,
  ungroupCurrent,
} from './group-actions.ts';
import { frameAround, groupsView } from './groups-view.ts';

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(nodeId) as [NodeId, NodeId, NodeId, NodeId];
const graph = sketch(
  { a: { type: 'filter' }, b: { type: 'filter' }, c: { type: 'filter' }, d: { type: 'filter', y: 600 } },
  ['a -> b', 'b -> c', 'a -> c'],
);
const grouped = groupNodes(graph, [b, c], 'Clean').document;
const collapsed = setCollapsed(grouped, 'group', true);
const labelOf = (id: string): string => id;
const none = new Set<string>();

function document(): PipelineDocument {
  return activeDocument()!.document;
}

beforeEach(() => {
  startTest();
});

describe('a group on the canvas', () => {
  it('is a frame around its nodes, and around groups within', () => {
    const [frame] = toFlowNodes(grouped, none, [], labelOf);
    expect(frame).toMatchObject({ id: 'group:group', position: { x: 276, y: -40 }, width: 556, height: 163 });
    const outer = groupNodes(grouped, [a, b, c], 'All').document;
    const frames = toFlowNodes(outer, none, [], labelOf).filter((node) => node.type === 'group');
    expect(frames.map((node) => [node.id, node.position.x, node.zIndex])).toEqual([
      ['group:group', 276, -1999],
      ['group:group2', -24, -2000],
    ]);
  });

  it('is one box when it is collapsed, with the ports that edges across its border end at', () => {
    expect(toFlowNodes(collapsed, none, [], labelOf).map((node) => node.id)).toEqual(['group:group', 'a', 'd']);
    const edges = toFlowEdges(collapsed.edges, null, [], groupsView(collapsed));
    expect(edges.map((edge) => [edge.source, edge.target, edge.targetHandle])).toEqual([
      ['a', 'group:group', 'b\nin'],
      ['a', 'group:group', 'c\nin'],
    ]);
    expect(refOfConnection(edges[0]!)).toEqual({ from: 'a', fromPort: 'out', to: 'b', toPort: 'in' });
  });

  it('takes what is in it along while it is dragged, and grows with what is dragged out', () => {
    const before = toFlowNodes(grouped, none, [], labelOf);
    const drag = (id: string, dx: number): FlowNode[] =>
      fitFrames(
        grouped,
        before,
        before.map((node) =>
          node.id === id ? { ...node, position: { x: node.position.x + dx, y: node.position.y } } : node,
        ),
      );
    const xOf = (nodes: FlowNode[]): unknown => Object.fromEntries(nodes.map((node) => [node.id, node.position.x]));
    expect(xOf(drag('group:group', 100))).toEqual({ 'group:group': 376, a: 0, b: 400, c: 700, d: 900 });
    expect(drag('c', 100)[0]).toMatchObject({ position: { x: 276 }, width: 656 });
  });
});

describe('what is done with groups', () => {
  it('is one step each', () => {
    openPipeline(graph);
    selectNodes([b, c]);
    groupSelection();
    toggleCurrentGroup();
    expect(document().groups).toEqual([{ id: 'group', label: '', collapsed: true, nodes: [b, c] }]);
    toggleCurrentGroup();
    ungroupCurrent();
    expect(document().groups).toEqual([]);
    undo();
    selectNodes([c]);
    leaveCurrentGroup();
    expect(document().groups[0]?.nodes).toEqual([b]);
    collapseAll(true);
    expect(groupsView(document()).hidden).toEqual(new Map([[b, 'group']]));
  });

  it('moves all that is in a group that is dragged, in one step', () => {
    openPipeline(collapsed);
    const [box] = toFlowNodes(collapsed, none, [], labelOf);
    commitDrag(collapsed, [{ ...box!, position: { x: box!.position.x + 40, y: box!.position.y + 8 } }]);
    const places = new Map(document().nodes.map((node) => [node.id, node.position]));
    expect([places.get(b), places.get(c), places.get(a)]).toEqual([
      { x: 340, y: 8 },
      { x: 640, y: 8 },
      { x: 0, y: 0 },
    ]);
    undo();
    expect(document()).toEqual(collapsed);
  });

  it('lets a node that is dropped into a frame join', () => {
    openPipeline(grouped);
    const node = toFlowNodes(grouped, none, [], labelOf).find((one) => one.id === 'd')!;
    commitDrag(grouped, [{ ...node, position: { x: 460, y: 8 } }]);
    expect(document().groups[0]?.nodes).toEqual([b, c, d]);
    undo();
    expect(document()).toEqual(grouped);
  });

  it('goes to a collapsed group with the arrow keys as to a node', () => {
    openPipeline(collapsed);
    selectNodes([a]);
    walk('right');
    expect(useViewStore.getState().selectedNodeIds).toEqual([b, c]);
    walk('left');
    expect(useViewStore.getState().selectedNodeIds).toEqual([a]);
  });
});

describe('auto layout', () => {
  it('keeps groups together, so that frames hold no other node and do not overlap', async () => {
    const two = groupNodes(groupNodes(graph, [a, c], 'One').document, [b], 'Two').document;
    openPipeline(two);
    await autoLayout();
    const frames = toFlowNodes(document(), none, [], labelOf).filter((node) => node.type === 'group');
    const [one, other] = frames.map((node) => ({
      ...node.position,
      right: node.position.x + node.width!,
      bottom: node.position.y + node.height!,
    }));
    const isApart =
      one!.right <= other!.x || other!.right <= one!.x || one!.bottom <= other!.y || other!.bottom <= one!.y;
    expect(isApart).toBe(true);
    undo();
    expect(document()).toEqual(two);
  });

  it('moves a collapsed group as one, with its nodes as they stand', async () => {
    openPipeline(collapsed);
    await autoLayout();
    const places = new Map(document().nodes.map((node) => [node.id, node.position]));
    expect(places.get(c)!.x - places.get(b)!.x).toBe(300);
    expect(places.get(b)!.x).not.toBe(300);
  });

  it('takes notes along with the node they stand at', () => {
    const note = { id: 'n', text: '', position: { x: 320, y: 120 }, width: 100, height: 40 };
    expect(followNotes({ ...graph, notes: [note] }, new Map([[b, { x: 310, y: 50 }]]))).toEqual(
      new Map([['n', { x: 330, y: 170 }]]),
    );
  });
});

it('a frame has room for its head', () => {
  expect(frameAround([{ x: 0, y: 0, width: 10, height: 10 }])).toEqual({ x: -24, y: -40, width: 58, height: 74 });
});
