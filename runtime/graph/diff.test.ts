import { expect, it } from 'vitest';
import { nodeId } from '../core/ids.ts';
import { diffDocuments, revertChange, revertField, type FieldChange } from './diff.ts';
import { emptyDocument, type PipelineDocument } from './document.ts';
import { setDashboardTheme } from './edits/dashboard.ts';
import { changeId, moveNodes, removeNodes, setConfig, setLabel } from './edits/nodes.ts';

const [a, b, c] = ['a', 'b', 'c'].map(nodeId);
const node = (id: string, config: object) => ({
  id: nodeId(id),
  type: 'filter',
  version: 1,
  position: { x: 0, y: 0 },
  config: { ...config },
});
const before: PipelineDocument = {
  ...emptyDocument('Test'),
  nodes: [node('a', { condition: 'x' }), node('b', { condition: 'y', list: [1, 2] }), node('c', { condition: 'z' })],
  edges: [
    { from: a!, fromPort: 'out', to: b!, toPort: 'in' },
    { from: b!, fromPort: 'out', to: c!, toPort: 'in' },
  ],
};

it('passes over moves, and tells values by their path', () => {
  expect(diffDocuments(before, moveNodes(before, new Map([[a!, { x: 9, y: 9 }]])))).toEqual([]);
  const after = setLabel(setConfig(setConfig(before, b!, ['condition'], 'w'), b!, ['list', 1], 3), b!, 'B');
  const [change] = diffDocuments(before, after);
  expect(change).toMatchObject({
    element: 'node',
    kind: 'changed',
    fields: [
      { path: ['config', 'condition'], before: 'y', after: 'w' },
      { path: ['config', 'list', 1], before: 2, after: 3 },
      { path: ['label'], before: undefined, after: 'B' },
    ],
  });
  const one = revertField(after, change!, (change as { fields: readonly FieldChange[] }).fields[0]!);
  expect(one.nodes[1]).toMatchObject({ label: 'B', config: { condition: 'y', list: [1, 3] } });
  expect(revertChange(after, change!)).toEqual(before);
});

it('tells how a dashboard is arranged', () => {
  const after = setDashboardTheme(before, 'light');
  const changes = diffDocuments(before, after);
  expect(changes).toMatchObject([{ element: 'document', fields: [{ path: ['dashboard', 'theme'] }] }]);
  expect(changes.reduce(revertChange, after)).toEqual(before);
});

it('recognises a node under another id, with its edges', () => {
  const renamed = changeId(before, b!, 'large');
  const after = renamed.ok ? setConfig(renamed.value, nodeId('large'), ['condition'], 'w') : before;
  const changes = diffDocuments(before, after);
  expect(changes.map(({ element, kind }) => `${element} ${kind}`)).toEqual(['node changed', 'node renamed']);
  expect(changes.reduce(revertChange, after)).toEqual(before);
});

it('tells what is gone with its edges, and brings it back', () => {
  const after = removeNodes(before, [b!]);
  const changes = diffDocuments(before, after);
  expect(changes.map(({ element, kind }) => `${element} ${kind}`)).toEqual([
    'node removed',
    'edge removed',
    'edge removed',
  ]);
  expect(diffDocuments(before, changes.reduce(revertChange, after))).toEqual([]);
});
