import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { RowSample } from '../../runtime/protocol/job.ts';
import { BIGINT, STRING } from '../../runtime/core/types.ts';
import { openTestDocument } from '../inspector/test-document.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { useRunStore } from '../stores/run-store.ts';
import { selectEdge, selectNodes } from '../stores/view-store.ts';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { PreviewPanel } from './PreviewPanel.tsx';
import { columnWidth, isRightAligned, rowAsJson, valueInFull, valueText } from './row-value.ts';

const NODE = nodeId('bad');

beforeEach(() => {
  vi.useFakeTimers();
  openTestDocument();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function show(): void {
  render(
    <TooltipProvider>
      <PreviewPanel />
    </TooltipProvider>,
  );
}

function sample(users: readonly (string | null)[], seen: number): RowSample {
  return {
    nodeId: NODE,
    port: 'out',
    fields: ['user', 'status', 'ts'],
    rows: users.map((user, i) => ({
      values: [user, 200 + i, '2026-01-01T00:00:00.000Z'],
      eventTime: 0,
      changeKind: '+I',
      seenAt: 0,
      subtask: i,
    })),
    seen,
  };
}

function push(...samples: readonly RowSample[]): void {
  act(() => {
    liveBuffer.push(samples.map((one) => ({ type: 'rows', sample: one })));
    liveBuffer.flush();
    vi.advanceTimersByTime(300);
  });
}

function bodyRows(): readonly string[] {
  return screen
    .getAllByRole('row')
    .slice(1)
    .map((row) => row.textContent ?? '');
}

describe('PreviewPanel', () => {
  it('says what to select, and how to run', () => {
    show();
    expect(screen.getByText('Select an edge or an operator')).toBeTruthy();
    act(() => selectNodes([NODE]));
    expect(screen.getByText('The pipeline is not running')).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Run' })).toBeTruthy();
    act(() => useRunStore.setState({ state: 'RUNNING' }));
    expect(screen.getByText('No rows yet')).toBeTruthy();
  });

  it('shows the latest rows first, with types, and NULL apart from text', () => {
    selectEdge({ from: 'bad', fromPort: 'out', to: 'shape', toPort: 'in' });
    show();
    push(sample(['anna', null, 'NULL'], 1200));
    expect(bodyRows().map((row) => row.includes('NULL'))).toEqual([true, true, false]);
    expect(document.querySelectorAll('.preview-null')).toHaveLength(1);
    expect(screen.getByRole('columnheader', { name: /status/ }).textContent).toContain('INT');
    expect(screen.getByText(/latest 3 of 1,200 rows/)).toBeTruthy();
  });

  it('holds still while it is paused', () => {
    selectNodes([NODE]);
    show();
    push(sample(['anna'], 1));
    fireEvent.click(screen.getByRole('button', { name: 'Hold these rows' }));
    push(sample(['bob'], 2));
    expect(bodyRows()[0]).toContain('anna');
    fireEvent.click(screen.getByRole('button', { name: 'Show the latest rows again' }));
    expect(bodyRows()[0]).toContain('bob');
  });

  it('shows at most four changes a second, the newest last', () => {
    selectNodes([NODE]);
    show();
    push(sample(['anna'], 1));
    for (const user of ['b', 'c', 'dora']) {
      act(() => {
        liveBuffer.push([{ type: 'rows', sample: sample([user], 2) }]);
        liveBuffer.flush();
      });
    }
    act(() => {
      vi.advanceTimersByTime(300);
    });
    expect(bodyRows()[0]).toContain('dora');
  });

  it('shows a chosen row in full', () => {
    selectNodes([NODE]);
    show();
    push(sample(['anna'], 7));
    fireEvent.click(screen.getAllByRole('row')[1]!);
    const detail = screen.getByRole('complementary', { name: 'Row 7' });
    expect(detail.textContent).toContain('1970-01-01 00:00:00.000');
    fireEvent.click(screen.getByRole('button', { name: 'Close the row' }));
    expect(screen.queryByRole('complementary')).toBeNull();
  });
});

describe('row values', () => {
  it('are one line in a cell, several in full', () => {
    expect(valueText(null)).toBeNull();
    expect(valueText('NULL')).toBe('NULL');
    expect(valueText([1, { a: null }])).toBe('[1,{"a":null}]');
    expect(valueInFull({ a: 1 })).toBe('{\n  "a": 1\n}');
  });

  it('make JSON rows', () => {
    const row = { values: ['x', undefined], eventTime: null, changeKind: '+I', seenAt: 0, subtask: 0 } as const;
    expect(rowAsJson(['a', 'b'], row)).toEqual({ a: 'x', b: null });
  });

  it('align numbers right and get room for their names', () => {
    expect(isRightAligned(BIGINT)).toBe(true);
    expect(isRightAligned(STRING)).toBe(false);
    expect(columnWidth('a_rather_long_field_name', BIGINT)).toBeGreaterThan(columnWidth('n', BIGINT));
  });
});
