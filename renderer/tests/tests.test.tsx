import { act, fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { undoLabel, type PipelineDocument } from '../../runtime/graph/index.ts';
import type { TestReport } from '../../runtime/protocol/test-report.ts';
import { activeDocument, undo } from '../stores/document-store.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { runTests } from '../stores/test-store.ts';
import { reveal, useViewStore } from '../stores/view-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { addCase } from './case-actions.ts';
import { followRevealedCases } from './revealed-case.ts';
import { savePreview } from './save-preview.ts';
import { TestsPanel } from './TestsPanel.tsx';

const pipeline = sketch({ in: sourceNode(['user STRING', 'n INT']), out: { type: 'sink.table', label: 'Out' } }, [
  'in -> out',
]);

/** Whatever comes in comes out. */
function reportOf(document: PipelineDocument, index: number): TestReport {
  const { name, steps, expect: expectations } = document.tests[index]!;
  const fields = ['user', 'n'];
  const rowOf = (row: Readonly<Record<string, unknown>>) => ({
    values: fields.map((field) => row[field] ?? null),
    eventTime: null,
    changeKind: '+I' as const,
  });
  const actual = steps.flatMap((step) => ('rows' in step ? step.rows.map(rowOf) : []));
  const expected = expectations[0]?.rows.map(rowOf) ?? [];
  const rows = actual.map((one, i) => {
    const other = expected[i] ?? null;
    const isSame = JSON.stringify(one) === JSON.stringify(other);
    const comparison = isSame ? ('same' as const) : other === null ? ('unexpected' as const) : ('changed' as const);
    return { comparison, expected: other, actual: one, changed: comparison === 'changed' ? ['n'] : [] };
  });
  const isMet = rows.every(({ comparison }) => comparison === 'same');
  const counts = { expectedCount: expected.length, actualCount: actual.length };
  const check = { nodeId: nodeId('out'), port: null, fields, hasUpdates: false, isMet, rows, ...counts };
  const status = isMet ? ('passed' as const) : ('failed' as const);
  return {
    index,
    name,
    status,
    durationMs: 3,
    parallelism: 1,
    checks: [check],
    diagnostics: [],
    error: null,
    failedStep: null,
  };
}

const theCase = () => activeDocument()!.document.tests[0]!;

function type(label: string, text: string): void {
  const cell = screen.getByLabelText(label);
  fireEvent.change(cell, { target: { value: text } });
  fireEvent.blur(cell);
}

describe('the tests panel', () => {
  beforeEach(() => {
    startTest({ runTest: reportOf });
    openPipeline(pipeline);
    renderInApp(<TestsPanel />);
  });

  it('makes a case of typed cells, an undo step each', () => {
    expect(screen.getByText('No test cases yet')).toBeTruthy();
    act(addCase);
    expect(theCase()).toMatchObject({ name: 'New case', steps: [{ node: 'in', rows: [] }], expect: [{ node: 'out' }] });
    fireEvent.click(screen.getAllByRole('button', { name: 'Add a row' })[0]!);
    type('user, row 1', 'ada');
    type('n, row 1', '7');
    expect(theCase().steps).toEqual([{ node: 'in', port: 'out', rows: [{ user: 'ada', n: 7 }] }]);
    expect(undoLabel(activeDocument()!.history)).toBe('Change a step of a test');
    act(undo);
    expect(theCase().steps).toEqual([{ node: 'in', port: 'out', rows: [{ user: 'ada' }] }]);
  });

  it('goes to the cell of a problem, or to what is nearest around it', async () => {
    const stop = followRevealedCases();
    onTestFinished(stop);
    act(addCase);
    fireEvent.click(screen.getAllByRole('button', { name: 'Add a row' })[1]!);
    type('n, row 1', '8');
    await act(() => runTests(null));
    act(addCase);
    act(() => reveal({ path: 'tests[0].expect[0].rows[0].n' }));
    expect(document.activeElement).toBe(screen.getByLabelText('n, row 1'));
    act(() => reveal({ path: 'tests[0].expect[0].node' }));
    expect(document.activeElement).toBe(screen.getAllByRole('combobox', { name: 'Place' })[1]);
    expect(useViewStore.getState().requestedPanel?.id).toBe('tests');

    // The result is a click away, and stays until something is revealed again.
    fireEvent.click(screen.getByRole('button', { name: 'Result' }));
    expect(screen.queryByLabelText('n, row 1')).toBeNull();
  });

  it('shows how rows differ, and takes what came', async () => {
    act(addCase);
    fireEvent.click(screen.getAllByRole('button', { name: 'Add a row' })[0]!);
    type('n, row 1', '7');
    await act(() => runTests(null));
    expect(screen.getByRole('option', { name: /^Failed\s*New case/ })).toBeTruthy();
    expect(screen.getByText('unexpected')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Take what came as expected' }));
    await waitFor(() => screen.getByRole('option', { name: /^Passed\s*New case/ }));
    expect(theCase().expect[0]?.rows).toEqual([{ n: 7 }]);
  });

  it('says which result is of something older', async () => {
    act(addCase);
    await act(() => runTests([0]));
    expect(screen.queryByText('changed since')).toBeNull();
    fireEvent.click(screen.getAllByRole('button', { name: 'Add a row' })[0]!);
    expect(screen.getByText('changed since')).toBeTruthy();
  });

  it('saves a preview whose rows the pipeline makes of what was seen to come in', async () => {
    const sample = (node: string, port: string, ...numbers: number[]) => ({
      nodeId: nodeId(node),
      port,
      fields: ['user', 'n'],
      rows: numbers.map((n) => ({
        values: [null, n],
        eventTime: null,
        changeKind: '+I' as const,
        seenAt: 0,
        subtask: 0,
      })),
      seen: numbers.length,
    });
    const shown = sample('out', 'in', 1, 3);
    await act(() => savePreview({ nodeId: nodeId('out'), port: 'in' }, shown));
    expect(activeDocument()!.document.tests).toEqual([]);
    liveBuffer.push([{ type: 'rows', sample: sample('in', 'out', 1, 2) }]);
    liveBuffer.flush();
    await act(() => savePreview({ nodeId: nodeId('out'), port: 'in' }, shown));
    expect(theCase()).toMatchObject({
      name: 'Preview of Out',
      steps: [{ node: 'in', rows: [{ n: 1 }, { n: 2 }] }],
      expect: [{ node: 'out', rows: [{ n: 1 }, { n: 2 }] }],
    });
    expect(screen.getByRole('option', { name: /^Passed\s*Preview of Out/ })).toBeTruthy();
  });
});
