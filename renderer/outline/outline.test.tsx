import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { selectNodes, useViewStore } from '../stores/view-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { OutlineView } from './OutlineView.tsx';

beforeEach(() => {
  startTest();
  const document = sketch(
    {
      clicks: sourceNode(['user STRING']),
      bad: { type: 'filter', config: { condition: 'uses > 1' } },
      all: { type: 'sink.table', label: 'All' },
      some: { type: 'sink.table', label: 'Some' },
    },
    ['clicks -> bad', 'clicks -> all', 'bad -> some'],
  );
  openPipeline({ ...document, groups: [{ id: 'g', label: 'Clean', nodes: [nodeId('bad')] }] });
});
afterEach(cleanup);

function names(): readonly string[] {
  return screen.getAllByRole('treeitem').map((row) => `${row.getAttribute('aria-level')} ${textOf(row)}`);
}

function textOf(element: Element | null): string {
  return (element?.textContent ?? '').replaceAll(/\s+/g, ' ').trim();
}

describe('the outline', () => {
  it('lists operators along the data, with groups and problems; a click selects', () => {
    renderInApp(<OutlineView />);
    expect(names()).toEqual(['1 File source', '2 FilterClean11 error', '2 Some', '2 All']);
    fireEvent.click(screen.getByRole('treeitem', { name: /Filter/ }));
    expect(useViewStore.getState().selectedNodeIds).toEqual(['bad']);
    act(() => selectNodes([nodeId('all')]));
    expect(textOf(screen.getByRole('treeitem', { selected: true }))).toBe('All');
  });

  it('is walked with the keyboard, opened and closed', () => {
    renderInApp(<OutlineView />);
    const tree = screen.getByRole('tree');
    const press = (key: string): void => void fireEvent.keyDown(tree, { key });
    press('ArrowDown');
    expect(textOf(document.activeElement)).toContain('Filter');
    press('Enter');
    expect(useViewStore.getState().selectedNodeIds).toEqual(['bad']);
    press('ArrowLeft');
    expect(textOf(document.activeElement)).toBe('File source');
    press('ArrowLeft');
    expect(names()).toEqual(['1 File source']);
    press('ArrowRight');
    press('End');
    expect(textOf(document.activeElement)).toBe('All');
  });
});
