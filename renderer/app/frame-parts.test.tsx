import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { setConfig, setLabel } from '../../runtime/graph/index.ts';
import { useFileList } from '../files/file-list.ts';
import { PipelinesView } from '../files/PipelinesView.tsx';
import type { FakeHost } from '../host/fake.ts';
import { Palette } from '../palette/Palette.tsx';
import { activeDocument, edit, useDocumentStore } from '../stores/document-store.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { notify } from '../stores/notice-store.ts';
import { useRunStore } from '../stores/run-store.ts';
import { changeSettings } from '../stores/settings-store.ts';
import { validateNow } from '../stores/validation-store.ts';
import { selectNodes, setCommandPaletteOpen, useViewStore } from '../stores/view-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { stubLayout } from '../testing/layout.ts';
import { checkpointReport } from '../testing/checkpoint-report.ts';
import { subtaskMetrics } from '../../runtime/testing/subtask-metrics.ts';
import { appCommands } from './app-commands.ts';
import { CommandPalette } from './CommandPalette.tsx';
import { registerCommands } from './commands.ts';
import { Dialogs } from './Dialogs.tsx';
import { DocumentTabs } from './DocumentTabs.tsx';
import { followLanguage } from './i18n/index.ts';
import { Notices } from './Notices.tsx';
import { StatusBar } from './StatusBar.tsx';
import { Toolbar } from './Toolbar.tsx';

const document = sketch(
  { in: sourceNode(['n INT']), keep: { type: 'filter', config: { condition: 'n > 1' } }, out: { type: 'sink.table' } },
  ['in -> keep', 'keep -> out'],
);

let host: FakeHost;
beforeEach(() => {
  stubLayout();
  host = startTest({
    files: { 'a.pipeline.json': '{}', 'data/clicks.csv': '', 'jobs/b.pipeline.json': '{}' },
    recent: ['a.pipeline.json'],
  });
  registerCommands(appCommands);
  openPipeline(document);
});

describe('toolbar', () => {
  it('names the step that undo would take back', () => {
    renderInApp(<Toolbar />);
    expect(screen.getByRole('button', { name: 'Undo' })).toHaveProperty('disabled', true);
    act(() => edit('rename Keep', (d) => setLabel(d, nodeId('keep'), 'Big ones')));
    fireEvent.click(screen.getByRole('button', { name: 'Undo: rename Keep' }));
    expect(activeDocument()?.document).toBe(document);
    expect(screen.getByRole('button', { name: 'Redo: rename Keep' })).toHaveProperty('disabled', false);
  });

  it('runs, and then stops', async () => {
    renderInApp(<Toolbar />);
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Run' })));
    expect(host.started).toHaveLength(1);
    act(() => host.emitState('RUNNING'));
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Stop' })));
    expect(useRunStore.getState().state).toBe('STOPPED');
    expect(screen.getByRole('button', { name: 'Run' })).toBeDefined();
  });

  it('offers nothing to run without a document', () => {
    useDocumentStore.setState({ documents: [], activePath: null });
    renderInApp(<Toolbar />);
    expect(screen.getByRole('button', { name: 'Run' })).toHaveProperty('disabled', true);
  });
});

describe('tabs', () => {
  it('mark unsaved changes, in words too', () => {
    renderInApp(<DocumentTabs />);
    expect(screen.getByRole('tab', { name: 'test' }).getAttribute('aria-selected')).toBe('true');
    act(() => edit('label', (d) => setLabel(d, nodeId('keep'), 'Big ones')));
    expect(screen.getByRole('tab', { name: 'test, unsaved changes' })).toBeDefined();
  });
});

describe('status bar', () => {
  it('counts problems and leads to them', () => {
    renderInApp(<StatusBar />);
    expect(screen.getByRole('button', { name: 'No problems' })).toBeDefined();
    act(() => {
      edit('condition', (d) => setConfig(d, nodeId('keep'), ['condition'], 'm > 1'));
      validateNow();
    });
    fireEvent.click(screen.getByRole('button', { name: '1 problem' }));
    expect(useViewStore.getState().requestedPanel?.id).toBe('problems');
  });

  it('shows the state and the figures of the job', () => {
    renderInApp(<StatusBar />);
    act(() => {
      useRunStore.setState({ state: 'RUNNING', path: 'test.pipeline.json' });
      const managedMemory = { usedBytes: 2 ** 20, budgetBytes: 2 ** 21 };
      const metrics = { at: 0, operators: [], links: [], memoryBytes: 3 * 2 ** 20, managedMemory };
      liveBuffer.push([{ type: 'metrics', metrics }]);
      liveBuffer.flush();
    });
    expect(screen.getByText('Running')).toBeDefined();
    expect(screen.getByRole('button', { name: 'managed memory 1 MB / 2 MB' }).title).toContain('3 MB');
  });

  it('tells the age of the last checkpoint, which grows without reports, and historic event time by its day', () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) });
    renderInApp(<StatusBar />);
    act(() => {
      useRunStore.setState({ state: 'RUNNING', path: 'test.pipeline.json' });
      const managedMemory = { usedBytes: 1, budgetBytes: 2 };
      const source = { nodeId: nodeId('in'), subtasks: [subtaskMetrics({ currentOutputWatermark: 0 })] };
      const metrics = { at: Date.now(), operators: [source], links: [], memoryBytes: 1, managedMemory };
      const checkpoint = checkpointReport(7, { triggeredAt: Date.now() - 2000, durationMs: 0 });
      liveBuffer.push([
        { type: 'metrics', metrics },
        { type: 'checkpoint', checkpoint },
      ]);
      liveBuffer.flush();
    });
    expect(screen.getByRole('button', { name: 'checkpoint 7, 2 s ago' })).toBeDefined();
    act(() => vi.advanceTimersByTime(3000));
    expect(screen.getByRole('button', { name: 'checkpoint 7, 5 s ago' })).toBeDefined();
    expect(screen.getByRole('button', { name: 'event time 1970-01-01 00:00:00' })).toBeDefined();
    vi.useRealTimers();
  });

  it('changes its language at once', () => {
    const stop = followLanguage();
    renderInApp(<StatusBar />);
    act(() => changeSettings({ language: 'zh-CN' }));
    expect(screen.getByText('未运行')).toBeDefined();
    act(() => changeSettings({ language: 'en' }));
    stop();
  });
});

describe('palette of operators', () => {
  it('finds an operator and adds it behind the selected node with Enter', () => {
    selectNodes([nodeId('in')]);
    renderInApp(<Palette />);
    const search = screen.getByRole('searchbox', { name: 'Find an operator' });
    fireEvent.change(search, { target: { value: 'session' } });
    fireEvent.keyDown(search, { key: 'Enter' });
    expect(activeDocument()?.document.nodes.at(-1)?.type).toBe('aggregate.window');
    expect(activeDocument()?.document.edges.at(-1)).toMatchObject({ from: 'in', to: 'aggregateWindow' });
  });

  it('says what to do when nothing is found', () => {
    renderInApp(<Palette />);
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'xyzzy' } });
    expect(screen.getByText('No operator of that name')).toBeDefined();
  });
});

describe('command palette', () => {
  it('finds commands and nodes by name', async () => {
    renderInApp(<CommandPalette />);
    act(() => setCommandPaletteOpen(true));
    const input = screen.getByRole('combobox');
    fireEvent.change(input, { target: { value: 'keyboard short' } });
    expect(screen.getAllByRole('option')).toHaveLength(1);
    fireEvent.change(input, { target: { value: 'sink.table' } });
    fireEvent.keyDown(input, { key: 'Enter' });
    await act(async () => new Promise((resolve) => setTimeout(resolve, 0)));
    expect(useViewStore.getState()).toMatchObject({ isCommandPaletteOpen: false, selectedNodeIds: ['out'] });
  });
});

describe('pipelines view', () => {
  it('lists the pipelines of the workspace, the recent ones first', async () => {
    renderInApp(<PipelinesView />);
    await act(async () => undefined);
    expect(useFileList.getState().files).toHaveLength(3);
    const all = within(screen.getByRole('region', { name: 'In the workspace' }));
    expect(all.getAllByRole('button').map((item) => item.title)).toEqual(['a.pipeline.json', 'jobs/b.pipeline.json']);
    expect(within(screen.getByRole('region', { name: 'Recent' })).getAllByRole('button')).toHaveLength(1);
  });

  it('renames the one that has the focus', async () => {
    renderInApp(
      <>
        <PipelinesView />
        <Dialogs />
      </>,
    );
    await act(async () => undefined);
    const all = within(screen.getByRole('region', { name: 'In the workspace' }));
    fireEvent.keyDown(all.getByTitle('jobs/b.pipeline.json'), { key: 'F2' });
    fireEvent.change(screen.getByRole('textbox', { name: 'Name' }), { target: { value: 'Big Clicks' } });
    expect(screen.getByText(/jobs\/big-clicks\.pipeline\.json/)).toBeDefined();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Rename' })));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(all.getByTitle('jobs/big-clicks.pipeline.json')).toBeDefined();
  });
});

describe('dialogs and notices', () => {
  it('make a new pipeline from its name', async () => {
    renderInApp(<Dialogs />);
    act(() => appCommands.find((one) => one.id === 'file.new')?.run() as undefined);
    fireEvent.change(screen.getByRole('textbox', { name: 'Name' }), { target: { value: 'Big Clicks' } });
    expect(screen.getByText(/big-clicks\.pipeline\.json/)).toBeDefined();
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Create' })));
    expect(activeDocument()?.path).toBe('big-clicks.pipeline.json');
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('say what went wrong and stay until they are closed', () => {
    renderInApp(<Notices />);
    act(
      () => void notify('app:notices.stopFailed', { tone: 'error', detail: 'the engine is gone', remedy: 'Start it.' }),
    );
    expect(screen.getByRole('alert').textContent).toContain('the engine is goneStart it.');
    fireEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
