import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { JobMetrics, SubtaskMetrics } from '../../runtime/protocol/job.ts';
import { openTestDocument } from '../inspector/test-document.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { useViewStore } from '../stores/view-store.ts';
import { subtaskMetrics } from '../../runtime/testing/subtask-metrics.ts';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { watermarkRows } from './watermark-rows.ts';
import { WatermarksPanel } from './WatermarksPanel.tsx';

// It asks the page for its pixels when it is loaded, which jsdom does not know.
vi.mock('uplot', () => ({ default: class {} }));

function subtask(n: number, watermark: number | 'end' | null, change: Partial<SubtaskMetrics> = {}): SubtaskMetrics {
  return subtaskMetrics({
    subtask: n,
    currentInputWatermark: watermark,
    currentOutputWatermark: watermark,
    ...change,
  });
}

/** Two subtasks of `clicks` feed one of `bad`. */
function metrics(...sources: readonly SubtaskMetrics[]): JobMetrics {
  return {
    at: 10_000,
    memoryBytes: 0,
    managedMemory: { usedBytes: 0, budgetBytes: 1 },
    operators: [
      { nodeId: nodeId('clicks'), subtasks: sources },
      { nodeId: nodeId('bad'), subtasks: [subtask(0, 4000, { numLateRecordsDropped: 3 })] },
    ],
    links: [
      {
        from: nodeId('clicks'),
        fromPort: 'out',
        to: nodeId('bad'),
        toPort: 'in',
        exchange: 'rebalance',
        queueUsage: 0,
      },
    ],
  };
}

describe('watermarkRows', () => {
  const holder = (...sources: readonly SubtaskMetrics[]) => watermarkRows(metrics(...sources)).at(-1)?.heldBy ?? null;

  it('finds the subtask that is furthest behind', () => {
    expect(holder(subtask(0, 9000), subtask(1, 4000))).toMatchObject({
      nodeId: 'clicks',
      subtask: 1,
      of: 2,
      toPort: 'in',
      watermark: 4000,
    });
  });

  it('counts one without a watermark as furthest behind, and one at its end as ahead', () => {
    expect(holder(subtask(0, 9000), subtask(1, null))?.subtask).toBe(1);
    expect(holder(subtask(0, 'end'), subtask(1, 9000))?.subtask).toBe(1);
  });

  it('does not wait for idle ones, nor blame anybody when all are equal', () => {
    expect(holder(subtask(0, 9000), subtask(1, 4000, { isIdle: true }))).toBeNull();
    expect(holder(subtask(0, 9000), subtask(1, 9000))).toBeNull();
    expect(holder(subtask(0, 9000))).toBeNull();
  });

  it('tells when the next window closes, and counts late rows, dropped and sent aside', () => {
    const report = metrics(subtask(0, 9000));
    const windows = {
      type: 'aligned',
      time: 'event',
      endAfter: (at: number) => (Math.floor(at / 5000) + 1) * 5000,
    } as const;
    const [, row] = watermarkRows(
      {
        ...report,
        operators: report.operators.map((one) => ({
          ...one,
          subtasks: one.subtasks.map((s) => ({ ...s, numRecordsOut: { late: 2 } })),
        })),
      },
      (id) => (id === 'bad' ? windows : null),
    );
    expect(row).toMatchObject({
      lateDropped: 3,
      lateAside: 2,
      next: { time: 'event', windowEnd: 5000, now: 4000, missingMs: 1000 },
    });
  });

  it('measures the lag against the clock of the report', () => {
    expect(watermarkRows(metrics(subtask(0, 9000))).map((row) => row.lagMs)).toEqual([1000, 6000]);
  });
});

describe('WatermarksPanel', () => {
  beforeEach(() => {
    openTestDocument();
  });
  afterEach(cleanup);

  function show(): void {
    render(
      <TooltipProvider>
        <WatermarksPanel />
      </TooltipProvider>,
    );
  }

  it('says when there is something to see', () => {
    show();
    expect(screen.getByText('No watermarks yet')).toBeTruthy();
  });

  it('shows every subtask, and leads to the one that holds time back', () => {
    liveBuffer.push([{ type: 'metrics', metrics: metrics(subtask(0, 9000), subtask(1, null)) }]);
    liveBuffer.flush();
    show();
    const rows = screen
      .getAllByRole('row')
      .slice(1)
      .map((row) => row.textContent ?? '');
    expect(rows[0]).toContain('Clicks1 / 2–00:00:09.0');
    expect(rows[1]).toContain('none yet');
    expect(rows[2]).toContain('Suspicious1 / 1');
    fireEvent.click(screen.getByRole('button', { name: 'Clicks 2/2 → in · none yet' }));
    expect(useViewStore.getState().selectedNodeIds).toEqual(['clicks']);
  });
});
