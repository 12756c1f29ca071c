import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { printDocument, removeNodes, setConfig, type PipelineDocument } from '../../runtime/graph/index.ts';
import { activeDocument, edit, undo } from '../stores/document-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { openPipeline, renderInApp, sketch, startTest } from '../testing/app.tsx';
import { diffDocuments } from '../../runtime/graph/index.ts';
import { useDiffStore } from './diff-store.ts';
import { DiffPanel } from './DiffPanel.tsx';
import { ghostsOf } from './GhostNode.tsx';

const graph = sketch(
  { a: { type: 'filter', config: { condition: 'x' } }, b: { type: 'filter', config: { condition: 'y' } } },
  ['a -> b'],
);
const older = setConfig(graph, nodeId('a'), ['condition'], 'w');

function document(): PipelineDocument {
  return activeDocument()!.document;
}

beforeEach(() => {
  const revision = { hash: 'abcdef12', subject: 'Add it', author: 'Ann', at: 0, text: printDocument(older) };
  startTest({ revisions: { 'test.pipeline.json': [revision] } });
  useDiffStore.setState(useDiffStore.getInitialState(), true);
  openPipeline(graph);
});

it('lists what differs from the saved file, goes there, and takes one change back as one step', () => {
  edit('change', (before) => removeNodes(setConfig(before, nodeId('a'), ['condition'], 'z'), [nodeId('b')]));
  const changed = document();
  renderInApp(<DiffPanel />);
  fireEvent.click(screen.getByRole('button', { name: 'Compare' }));
  expect(screen.getAllByRole('listitem')).toHaveLength(3);
  fireEvent.click(screen.getByRole('button', { name: /^Condition/ }));
  expect(useViewStore.getState().revealed).toMatchObject({ nodeId: 'a', path: 'condition' });
  fireEvent.click(screen.getAllByRole('button', { name: 'Take back: Filter' }).at(-1)!);
  expect(document().nodes.map((node) => node.config)).toEqual([{ condition: 'x' }]);
  act(undo);
  expect(document()).toBe(changed);
  fireEvent.click(screen.getByRole('button', { name: 'Take back all' }));
  expect(diffDocuments(graph, document())).toEqual([]);
  expect(screen.getByText('Nothing differs')).toBeTruthy();
});

it('compares with a revision', async () => {
  renderInApp(<DiffPanel />);
  fireEvent.click(screen.getByRole('button', { name: 'Compare' }));
  await vi.waitFor(() => expect(useDiffStore.getState().revisions).toHaveLength(1));
  const { compareWith } = await import('./diff-store.ts');
  await compareWith(useDiffStore.getState().revisions[0]!);
  await vi.waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(1));
  expect(screen.getByRole('listitem').textContent).toContain('Conditionw→x');
});

it('shows what is gone where it was, with its edges', () => {
  const after = removeNodes(graph, [nodeId('b')]);
  const changes = diffDocuments(graph, after);
  const ghosts = ghostsOf({ before: graph, changes, nodes: new Map(), edges: new Map() });
  expect(ghosts.nodes.map(({ id, position, data }) => [id, position, data.inputs])).toEqual([
    ['b', { x: 300, y: 0 }, ['in']],
  ]);
  expect(ghosts.edges.map(({ source, target }) => [source, target])).toEqual([['a', 'b']]);
});
