import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { HotKeysReport, JobMetrics } from '../../runtime/protocol/job.ts';
import { subtaskMetrics } from '../../runtime/testing/subtask-metrics.ts';
import { openTestDocument } from '../inspector/test-document.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { hotTables, stateRows } from './state-rows.ts';
import { StatePanel } from './StatePanel.tsx';

// It asks the page for its pixels when it is loaded, which jsdom does not know.
vi.mock('uplot', () => ({ default: class {} }));

const bad = nodeId('bad');

function report(at: number, bytes: readonly number[], rows: readonly number[] = []): JobMetrics {
  return {
    at,
    memoryBytes: 0,
    managedMemory: { usedBytes: 0, budgetBytes: 1000 },
    links: [],
    operators: [
      { nodeId: nodeId('clicks'), subtasks: [subtaskMetrics({})] },
      {
        nodeId: bad,
        subtasks: bytes.map((stateSize, subtask) =>
          subtaskMetrics({ subtask, stateSize, stateEntries: 10, numRecordsIn: rows[subtask] ?? 0 }),
        ),
      },
    ],
  };
}

describe('stateRows', () => {
  it('tells size, keys, skew and growth of operators that keep something', () => {
    const rows = stateRows([report(0, [10, 10]), report(90_000, [100, 50]), report(120_000, [200, 50], [30, 10])]);
    expect(rows).toMatchObject([{ nodeId: 'bad', bytes: 250, entries: 20, growth: 200, skew: 1.5, share: 0.25 }]);
    expect(stateRows([report(0, [10])])).toMatchObject([{ growth: null, skew: null }]);
  });
});

describe('hotTables', () => {
  it('puts the keys of all subtasks together, by their share of what was looked at', () => {
    const of = (subtask: number, keys: HotKeysReport['tables'][number]['keys'], sampled: number): HotKeysReport => ({
      nodeId: bad,
      subtask,
      tables: [{ name: 'counts', fields: ['page', 'n'], sampled, keys }],
    });
    const reports = [
      of(0, [{ values: ['/a', 1], rows: 10 }], 60),
      of(1, [{ values: ['/b', null], rows: 30 }], 40),
      { ...of(0, [], 5), nodeId: nodeId('clicks') },
    ];
    expect(hotTables(reports, 'bad')).toEqual([
      {
        name: 'counts',
        fields: ['page', 'n'],
        sampled: 100,
        keys: [
          { key: '/b · null', share: 0.3 },
          { key: '/a · 1', share: 0.1 },
        ],
      },
    ]);
  });
});

describe('StatePanel', () => {
  afterEach(cleanup);

  it('shows what is kept, and says what to do for more', () => {
    openTestDocument();
    liveBuffer.reset();
    liveBuffer.push([{ type: 'metrics', metrics: report(0, [2048, 2048], [30, 10]) }]);
    liveBuffer.flush();
    render(
      <TooltipProvider>
        <StatePanel />
      </TooltipProvider>,
    );
    expect(screen.getAllByRole('row').map((row) => row.textContent)[1]).toMatch(/^Suspicious4 kB20205 B–× 1\.5/);
    expect(screen.getByText(/Choose an operator/)).toBeTruthy();
  });
});
