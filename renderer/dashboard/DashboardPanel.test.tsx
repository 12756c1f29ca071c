// @vitest-environment jsdom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { undoLabel } from '../../runtime/graph/index.ts';
import { activeDocument, undo } from '../stores/document-store.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { openPipeline, renderInApp, sketch, startTest } from '../testing/app.tsx';
import { stubLayout } from '../testing/layout.ts';
import { DashboardPanel } from './DashboardPanel.tsx';

const bars = (title: string) => ({
  type: 'sink.dashboard',
  config: { title, view: { kind: 'bar', category: 'page', value: 'clicks' } },
});

beforeAll(() => {
  // Nothing is laid out in jsdom, and a grid draws no tile without room.
  Object.defineProperty(HTMLElement.prototype, 'clientWidth', { configurable: true, value: 1920 });
  Object.defineProperty(HTMLElement.prototype, 'clientHeight', { configurable: true, value: 1080 });
  stubLayout();
});
beforeEach(() => void startTest());

describe('the dashboard panel', () => {
  it('says how to get a tile when there is none', () => {
    openPipeline(sketch({ out: { type: 'sink.table' } }));
    renderInApp(<DashboardPanel />);
    expect(screen.getByText('No tiles yet')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Show the operators' })).toBeTruthy();
  });

  it('shows the rows of a job', () => {
    openPipeline(sketch({ pages: bars('Pages'), half: { type: 'sink.dashboard', config: {} } }));
    renderInApp(<DashboardPanel />);
    const tile = within(screen.getByRole('region', { name: 'Pages' }));
    expect(tile.getByText('No rows yet')).toBeTruthy();
    expect(screen.queryByRole('region', { name: 'half' })).toBeNull();
    const row = (page: string, clicks: number) =>
      ({ values: [page, clicks], eventTime: null, changeKind: '+I', seenAt: 0, subtask: 0 }) as const;
    const sample = { nodeId: nodeId('pages'), port: 'in', fields: ['page', 'clicks'], seen: 2 };
    act(() => {
      liveBuffer.push([{ type: 'rows', sample: { ...sample, rows: [row('/home', 3), row('/help', 1200)] } }]);
      liveBuffer.flush();
    });
    expect(tile.getAllByRole('listitem').map((item) => item.textContent)).toEqual(['/help1.2K', '/home3']);
  });

  it('arranges tiles from the keyboard, each step one that can be undone', () => {
    openPipeline(sketch({ a: bars('A'), b: bars('B') }));
    renderInApp(<DashboardPanel />);
    fireEvent.click(screen.getByRole('button', { name: 'Arrange' }));
    const before = activeDocument()!.document;
    fireEvent.keyDown(screen.getByRole('region', { name: 'B' }), { key: 'ArrowRight' });
    fireEvent.keyDown(screen.getByRole('region', { name: 'B' }), { key: 'ArrowDown', shiftKey: true });
    expect(activeDocument()!.document.dashboard.tiles).toEqual([
      { node: 'a', x: 0, y: 0, w: 6, h: 5 },
      { node: 'b', x: 7, y: 0, w: 6, h: 6 },
    ]);
    expect(screen.getByText('B: column 8, row 1, 6 wide, 6 high')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Light' }));
    expect(undoLabel(activeDocument()!.history)).toBe("change the dashboard's theme");
    act(undo);
    expect(undoLabel(activeDocument()!.history)).toBe('arrange the dashboard');
    act(undo);
    act(undo);
    expect(activeDocument()!.document).toEqual(before);
  });
});
