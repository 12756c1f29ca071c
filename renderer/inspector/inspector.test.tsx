import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { findNode } from '../../runtime/graph/index.ts';
import { activeDocument, undo } from '../stores/document-store.ts';
import { validateNow } from '../stores/validation-store.ts';
import { reveal, selectEdge, selectNodes, useViewStore } from '../stores/view-store.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { useRunStore } from '../stores/run-store.ts';
import { subtaskMetrics } from '../../runtime/testing/subtask-metrics.ts';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { Inspector } from './Inspector.tsx';
import { openTestDocument } from './test-document.ts';

const BAD = nodeId('bad');

beforeEach(() => {
  openTestDocument();
});
afterEach(cleanup);

function show(): void {
  render(
    <TooltipProvider>
      <Inspector />
    </TooltipProvider>,
  );
}

function configOf(id: string): Readonly<Record<string, unknown>> {
  return findNode(activeDocument()!.document, nodeId(id))!.config;
}

const type = (element: HTMLElement, text: string): void => {
  fireEvent.change(element, { target: { value: text } });
};

describe('a selected node', () => {
  it('is edited as one undo step per visit of a field', () => {
    selectNodes([BAD]);
    show();
    const area = screen.getByLabelText('Condition');
    type(area, 'status >= 4');
    type(area, 'status >= 401');
    expect(configOf('bad')).toEqual({ condition: 'status >= 401' });
    fireEvent.blur(area);
    type(area, 'status >= 402');
    act(undo);
    expect(configOf('bad')).toEqual({ condition: 'status >= 401' });
    act(undo);
    expect(configOf('bad')).toEqual({ condition: 'stats >= 400' });
  });

  it('shows its problem at the field, and mends it by a click', () => {
    selectNodes([BAD]);
    show();
    fireEvent.click(screen.getByRole('button', { name: 'Change to status' }));
    expect(configOf('bad')).toEqual({ condition: 'status >= 400' });
    act(validateNow);
    expect(screen.queryByRole('button', { name: 'Change to status' })).toBeNull();
  });

  it('shows the schemas side by side, with what is new and which field is the event time', () => {
    selectNodes([nodeId('shape')]);
    show();
    const input = screen.getByRole('region', { name: 'In' });
    expect(
      within(input)
        .getAllByRole('listitem')
        .map((line) => line.textContent),
    ).toEqual(['user STRING?', 'status INT?', 'ts TIMESTAMP?']);
    expect(within(input).getByRole('img', { name: 'Event time' })).toBeTruthy();
    const output = screen.getByRole('region', { name: 'Out' });
    expect(
      within(output)
        .getAllByRole('listitem')
        .map((line) => line.textContent),
    ).toContain('code STRING?new');
  });

  it('takes a label and an id, which its edges follow', () => {
    selectNodes([BAD]);
    show();
    type(screen.getByLabelText('Label'), 'Errors');
    const id = screen.getByLabelText('Id');
    type(id, 'errors');
    fireEvent.blur(id);
    const { document } = activeDocument()!;
    expect(findNode(document, nodeId('errors'))?.label).toBe('Errors');
    expect(document.edges.map((edge) => `${edge.from}>${edge.to}`)).toContain('clicks>errors');
    expect(useViewStore.getState().selectedNodeIds).toEqual(['errors']);
  });

  it('does not take an id that another has', () => {
    selectNodes([BAD]);
    show();
    const id = screen.getByLabelText<HTMLInputElement>('Id');
    type(id, 'out');
    expect(id.getAttribute('aria-invalid')).toBe('true');
    fireEvent.blur(id);
    expect(id.value).toBe('bad');
  });

  it('moves the cursor to a place that is clicked elsewhere, once', () => {
    reveal({ nodeId: BAD, path: 'condition', range: { start: 0, end: 5 } });
    show();
    const area = screen.getByLabelText<HTMLTextAreaElement>('Condition');
    expect(document.activeElement).toBe(area);
    expect([area.selectionStart, area.selectionEnd]).toEqual([0, 5]);
    area.blur();
    act(() => selectNodes([nodeId('shape')]));
    act(() => selectNodes([BAD]));
    expect(document.activeElement).not.toBe(screen.getByLabelText('Condition'));
  });

  it('infers the schema of a file from its first rows', async () => {
    selectNodes([nodeId('clicks')]);
    show();
    fireEvent.click(screen.getByRole('button', { name: 'Infer from file' }));
    const type = await screen.findByLabelText('Type of user');
    fireEvent.change(type, { target: { value: 'INT' } });
    expect(screen.getAllByText(/cannot be read as this type/).length).toBeGreaterThan(0);
    fireEvent.change(type, { target: { value: 'STRING' } });
    fireEvent.click(screen.getByRole('button', { name: 'Take 4 fields' }));
    await waitFor(() => expect(configOf('clicks')['schema']).toHaveLength(4));
    expect(configOf('clicks')['schema']).toContainEqual({ name: 'price', type: 'DOUBLE' });
  });

  it('shows its load while a job runs, and what came of it afterwards', () => {
    useRunStore.setState({ state: 'RUNNING' });
    selectNodes([BAD]);
    show();
    const subtask = subtaskMetrics({
      numRecordsIn: 1000,
      numRecordsOut: { out: 500 },
      numRecordsInPerSecond: 100,
      numRecordsOutPerSecond: { out: 50 },
      busyTimeMsPerSecond: 250,
      idleTimeMsPerSecond: 500,
      backPressuredTimeMsPerSecond: 250,
      currentInputWatermark: 0,
      currentOutputWatermark: 0,
      stateSize: 2048,
      latency: { count: 9, p50: 12, p95: 30, p99: 45 },
    });
    act(() => {
      liveBuffer.push([
        {
          type: 'metrics',
          metrics: {
            at: 5000,
            memoryBytes: 1,
            managedMemory: { usedBytes: 1, budgetBytes: 2 },
            links: [],
            operators: [{ nodeId: BAD, subtasks: [subtask] }],
          },
        },
      ]);
      liveBuffer.flush();
    });
    const live = screen.getByRole('region', { name: 'Right now' });
    for (const text of [
      '100/s',
      '50/s',
      '5 s behind',
      '2 kB',
      'p95 30 ms',
      'busy 25 % · backpressured 25 % · idle 50 %',
    ]) {
      expect(live.textContent).toContain(text);
    }
    act(() => useRunStore.setState({ state: 'FINISHED' }));
    expect(screen.getByRole('region', { name: 'Last run' }).textContent).toMatch(/^Rows in1,000 Rows out500 /);
  });
});

describe('an edge', () => {
  it('shows its schema and leads to its ends', () => {
    selectEdge({ from: 'clicks', fromPort: 'out', to: 'bad', toPort: 'in' });
    show();
    expect(screen.getAllByRole('listitem').map((line) => line.textContent)).toEqual([
      'user STRING?',
      'status INT?',
      'ts TIMESTAMP?',
    ]);
    fireEvent.click(screen.getByRole('button', { name: /Suspicious/ }));
    expect(useViewStore.getState().selectedNodeIds).toEqual(['bad']);
  });
});

describe('with nothing selected', () => {
  it('edits the document and its settings', () => {
    show();
    type(screen.getByLabelText('Name'), 'Visits');
    type(screen.getByLabelText('Parallelism'), '4');
    type(screen.getByLabelText('Every'), '5000');
    const { document } = activeDocument()!;
    expect(document.name).toBe('Visits');
    expect(document.settings.parallelism).toBe(4);
    expect(document.settings.checkpoint.intervalMs).toBe(5000);
  });

  it('tells of settings that a document cannot hold at their field, and takes them once they are right', () => {
    show();
    const input = screen.getByLabelText<HTMLInputElement>('Parallelism');
    type(input, '0');
    expect(activeDocument()!.document.settings.parallelism).toBe(1);
    expect([input.value, input.getAttribute('aria-invalid')]).toEqual(['0', 'true']);
    expect(screen.getByText('Values that are marked below are not in the pipeline yet.')).toBeTruthy();
    type(screen.getByLabelText('Every'), '5000');
    expect(activeDocument()!.document.settings.checkpoint.intervalMs, 'others are not held up').toBe(5000);
    expect(input.value).toBe('0');
    type(input, '3');
    expect(activeDocument()!.document.settings.parallelism).toBe(3);
    expect(input.getAttribute('aria-invalid')).toBeNull();
  });

  it('is undone as one step per visit of a field, which also drops what was not valid', () => {
    show();
    const input = screen.getByLabelText<HTMLInputElement>('Managed memory');
    type(input, '51');
    type(input, '512');
    expect(activeDocument()!.document.settings.managedMemoryMb).toBe(512);
    fireEvent.blur(input);
    type(input, '1');
    act(undo);
    expect(input.value).toBe('2048');
    expect(activeDocument()!.document.settings.managedMemoryMb).toBe(2048);
  });

  it('edits parameters; a number stays a number', () => {
    show();
    type(screen.getByLabelText('Value of least'), '500');
    type(screen.getByLabelText('New parameter'), 'input');
    fireEvent.click(screen.getByRole('button', { name: 'Add' }));
    expect(activeDocument()!.document.settings.params).toEqual({ least: 500, input: '' });
    fireEvent.click(screen.getByRole('button', { name: 'Remove the parameter least' }));
    expect(activeDocument()!.document.settings.params).toEqual({ input: '' });
  });

  it('asks to select one of several nodes', () => {
    selectNodes([BAD, nodeId('out')]);
    show();
    expect(screen.getByText('2 operators selected')).toBeTruthy();
  });
});
