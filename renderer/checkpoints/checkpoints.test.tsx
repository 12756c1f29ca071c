import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { CheckpointReport } from '../../runtime/protocol/job.ts';
import { openTestDocument } from '../inspector/test-document.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { CheckpointsPanel } from './CheckpointsPanel.tsx';
import { lanesOf } from './lanes.ts';

function report(id: number, change: Partial<CheckpointReport> = {}): CheckpointReport {
  return {
    id,
    status: 'completed',
    triggeredAt: 0,
    durationMs: 420,
    sizeBytes: 2048,
    acknowledged: 2,
    subtasks: 2,
    failure: null,
    path: null,
    details: [
      { nodeId: nodeId('clicks'), subtask: 0, alignmentMs: 0, syncMs: 10, asyncMs: 40, sizeBytes: 1024 },
      { nodeId: nodeId('bad'), subtask: 0, alignmentMs: 300, syncMs: 20, asyncMs: 100, sizeBytes: 1024 },
    ],
    ...change,
  };
}

beforeEach(() => {
  openTestDocument();
});
afterEach(cleanup);

function show(...reports: readonly CheckpointReport[]): void {
  liveBuffer.push(reports.map((checkpoint) => ({ type: 'checkpoint', checkpoint })));
  liveBuffer.flush();
  render(
    <TooltipProvider>
      <CheckpointsPanel />
    </TooltipProvider>,
  );
}

describe('CheckpointsPanel', () => {
  it('tells when one will be taken', () => {
    show();
    expect(screen.getByText('While the pipeline runs, a checkpoint is taken every 10 s.')).toBeTruthy();
  });

  it('lists them newest first and follows the newest', () => {
    show(report(1), report(2, { status: 'running', durationMs: null, sizeBytes: null, acknowledged: 1 }));
    const rows = screen
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.textContent);
    expect(rows[0]).toContain('running1 / 2––');
    expect(rows[1]).toContain('completed2 / 2420 ms2 kB');
    expect(screen.getByRole('region', { name: 'Checkpoint 2' }).textContent).toContain('waiting for 1 subtask');
  });

  it('shows the one that is chosen, with its failure', () => {
    show(report(1, { status: 'expired', failure: 'not complete within 10 s', acknowledged: 1 }), report(2));
    fireEvent.click(screen.getAllByRole('row')[2]!);
    const detail = screen.getByRole('region', { name: 'Checkpoint 1' });
    expect(detail.textContent).toContain('not complete within 10 s');
    expect(detail.textContent).toContain('1 subtask did not report');
    act(() => {
      liveBuffer.push([{ type: 'checkpoint', checkpoint: report(3) }]);
      liveBuffer.flush();
    });
    expect(screen.getByRole('region', { name: 'Checkpoint 1' })).toBeTruthy();
  });

  it('tells the parts of a bar in words', () => {
    show(report(1));
    expect(screen.getByRole('img', { name: 'alignment 300 ms, sync 20 ms, async 100 ms' })).toBeTruthy();
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
});
