import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CheckpointReport, JobEvent } from '../../runtime/protocol/job.ts';
import type { FakeHost } from '../host/fake.ts';
import { openTestDocument, PATH } from '../inspector/test-document.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { run } from '../stores/run-store.ts';
import { checkpointReport as report, subtaskCheckpoint } from '../testing/checkpoint-report.ts';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { CheckpointsPanel } from './CheckpointsPanel.tsx';
import { lanesOf, restorableIds } from './lanes.ts';

let host: FakeHost;

beforeEach(() => {
  vi.useFakeTimers({ now: 60_000 });
  ({ host } = openTestDocument());
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function push(...events: readonly JobEvent[]): void {
  liveBuffer.push(events);
  liveBuffer.flush();
}

function show(...reports: readonly CheckpointReport[]): void {
  push(...reports.map((checkpoint): JobEvent => ({ type: 'checkpoint', checkpoint })));
  render(
    <TooltipProvider>
      <CheckpointsPanel />
    </TooltipProvider>,
  );
}

function rows(): readonly HTMLElement[] {
  return screen.getAllByRole('row').slice(1);
}

describe('CheckpointsPanel', () => {
  it('tells when one will be taken', () => {
    show();
    expect(screen.getByText('While the pipeline runs, a checkpoint is taken every 10 s.')).toBeTruthy();
  });

  it('lists them newest first, savepoints among them, and follows the newest', () => {
    show(
      report(1),
      report(2, { kind: 'savepoint' }),
      report(3, { status: 'running', durationMs: null, sizeBytes: null, stateBytes: null, acknowledged: 1 }),
    );
    const texts = rows().map((row) => row.textContent?.replace(/\s+/g, ' '));
    expect(texts[0]).toMatch(/^3 checkpoint running1 \/ 2.*–––/);
    expect(texts[1]).toMatch(/^2 savepoint completed2 \/ 2/);
    expect(texts[2]).toMatch(/^1 checkpoint completed2 \/ 2.*420 ms2 kB/);
    expect(screen.getByRole('region', { name: 'Checkpoint 3' }).textContent).toContain('waiting for 1 subtask');
  });

  it('tells what was written of how much, and the rows that were under way', () => {
    show(
      report(1, {
        sizeBytes: 1024,
        stateBytes: 4096,
        details: [subtaskCheckpoint('bad', { processedBytes: 2048, persistedBytes: 512, isUnaligned: true })],
      }),
    );
    expect(rows()[0]?.textContent).toContain('1 kB of 4 kB2 kB512 B');
    expect(screen.getByText('unaligned')).toBeTruthy();
    const words = screen.getByRole('img').getAttribute('aria-label');
    expect(words).toContain('processed in flight 2 kB, persisted in flight 512 B, unaligned');
  });

  it('counts them, and shows the latest of each kind', () => {
    show(
      report(1),
      report(2, { status: 'failed', failure: 'the disk is full', path: null }),
      report(3, { kind: 'savepoint' }),
      report(4, { status: 'running' }),
    );
    act(() => push({ type: 'restored', restore: { id: 1, kind: 'checkpoint', at: 50_000, path: '/state/chk-1' } }));
    act(() => vi.advanceTimersByTime(1000));
    const summary = document.querySelector('.checkpoints-counts')!;
    expect(summary.textContent).toBe('triggered4in progress1completed2failed1restored1');
    const latest = screen.getByLabelText('Latest').textContent;
    for (const text of [
      'Latest completed1',
      'Savepoint3',
      'Latest failed2 · the disk is full',
      'checkpoint 1 · 11 s ago',
    ])
      expect(latest).toContain(text);
    fireEvent.click(within(screen.getByLabelText('Latest')).getByRole('button', { name: '2' }));
    expect(screen.getByRole('region', { name: 'Checkpoint 2' }).textContent).toContain('the disk is full');
  });

  it('grows old by itself', () => {
    show(report(1, { triggeredAt: 59_000, durationMs: 1000 }));
    expect(screen.getByLabelText('Latest').textContent).toContain('1 s ago');
    act(() => vi.advanceTimersByTime(5000));
    expect(screen.getByLabelText('Latest').textContent).toContain('5 s ago');
  });

  it('counts one that a restart cut off as failed', () => {
    show(report(1, { status: 'running' }));
    act(() => {
      push({ type: 'state', state: 'RESTARTING', at: 0, error: null, attempt: 2 });
      vi.advanceTimersByTime(300);
    });
    expect(rows()[0]?.textContent).toContain('failed');
    expect(screen.getByRole('region', { name: 'Checkpoint 1' }).textContent).toContain('before it was complete');
  });

  it('shows the one that is chosen, with its failure', () => {
    show(report(1, { status: 'expired', failure: 'not complete within 10 s', acknowledged: 1 }), report(2));
    fireEvent.click(rows()[1]!);
    const detail = screen.getByRole('region', { name: 'Checkpoint 1' });
    expect(detail.textContent).toContain('not complete within 10 s');
    expect(detail.textContent).toContain('1 subtask did not report');
    act(() => push({ type: 'checkpoint', checkpoint: report(3) }));
    expect(screen.getByRole('region', { name: 'Checkpoint 1' })).toBeTruthy();
  });

  it('tells the parts of a bar in words', () => {
    show(report(1));
    expect(
      screen.getByRole('img', { name: /^start delay 0 ms, alignment 300 ms, sync 20 ms, async 100 ms,/ }),
    ).toBeTruthy();
  });

  it('starts a new run from a row', async () => {
    await run();
    host.emitState('FINISHED');
    show(report(1), report(2, { status: 'failed', path: null }));
    expect(screen.queryByRole('button', { name: 'Restore from 2' })).toBeNull();
    await act(async () => {
      fireEvent.click(screen.getByRole('button', { name: 'Restore from 1' }));
    });
    const { path, options } = host.started.at(-1)!;
    expect([path, options.fromSavepoint, options.resume]).toEqual([PATH, '/state/chk-1', false]);
  });
});

describe('lanesOf', () => {
  it('puts all on the scale of the longest', () => {
    const [first, second] = lanesOf(report(1));
    expect(second?.shares.alignment).toBeCloseTo(300 / 420);
    expect(first?.shares.async).toBeCloseTo(40 / 420);
  });

  it('marks the straggler, but not small differences', () => {
    expect(lanesOf(report(1)).map((lane) => lane.isStraggler)).toEqual([false, true]);
    const near = report(1).details.map((one) => ({ ...one, alignmentMs: 0 }));
    expect(lanesOf(report(1, { details: near })).map((lane) => lane.isStraggler)).toEqual([false, false]);
    expect(lanesOf(report(1, { details: [] }))).toEqual([]);
  });

  it('counts the delay of the first barrier', () => {
    const late = subtaskCheckpoint('bad', { startDelayMs: 900 });
    expect(lanesOf(report(1, { details: [subtaskCheckpoint('clicks'), late] }))[1]).toMatchObject({
      totalMs: 900,
      isStraggler: true,
    });
  });
});

describe('restorableIds', () => {
  it('has every savepoint, and the checkpoints that are kept', () => {
    const reports = [
      report(5, { status: 'running' }),
      report(4),
      report(3, { status: 'failed', path: null }),
      report(2),
      report(1, { kind: 'savepoint' }),
      report(0),
    ];
    expect([...restorableIds(reports, 2)].sort()).toEqual([1, 2, 4]);
  });
});
