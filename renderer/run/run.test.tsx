import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { LogLevel } from '../../runtime/protocol/job.ts';
import { openTestDocument } from '../inspector/test-document.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { run, selectCanTakeSavepoint, useRunStore } from '../stores/run-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import type { FakeHost } from '../host/fake.ts';
import { checkpointReport } from '../testing/checkpoint-report.ts';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { filterLog } from './log-filter.ts';
import { LogPanel } from './LogPanel.tsx';
import { RunOptionsDialog } from './RunOptionsDialog.tsx';

let host: FakeHost;
beforeEach(() => {
  ({ host } = openTestDocument());
  useRunStore.setState({ settings: { parallelism: null, runtimeMode: null, params: {}, resume: false } });
});
afterEach(cleanup);

function log(level: LogLevel, message: string, node: string | null = null): void {
  liveBuffer.push([
    { type: 'log', record: { at: 0, level, message, nodeId: node === null ? null : nodeId(node), subtask: null } },
  ]);
}

describe('LogPanel', () => {
  function show(): void {
    liveBuffer.flush();
    render(
      <TooltipProvider>
        <LogPanel />
      </TooltipProvider>,
    );
  }

  it('shows lines, and goes to their node', () => {
    log('info', 'started');
    log('warn', 'slow', 'bad');
    show();
    expect(screen.getByText('started')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Suspicious' }));
    expect(useViewStore.getState().selectedNodeIds).toEqual(['bad']);
  });

  it('filters by text, also by the name of the node', () => {
    log('info', 'started');
    log('warn', 'slow', 'bad');
    show();
    fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'suspi' } });
    expect(screen.queryByText('started')).toBeNull();
    expect(screen.getByText('1 line')).toBeTruthy();
  });

  it('is emptied', () => {
    log('info', 'started');
    show();
    fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
    expect(screen.getByText('The log is empty')).toBeTruthy();
  });

  it('tells why the job failed, with remedy and node', () => {
    useRunStore.setState({
      state: 'FAILED',
      error: {
        name: 'StreamError',
        code: 'MR2103',
        message: '"abc" is not a BIGINT',
        remedy: 'Mend the file.',
        nodeId: nodeId('bad'),
        isRetryable: false,
        stack: null,
      },
    });
    show();
    const alert = screen.getByRole('alert');
    for (const text of ['The job failed', 'MR2103', '"abc" is not a BIGINT', 'Mend the file.', 'Suspicious']) {
      expect(alert.textContent).toContain(text);
    }
    expect(screen.queryByRole('button', { name: /^Resume/ })).toBeNull();
  });

  it('comes to the front when a job fails, and offers to resume it', async () => {
    await run();
    const checkpoint = checkpointReport(3);
    const error = {
      name: 'EngineLost',
      code: 'MR2003',
      message: 'The engine process died.',
      remedy: null,
      nodeId: null,
      isRetryable: true,
      stack: null,
    } as const;
    host.emit([
      { type: 'checkpoint', checkpoint },
      { type: 'state', state: 'FAILED', at: 0, attempt: 1, error },
    ]);
    show();
    expect(useViewStore.getState().requestedPanel?.id).toBe('log');
    fireEvent.click(screen.getByRole('button', { name: 'Resume from checkpoint 3' }));
    expect(host.started.map((request) => request.options.resume)).toEqual([false, true]);
    expect(useRunStore.getState().settings.resume, 'for this run only').toBe(false);
  });

  it('offers neither savepoints nor to resume of a preview, which wrote nothing', async () => {
    await run({}, { preview: { writes: [] } });
    host.emit([
      { type: 'state', state: 'RUNNING', at: 0, attempt: 1, error: null },
      { type: 'checkpoint', checkpoint: checkpointReport(3) },
    ]);
    expect(useRunStore.getState().state).toBe('RUNNING');
    expect(selectCanTakeSavepoint(useRunStore.getState())).toBe(false);
    const error = { name: 'Error', code: null, message: 'It broke.', remedy: null, nodeId: null, isRetryable: false, stack: null }; // prettier-ignore
    host.emit([{ type: 'state', state: 'FAILED', at: 0, attempt: 1, error }]);
    show();
    expect(screen.getByText('It broke.')).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Resume from/ })).toBeNull();
  });
});

describe('filterLog', () => {
  const line = (id: number, level: LogLevel | 'print', message: string) => ({
    id,
    at: 0,
    level,
    message,
    nodeId: null,
    subtask: null,
  });
  const lines = [
    line(0, 'debug', 'a'),
    line(1, 'info', 'b'),
    line(2, 'print', 'c'),
    line(3, 'warn', 'd'),
    line(4, 'error', 'e'),
  ];
  const kept = (level: 'debug' | 'info' | 'warn' | 'error'): string =>
    filterLog(lines, { level, text: '', nodeId: null }, String)
      .map((one) => one.message)
      .join('');

  it('keeps a level and those above; what is printed counts as info', () => {
    expect([kept('debug'), kept('info'), kept('warn'), kept('error')]).toEqual(['abcde', 'bcde', 'de', 'e']);
  });
});

describe('RunOptionsDialog', () => {
  function show(onClose = (): void => undefined): void {
    render(
      <TooltipProvider>
        <RunOptionsDialog onClose={onClose} />
      </TooltipProvider>,
    );
  }

  it('runs with what was set', async () => {
    show();
    fireEvent.change(screen.getByLabelText('Parallelism'), { target: { value: '4' } });
    fireEvent.change(screen.getByLabelText('least'), { target: { value: '500' } });
    fireEvent.click(screen.getByRole('switch', { name: /Go on from the last checkpoint/ }));
    await act(async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Run' }));
    });
    expect(host.started.at(-1)?.options).toMatchObject({ parallelism: 4, params: { least: '500' }, resume: true });
  });

  it('keeps them for later, and refuses nonsense', () => {
    show();
    const input = screen.getByLabelText('Parallelism');
    fireEvent.change(input, { target: { value: '0' } });
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Run' }).disabled).toBe(true);
    expect(screen.getByText('A whole number from 1 to 128')).toBeTruthy();
    fireEvent.change(input, { target: { value: '8' } });
    fireEvent.click(screen.getByRole('button', { name: 'Save' }));
    expect(useRunStore.getState().settings.parallelism).toBe(8);
    expect(host.started).toEqual([]);
  });
});
