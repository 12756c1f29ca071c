/** What renders on the canvas, counted: laws that keep a large document fast, without a clock. */
import { act, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { setConfig } from '../../runtime/graph/index.ts';
import type { JobMetrics, SubtaskMetrics } from '../../runtime/protocol/job.ts';
import { subtaskMetrics } from '../../runtime/testing/subtask-metrics.ts';
import * as diff from '../diff/diff-store.ts';
import { edit } from '../stores/document-store.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { useRunStore } from '../stores/run-store.ts';
import { validateNow } from '../stores/validation-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { stubLayout } from '../testing/layout.ts';
import { Canvas } from './Canvas.tsx';
import { showCorner } from './flow-instance.ts';

// Each node and each edge asks once whenever it renders.
vi.mock(import('../diff/diff-store.ts'), async (original) => {
  const actual = await original();
  return { ...actual, useNodeMark: vi.fn(actual.useNodeMark), useEdgeMark: vi.fn(actual.useEdgeMark) };
});

const PATH = 'test.pipeline.json';
const document = sketch(
  {
    in: sourceNode(['user STRING', 'n INT']),
    keep: { type: 'filter', config: { condition: 'n > 1' } },
    out: { type: 'sink.table' },
  },
  ['in -> keep', 'keep -> out'],
);

function rendered(change: () => void): readonly string[] {
  vi.mocked(diff.useNodeMark).mockClear();
  vi.mocked(diff.useEdgeMark).mockClear();
  act(change);
  const nodes = vi.mocked(diff.useNodeMark).mock.calls.map(([id]) => id);
  const edges = vi
    .mocked(diff.useEdgeMark)
    .mock.calls.map(([key]) => key.split('\n'))
    .map(([from, , to]) => `${from} -> ${to}`);
  return [...nodes, ...edges];
}

function report(at: number, subtasks: Readonly<Record<string, Partial<SubtaskMetrics>>>): void {
  const link = (from: string, to: string): JobMetrics['links'][number] => ({
    from: nodeId(from),
    fromPort: 'out',
    to: nodeId(to),
    toPort: 'in',
    exchange: 'rebalance',
    queueUsage: 0,
  });
  const metrics: JobMetrics = {
    at,
    memoryBytes: at,
    managedMemory: { usedBytes: at, budgetBytes: 1 },
    operators: ['in', 'keep', 'out'].map((id) => ({
      nodeId: nodeId(id),
      subtasks: [subtaskMetrics(subtasks[id])],
    })),
    links: [link('in', 'keep'), link('keep', 'out')],
  };
  liveBuffer.push([{ type: 'metrics', metrics }]);
  liveBuffer.flush();
}

describe('the canvas', () => {
  beforeEach(() => {
    startTest();
    stubLayout();
    openPipeline(document, PATH);
    renderInApp(<Canvas />);
  });

  it('renders no node and no edge when it is moved', async () => {
    const viewport = window.document.querySelector<HTMLElement>('.react-flow__viewport')!;
    const show = (x: number): void => showCorner([{ id: nodeId('in'), position: { x, y: 0 }, width: 1, height: 1 }]);
    // React Flow says a moment later that it can be moved.
    await waitFor(() => {
      act(() => show(10));
      expect(viewport.style.transform).toContain('scale(0.6)');
    });
    expect(vi.mocked(diff.useEdgeMark)).toHaveBeenCalled();
    const before = viewport.style.transform;
    expect(rendered(() => show(90))).toEqual([]);
    expect(viewport.style.transform).not.toBe(before);
  });

  it('renders the node that an edit changes', () => {
    const change = (): void => {
      edit('condition', (d) => setConfig(d, nodeId('keep'), ['condition'], 'n > 2'));
      validateNow();
    };
    expect(new Set(rendered(change))).toEqual(new Set(['keep']));
  });

  it('renders what a report has other figures of', () => {
    act(() => {
      useRunStore.setState({ path: PATH, state: 'RUNNING' });
      report(1000, { in: { numRecordsOut: { out: 5 } } });
    });
    const change = (): void => report(1500, { in: { numRecordsOut: { out: 5 } }, keep: { numRecordsOut: { out: 3 } } });
    expect(rendered(change)).toEqual(['keep', 'keep -> out']);
  });
});
