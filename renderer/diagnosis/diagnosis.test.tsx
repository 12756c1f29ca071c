import { act, fireEvent, screen } from '@testing-library/react';
import i18next, { type TFunction } from 'i18next';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { Culprit, CulpritReason, SilenceReason, StarvationReason } from '../../runtime/diagnosis/index.ts';
import type { JobMetrics, SubtaskMetrics } from '../../runtime/protocol/job.ts';
import { Dialogs } from '../app/Dialogs.tsx';
import { findCommand, isCommandEnabled, registerCommands, runCommand } from '../app/commands.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { useRunStore } from '../stores/run-store.ts';
import { selectEdge, selectNodes, useViewStore } from '../stores/view-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { subtaskMetrics } from '../../runtime/testing/subtask-metrics.ts';
import { CulpritBadge } from './CulpritBadge.tsx';
import { diagnosisCommands } from './diagnosis-commands.ts';
import { NodeDiagnosis } from './NodeDiagnosis.tsx';
// Loaded with the dialog otherwise, in the time of the first test.
import './SilenceDialog.tsx';
import { culpritSentences, remedySentences, silenceSentence, starvationSentence } from './sentences.ts';

const PATH = 'test.pipeline.json';

beforeEach(() => {
  vi.useFakeTimers();
  startTest();
  registerCommands(diagnosisCommands);
  openPipeline(
    sketch(
      {
        clicks: { ...sourceNode(['user STRING', 'ts TIMESTAMP']), label: 'Clicks' },
        keep: { type: 'filter', config: { condition: "user = 'nobody'" }, label: 'Keep' },
        out: { type: 'sink.print', label: 'Out' },
      },
      ['clicks -> keep', 'keep -> out'],
    ),
    PATH,
  );
});
afterEach(async () => {
  vi.useRealTimers();
  await i18next.changeLanguage('en');
});

function report(at: number, subtasks: Readonly<Record<string, Partial<SubtaskMetrics>>>): JobMetrics {
  const link = (from: string, to: string): JobMetrics['links'][number] => ({
    from: nodeId(from),
    fromPort: 'out',
    to: nodeId(to),
    toPort: 'in',
    exchange: 'rebalance',
    queueUsage: 1,
  });
  return {
    at,
    memoryBytes: 0,
    managedMemory: { usedBytes: 0, budgetBytes: 1 },
    operators: ['clicks', 'keep', 'out'].map((id) => ({
      nodeId: nodeId(id),
      subtasks: [subtaskMetrics(subtasks[id])],
    })),
    links: [link('clicks', 'keep'), link('keep', 'out')],
  };
}

/** The job runs and has reported this four times. */
function running(subtasks: Readonly<Record<string, Partial<SubtaskMetrics>>>): void {
  act(() => {
    useRunStore.setState({ path: PATH, state: 'RUNNING' });
    liveBuffer.push([0, 1, 2, 3].map((i) => ({ type: 'metrics', metrics: report(i * 500, subtasks) })));
    liveBuffer.flush();
    vi.advanceTimersByTime(300);
  });
}

const FILTERED = { clicks: { numRecordsOut: { out: 50 } }, keep: { numRecordsIn: 50 } };

async function ask(id: string): Promise<void> {
  act(() => selectNodes([nodeId(id)]));
  renderInApp(<Dialogs />);
  await act(async () => {
    runCommand('diagnosis.why');
    await vi.dynamicImportSettled();
  });
}

describe('why there is no output', () => {
  it('is answered in sentences, with the way to the place', async () => {
    running(FILTERED);
    await ask('out');
    expect(screen.getByRole('dialog', { name: 'Why is there no output of “Out”?' })).toBeTruthy();
    expect(screen.getAllByRole('listitem').map((one) => one.querySelector('p')?.textContent)).toEqual([
      '“Keep” let none of its 50 rows through: none satisfies its condition.',
    ]);
    fireEvent.click(screen.getByRole('button', { name: 'Show Keep' }));
    expect(useViewStore.getState().selectedNodeIds).toEqual(['keep']);
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('is answered in Chinese, and anew while the dialog is open', async () => {
    await i18next.changeLanguage('zh-CN');
    await ask('out');
    expect(screen.getByRole('listitem').textContent).toContain('管道未运行。');
    running(FILTERED);
    expect(screen.getByRole('listitem').textContent).toContain('“Keep”的 50 行无一通过');
  });

  it('is asked of the one selected node, or of where the selected edge begins', () => {
    const command = findCommand('diagnosis.why')!;
    expect(isCommandEnabled(command)).toBe(false);
    act(() => selectEdge({ from: 'clicks', fromPort: 'out', to: 'keep', toPort: 'in' }));
    expect(isCommandEnabled(command)).toBe(true);
    act(() => selectNodes([nodeId('keep'), nodeId('out')]));
    expect(isCommandEnabled(command)).toBe(false);
  });
});

describe('the culprit of backpressure', () => {
  const SLOW = {
    clicks: { backPressuredTimeMsPerSecond: 900, busyTimeMsPerSecond: 100 },
    keep: { busyTimeMsPerSecond: 980, numRecordsInPerSecond: 70 },
  };

  it('is explained in the inspector, and the others are not', () => {
    renderInApp(<NodeDiagnosis nodeId={nodeId('keep')} />);
    expect(screen.queryByText('Causes backpressure')).toBeNull();
    running(SLOW);
    expect(screen.getByText('Causes backpressure')).toBeTruthy();
    expect(screen.getByText('Its work takes 98 % of a processor’s time.')).toBeTruthy();
    expect(screen.getByText('Raise its parallelism.')).toBeTruthy();
    act(() => useRunStore.setState({ state: 'FINISHED' }));
    expect(screen.queryByText('Causes backpressure')).toBeNull();
  });

  it('names the source where it is the limit', () => {
    renderInApp(<NodeDiagnosis nodeId={nodeId('clicks')} />);
    running({});
    expect(screen.getByText('Limits the job')).toBeTruthy();
    expect(screen.getByText(/^Nothing comes into this source/)).toBeTruthy();
  });

  it('is marked by a text, which says why when it has the focus', async () => {
    const culprit: Culprit = {
      nodeId: nodeId('keep'),
      reasons: [{ code: 'rateLimit', rowsPerSecond: 100 }],
      remedies: ['raiseRate'],
      busy: 1,
      rowsPerSecond: 100,
      holdsUp: [nodeId('clicks')],
      chainedWith: [],
    };
    vi.useRealTimers();
    renderInApp(<CulpritBadge culprit={culprit} />);
    const badge = screen.getByRole('button', { name: 'bottleneck: rate limit' });
    vi.spyOn(badge, 'matches').mockReturnValue(true);
    fireEvent.focus(badge);
    const tooltip = await screen.findByRole('tooltip');
    expect(tooltip.textContent).toContain('It is set to let no more than 100/s through.');
    expect(tooltip.textContent).toContain('Clicks can send no more than it reads: 100/s.');
    expect(tooltip.textContent).toContain('Raise its rate, or take it out.');
  });
});

describe.each(['en', 'zh-CN'])('sentences in %s', (language) => {
  const n = nodeId('keep');
  const silence: readonly SilenceReason[] = [
    { code: 'notRunning', state: null },
    { code: 'notRunning', state: 'CREATED' },
    { code: 'notRunning', state: 'RESTARTING' },
    { code: 'failed', message: 'x' },
    { code: 'ended', state: 'FINISHED' },
    { code: 'ended', state: 'STOPPED' },
    { code: 'notInJob' },
    { code: 'starting' },
    { code: 'flowing', rows: 1, rowsPerSecond: 1 },
    { code: 'paused', rows: 1 },
    { code: 'sourceEnded' },
    { code: 'sourceIdle' },
    { code: 'sourceSilent' },
    { code: 'sourceAligned', group: 'g', driftMs: 1, maxDriftMs: 1 },
    { code: 'rowsQueued', rows: 1, busy: 1 },
    { code: 'waitsOutside', rows: 1, waiting: 1 },
    { code: 'otherOutput', rows: 1, of: 1 },
    { code: 'allLate', rows: 1, watermark: 0 },
    { code: 'allLate', rows: 1, watermark: 'end' },
    { code: 'someLate', rows: 1, of: 2 },
    { code: 'allFiltered', rows: 1 },
    { code: 'sideEmpty', otherRows: 1 },
    { code: 'noMatch', rows: 1 },
    { code: 'watermarkMissing', origin: n, subtask: null },
    { code: 'watermarkMissing', origin: n, subtask: 1 },
    { code: 'watermarkHeld', origin: n, subtask: null, watermark: 0, behindMs: 5 },
    { code: 'watermarkHeld', origin: n, subtask: null, watermark: 0, behindMs: null },
    { code: 'inputsIdle', watermark: null },
    { code: 'windowOpen', time: 'event', windowEnd: 1, now: 0, missingMs: 1 },
    { code: 'windowOpen', time: 'processing', windowEnd: 1, now: 0, missingMs: 1 },
    { code: 'sessionOpen', time: 'event', gapMs: 1 },
    { code: 'sessionOpen', time: 'processing', gapMs: 1 },
    { code: 'tooFewRows', needed: 2, rows: 1 },
    { code: 'behindWatermark', watermark: 0 },
    { code: 'endOfInput' },
    { code: 'holdsRows', rows: 1, stateBytes: 1 },
    { code: 'waitsForCheckpoint', rows: 1, intervalMs: 1000, lastCompletedAt: null, lastFailure: null },
    { code: 'waitsForCheckpoint', rows: 1, intervalMs: 0, lastCompletedAt: 1, lastFailure: null },
    { code: 'waitsForCheckpoint', rows: 1, intervalMs: 1000, lastCompletedAt: 1, lastFailure: 'x' },
  ];
  const culprits: readonly CulpritReason[] = [
    { code: 'slowSink', waiting: 0.9 },
    { code: 'slowSink', waiting: 0 },
    { code: 'slowLookup', waiting: 0.9 },
    { code: 'waits', waiting: 0.9 },
    { code: 'rateLimit', rowsPerSecond: 1 },
    { code: 'cpu', busy: 1 },
    {
      code: 'skewedSubtask',
      subtask: 0,
      busy: 1,
      othersBusy: 0,
      rowsPerSecond: 1,
      othersRowsPerSecond: 0,
      keys: ['k'],
    },
    { code: 'skewedSubtask', subtask: 0, busy: 1, othersBusy: 0, rowsPerSecond: 1, othersRowsPerSecond: 0, keys: [] },
  ];
  const starvation: readonly StarvationReason[] = [
    { code: 'rateSetting', rowsPerSecond: 1 },
    { code: 'aligned', group: 'g', driftMs: 1, maxDriftMs: 1 },
    { code: 'nothingComes' },
    { code: 'keepsUp' },
    { code: 'sourceCpu', busy: 1 },
  ];

  it('are there for everything that is found', async () => {
    await i18next.changeLanguage(language);
    const words = { t: i18next.t as TFunction, nameOf: (id: string) => id };
    const culprit = (reasons: readonly CulpritReason[]): Culprit => ({
      nodeId: n,
      reasons,
      remedies: [
        'raiseParallelism',
        'raiseConcurrency',
        'checkOutside',
        'cacheLookups',
        'raiseRate',
        'splitKey',
        'lessRows',
        'simplify',
      ],
      busy: 1,
      rowsPerSecond: 1,
      holdsUp: [n],
      chainedWith: [n],
    });
    const sentences = [
      ...silence.map((reason) => silenceSentence({ place: { nodeId: n, input: 'in', output: 'out' }, reason }, words)),
      ...culpritSentences(culprit(culprits), words),
      ...remedySentences(culprit([]), words),
      ...starvation.map((reason) => starvationSentence({ nodeId: n, reason, rowsPerSecond: 1 }, words)),
      ...culprits.map(({ code }) => words.t(`diagnosis:badge.${code}`)),
    ];
    // A key that is not there comes back as it is.
    expect(sentences.filter((one) => one === '' || /\{\{|^[a-z]+[.:][\w.]+$/i.test(one))).toEqual([]);
  });
});
