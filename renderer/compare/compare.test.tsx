import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { ComparisonReport } from '../../runtime/protocol/comparison.ts';
import type { CompareRequest } from '../../runtime/protocol/host.ts';
import type { CheckedRow } from '../../runtime/protocol/test-report.ts';
import { codedError } from '../../runtime/protocol/wire.ts';
import { Dialogs } from '../app/Dialogs.tsx';
import { stubLayout } from '../testing/layout.ts';
import { useComparisonStore } from '../stores/comparison-store.ts';
import { closeDialog, openDialog, useDialogStore } from '../stores/dialog-store.ts';
import { edit } from '../stores/document-store.ts';
import { useNoticeStore } from '../stores/notice-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';

const PIPELINE = sketch({ clicks: sourceNode(['user STRING', 'n INT']), out: { type: 'sink.table', label: 'Board' } }, [
  'clicks -> out',
]);

const rowOf = (...values: unknown[]): CheckedRow => ({ values, eventTime: null, changeKind: '+I' });
const REPORT: ComparisonReport = {
  engine: 'spark',
  label: 'Apache Spark 4.2.0',
  isBatch: false,
  inputs: [{ nodeId: nodeId('clicks'), port: 'out', rows: 3, isWhole: true }],
  checks: [
    {
      nodeId: nodeId('out'),
      port: null,
      fields: ['user', 'n'],
      hasUpdates: false,
      isMet: false,
      rows: [
        { comparison: 'changed', expected: rowOf('ann', 1), actual: rowOf('ann', 2), changed: ['n'] },
        { comparison: 'missing', expected: rowOf('bob', 7), actual: null, changed: [] },
        { comparison: 'same', expected: rowOf('cy', 3), actual: rowOf('cy', 3), changed: [] },
      ],
      expectedCount: 3,
      actualCount: 2,
    },
  ],
  durationMs: 1234,
};

let requests: CompareRequest[] = [];
let answer: (() => Promise<ComparisonReport>) | null = null;

beforeEach(() => {
  stubLayout();
  requests = [];
  answer = () => Promise.resolve(REPORT);
});
afterEach(cleanup);

/** The dialog over the pipeline; without `answer` a comparison goes on. */
async function openCompare(): Promise<HTMLElement> {
  const compare = answer;
  startTest(
    compare === null
      ? {}
      : {
          compare: (request) => {
            requests.push(request);
            return compare();
          },
        },
  );
  openPipeline(PIPELINE);
  renderInApp(<Dialogs />);
  act(() => openDialog({ type: 'compare' }));
  return screen.findByRole('dialog');
}

const press = (name: string): Promise<void> =>
  act(async () => void fireEvent.click(screen.getByRole('button', { name, hidden: true })));

describe('comparing with a real engine', () => {
  it('shows what is known to differ before, and the rows that do after', async () => {
    const dialog = await openCompare();
    await press('Spark');
    expect(within(dialog).getByText('What differs in PySpark')).toBeTruthy();
    fireEvent.change(within(dialog).getByLabelText('Rows of each source'), { target: { value: '0' } });
    expect(within(dialog).getByRole<HTMLButtonElement>('button', { name: 'Compare' }).disabled).toBe(true);
    fireEvent.change(within(dialog).getByLabelText('Rows of each source'), { target: { value: '50' } });
    await press('Compare');
    expect(requests[0]!.options).toEqual({ engine: 'spark', params: {}, maxRows: 50, maxSeconds: 10, isLateAllowed: false }); // prettier-ignore
    expect(within(dialog).getByText('Apache Spark 4.2.0 gives other rows at 1 of 1 sinks.')).toBeTruthy();
    expect(within(dialog).getByText(/^Over all 3 rows of .*, in 1.2 s.$/)).toBeTruthy();
    const board = within(dialog).getByRole('region', { name: 'Board' });
    expect(board.textContent).toContain('3 here, 2 there');
    expect(within(board).getByText('missing')).toBeTruthy();
    expect(within(board).getByTitle('There').textContent).toBe('2');
    expect(within(board).getByTitle('Here').textContent).toBe('1');
    expect(within(board).queryByText('cy')).toBeNull();
    // Another engine has another result.
    await press('Flink');
    expect(within(dialog).queryByRole('region', { name: 'Board' })).toBeNull();
    await press('Spark');
    act(() => edit('test', (document) => ({ ...document, settings: { ...document.settings, parallelism: 7 } })));
    expect(within(dialog).getByText('The pipeline has changed since.')).toBeTruthy();
  });

  it('says what is missing, with the remedy', async () => {
    answer = () => Promise.reject(codedError('MR2403', 'Java 17 or later is needed', { remedy: 'Install a JDK' }));
    const dialog = await openCompare();
    await press('Compare');
    expect(within(dialog).getByRole('alert').textContent).toBe('Java 17 or later is needed\nInstall a JDK');
  });

  it('goes to the operator that stands in the way', async () => {
    const diagnostics = [{ severity: 'error', code: 'MR2401', message: 'has no place there', nodeId: nodeId('out') }] as const; // prettier-ignore
    answer = () => Promise.reject(codedError('MR2401', 'The document has an error', { diagnostics }));
    const dialog = await openCompare();
    await press('Compare');
    fireEvent.click(within(within(dialog).getByRole('alert')).getByRole('button', { name: 'Board' }));
    expect(useDialogStore.getState().dialog).toBeNull();
  });

  it('goes on without its dialog, says when it is over, and can be cancelled', async () => {
    let end: (report: ComparisonReport) => void = () => undefined;
    answer = () => new Promise((resolve) => (end = resolve));
    await openCompare();
    await press('Compare');
    expect(screen.getByText('Start Flink')).toBeTruthy();
    act(closeDialog);
    await act(async () => end(REPORT));
    const [notice] = useNoticeStore.getState().notices;
    expect(notice).toMatchObject({ messageKey: 'compare:ended.different', tone: 'warning' });
    act(() => notice!.action!.run());
    expect(useDialogStore.getState().dialog?.type).toBe('compare');
    cleanup();

    answer = null;
    await openCompare();
    await press('Compare');
    await press('Cancel comparison');
    expect(useComparisonStore.getState().running).toBeNull();
  });
});
