import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { registerCommands, runCommand } from '../app/commands.ts';
import { t } from '../app/i18n/index.ts';
import { activeDocument } from '../stores/document-store.ts';
import { activeValidation } from '../stores/validation-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { findCommands } from './find-commands.ts';
import { setQuery, useFindStore } from './find-store.ts';
import { FindView } from './FindView.tsx';
import { findMatches } from './matches.ts';

beforeEach(() => {
  startTest();
  useFindStore.setState(useFindStore.getInitialState(), true);
  const document = sketch(
    {
      clicks: { ...sourceNode(['user STRING', 'ts TIMESTAMP']), label: 'All clicks' },
      bad: { type: 'filter', config: { condition: 'uses > 1\n  AND user <> 1' } },
      perMinute: {
        type: 'aggregate.window',
        config: { groupBy: ['user'], window: { type: 'tumbling', size: '1 minute' } },
      },
      table: { type: 'sink.table' },
    },
    ['clicks -> bad', 'clicks -> perMinute', 'perMinute -> table'],
  );
  const note = { id: 'n', text: 'Only users\nwho stayed', position: { x: 0, y: 0 }, width: 100, height: 100 };
  openPipeline({ ...document, notes: [note] });
});
afterEach(cleanup);

function found(query: string): readonly string[] {
  const { path, document } = activeDocument()!;
  return findMatches(query, path, document, activeValidation(), t).map(({ nodeId: node, kind, path: at, text }) =>
    [node, kind, at, text].filter(Boolean).join(' | '),
  );
}

describe('findMatches', () => {
  it('finds texts wherever they stand', () => {
    expect(found('USER')).toEqual([
      'clicks | config | schema[0].name | user',
      'clicks | field | user',
      'bad | config | condition | AND user <> 1',
      'perMinute | config | groupBy[0] | user',
      'note | Only users',
    ]);
    expect(found('all cl')).toEqual(['clicks | name | All clicks']);
    expect(found('tumbl')).toEqual(['perMinute | type | aggregate.window']);
    expect(found('  ')).toEqual([]);
  });

  it('finds what is true of a node by its keywords', () => {
    expect(found('invalid').map((one) => one.slice(0, 21))).toEqual(['bad | fact | Invalid:']);
    expect(found('stateful')).toEqual(['clicks | fact | Keeps state', 'perMinute | fact | Keeps state']);
    expect(found('late')).toContain('perMinute | fact | Can send late rows aside');
    expect(found('watermark')).toContain('clicks | fact | Makes watermarks');
    expect(found('back pressure')).toEqual([]);
  });
});

describe('the view', () => {
  it('lists matches under their operators, and goes from one to the next', () => {
    renderInApp(<FindView />);
    registerCommands(findCommands);
    fireEvent.click(screen.getByRole('button', { name: 'stateful' }));
    expect(screen.getByRole('status').textContent).toBe('2 matches');
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'user' } });
    const list = screen.getByRole('list', { name: 'Matches' });
    expect(
      within(list)
        .getAllByRole('heading')
        .map(({ textContent }) => textContent?.trim()),
    ).toEqual(['All clicks', 'Filter', 'Window aggregate', 'Note']);
    fireEvent.click(within(list).getByRole('button', { name: /Condition/ }));
    expect(useViewStore.getState().revealed).toMatchObject({
      nodeId: nodeId('bad'),
      path: 'condition',
      range: { start: 15, end: 19 },
    });
    expect(screen.getByRole('status').textContent).toBe('3 of 5');
    act(() => runCommand('edit.findNext'));
    expect(useViewStore.getState().revealed).toMatchObject({ nodeId: nodeId('perMinute'), path: 'groupBy[0]' });
    fireEvent.keyDown(screen.getByRole('searchbox'), { key: 'Enter', shiftKey: true });
    expect(screen.getByRole('status').textContent).toBe('3 of 5');
    act(() => setQuery('nothing like this'));
    expect(screen.getByText('Nothing found')).toBeTruthy();
    act(() => runCommand('edit.find'));
    expect(useViewStore.getState().railView).toBe('search');
    expect(document.activeElement).toBe(screen.getByRole('searchbox'));
  });
});
