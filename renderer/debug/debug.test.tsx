import { act, fireEvent, screen, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { emptyDocument } from '../../runtime/graph/index.ts';
import type { DebugMethod, DebugRow, DebugStart, DebugStop } from '../../runtime/protocol/debug.ts';
import { findCommand, isCommandEnabled, registerCommands, runCommand } from '../app/commands.ts';
import type { FakeHost } from '../host/fake.ts';
import { activeDocument, edit } from '../stores/document-store.ts';
import { validateNow } from '../stores/validation-store.ts';
import { selectNodes, useViewStore } from '../stores/view-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { DebugPanel } from './DebugPanel.tsx';
import { DebugToolbar } from './DebugToolbar.tsx';
import { debugCommands } from './debug-commands.ts';
import { changed, portPlace, toggled } from './breakpoints.ts';
import { followDebugMemories, memoryOf } from './debug-memory.ts';
import { changeBreakpoints } from './debug-session.ts';
import { useDebugStore } from './debug-store.ts';

const clicks = nodeId('clicks');
const out = nodeId('out');
const row: DebugRow = {
  id: 7,
  nodeId: clicks,
  port: 'out',
  subtask: 0,
  moment: 4,
  values: ['ann', 3],
  eventTime: 0,
  changeKind: '+I',
};

function stopAt(moment: number): DebugStop {
  const next = {
    moment: moment + 1,
    kind: 'row',
    nodeId: out,
    subtask: 0,
    row,
    inputPort: 'in',
    time: null,
    emitted: [],
    lateRows: 0,
    error: null,
  } as const;
  return {
    moment,
    frontier: 9,
    reason: 'step',
    breakpoints: [],
    next,
    last: null,
    path: [row],
    now: 0,
    isFinished: false,
  };
}

const fields = [
  { name: 'user', type: 'STRING' },
  { name: 'n', type: 'INT' },
];
const start: DebugStart = {
  plan: {
    name: 'test',
    operators: [
      {
        nodeId: clicks,
        documentNode: clicks,
        label: 'Clicks',
        type: 't',
        subtasks: 1,
        inputs: [],
        outputs: [{ name: 'out', fields, hasEventTime: true, isChangelog: false }],
      },
      {
        nodeId: out,
        documentNode: out,
        label: 'Out',
        type: 't',
        subtasks: 1,
        inputs: [{ name: 'in', fields, hasEventTime: true, isChangelog: false }],
        outputs: [],
      },
    ],
    links: [
      {
        link: 0,
        from: clicks,
        fromPort: 'out',
        to: out,
        toPort: 'in',
        exchange: 'forward',
        edge: { from: 'clicks', fromPort: 'out', to: 'out', toPort: 'in' },
      },
    ],
  },
  diagnostics: [],
  stop: stopAt(4),
};

const WAITING = [{ type: 'row', row }, { type: 'watermark', watermark: 5 }, { type: 'end' }];
const COUNTS = {
  name: 'counts',
  keys: [{ name: 'user', type: 'STRING' }],
  columns: [{ name: 'n', type: 'i64' }],
  entries: 2,
  bytes: 90,
  shown: [{ subtask: 0, key: ['ann'], namespace: 1.7e12, values: [3] }],
};

let asked: (readonly [DebugMethod, readonly unknown[]])[] = [];

function answer(method: DebugMethod, args: readonly unknown[]): unknown {
  asked.push([method, args]);
  switch (method) {
    case 'setBreakpoints':
      return (args[0] as { id: string }[]).map(({ id }) => ({ id, problem: null, hits: 2 }));
    case 'queues':
      return [{ link: 0, fromSubtask: 0, toSubtask: 0, watermark: 5, isIdle: false, elements: WAITING }];
    case 'explain':
      return { step: stopAt(4).next, outcome: 'emitted', expressions: [], changes: [] };
    case 'evaluate':
      return [{ start: 0, end: 1, text: 'n', type: 'INT', value: 3, error: null }];
    case 'timeline':
      return { frontier: 9, parts: [], checkpoints: [0], changes: [] };
    case 'state':
      return { nodeId: out, bytes: 0, tables: [COUNTS], lists: [] };
    case 'plan':
      return start.plan;
    case 'lineage':
      return {
        hops: [{ row, parents: [], exactness: 'superset' }],
        ends: [7],
        exactness: 'superset',
        omitted: 0,
      };
    case 'watermarks':
    case 'rowsInto':
      return [];
    case 'jump':
      return stopAt(args[0] as number);
    default:
      return stopAt(5);
  }
}

const askedFor = (method: DebugMethod) => asked.filter(([one]) => one === method).map(([, args]) => args);

let host: FakeHost;
beforeEach(() => {
  asked = [];
  host = startTest({ debug: { start: () => start, call: answer } });
  registerCommands(debugCommands);
  openPipeline(
    sketch(
      {
        clicks: { ...sourceNode(['user STRING', 'n INT']), label: 'Clicks' },
        out: { type: 'sink.print', label: 'Out' },
      },
      ['clicks -> out'],
    ),
  );
});

async function open(): Promise<void> {
  renderInApp(
    <>
      <DebugToolbar />
      <DebugPanel />
    </>,
  );
  fireEvent.click(screen.getByRole('button', { name: 'Debug' }));
  await screen.findByText('After 4 steps. Next: Out takes row #7');
}

describe('a debug session', () => {
  it('shows where it stands, selects the operator that acts, and ends', async () => {
    await open();
    expect(useViewStore.getState().selectedNodeIds).toEqual([out]);
    expect(screen.getByRole('region', { name: 'Row at hand' }).textContent).toContain('ann');
    expect(screen.getByRole('region', { name: 'Its way' }).textContent).toContain('user: "ann", n: 3');
    fireEvent.click(screen.getByRole('button', { name: 'End debugging' }));
    await screen.findByText('Nothing is being debugged');
    expect(askedFor('close')).toHaveLength(1);
    expect(isCommandEnabled(findCommand('debug.stepOver')!)).toBe(false);
  });

  it('moves by commands and along the timeline', async () => {
    await open();
    await act(async () => runCommand('debug.stepOver'));
    await screen.findByText('After 5 steps. Next: Out takes row #7');
    expect(askedFor('step')).toEqual([[{ to: 'over' }, 1]]);
    await act(async () => void fireEvent.change(screen.getByRole('slider'), { target: { value: '2' } }));
    await screen.findByText('After 2 steps. Next: Out takes row #7');
  });

  it('changes, takes out and puts in what waits', async () => {
    await open();
    fireEvent.click(screen.getByRole('button', { name: 'Change the row' }));
    const edited = within(screen.getByRole('form', { name: 'Change the row' }));
    fireEvent.change(edited.getByRole('textbox', { name: 'user STRING' }), { target: { value: 'bob' } });
    fireEvent.click(edited.getByRole('button', { name: 'Set n to NULL' }));
    const time = edited.getByRole('textbox', { name: 'event time UTC' });
    fireEvent.change(time, { target: { value: 'soon' } });
    expect(time.getAttribute('aria-invalid')).toBe('true');
    fireEvent.change(time, { target: { value: '1970-01-01 00:00:05' } });
    await act(async () => void fireEvent.click(edited.getByRole('button', { name: 'Put in' })));
    const place = { link: 0, fromSubtask: 0, toSubtask: 0, index: 0 };
    expect(askedFor('editRow')).toEqual([[place, { values: ['bob', null], eventTime: 5000 }]]);
    await act(async () => void fireEvent.click(screen.getAllByRole('button', { name: 'Take it out' })[0]!));
    expect(askedFor('dropElement')).toEqual([[place]]);
    fireEvent.click(screen.getByRole('button', { name: 'Put a row in' }));
    const made = within(screen.getByRole('form', { name: 'Put a row in' }));
    fireEvent.change(made.getByRole('textbox', { name: 'n INT' }), { target: { value: '7' } });
    fireEvent.change(made.getByRole('textbox', { name: 'event time UTC' }), { target: { value: '9000' } });
    await act(async () => void fireEvent.click(made.getByRole('button', { name: 'Put in' })));
    expect(askedFor('injectRow')).toEqual([[0, { values: [null, 7], eventTime: 9000 }]]);
    fireEvent.click(screen.getByRole('button', { name: 'Put a watermark in' }));
    const watermark = screen.getByRole('textbox', { name: 'Put a watermark in' });
    fireEvent.change(watermark, { target: { value: '1970-01-01 00:01:00' } });
    await act(async () => void fireEvent.submit(watermark.closest('form')!));
    expect(askedFor('injectWatermark')).toEqual([[0, 60_000]]);
    // What waits behind the row: a watermark can go, the end cannot.
    expect(screen.getAllByRole('button', { name: 'Take it out' })).toHaveLength(2);
  });

  it('browses the state by key', async () => {
    await open();
    fireEvent.click(screen.getByRole('button', { name: 'State' }));
    expect(screen.getByRole('region', { name: 'State' }).textContent).toContain('"ann"2023');
    const search = screen.getByRole('searchbox', { name: 'Key begins with' });
    await act(async () => void fireEvent.change(search, { target: { value: 'an' } }));
    expect(askedFor('state').at(-1)).toEqual([out, { limit: 50, key: ['an'] }]);
    await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Stop when it changes' })));
    expect(askedFor('setBreakpoints').at(-1)?.[0]).toMatchObject([
      { place: { type: 'state', nodeId: out, table: 'counts', key: ['ann'] } },
    ]);
  });

  it('sends breakpoints, and says how often each was hit', async () => {
    await open();
    act(() => selectNodes([clicks]));
    await act(async () => runCommand('debug.toggleBreakpoint'));
    expect(screen.getByText('hit 2 times')).toBeTruthy();
    const condition = screen.getByRole('textbox', { name: 'Condition: A row comes to Clicks' });
    fireEvent.change(condition, { target: { value: 'n > 2' } });
    await act(async () => void fireEvent.blur(condition));
    const place = { type: 'node', nodeId: clicks };
    expect(askedFor('setBreakpoints').at(-1)).toEqual([[{ id: '1', place, mode: 'enabled', condition: 'n > 2' }]]);
    act(() => host.emitDebug({ type: 'log', breakpoint: '1', moment: 3, message: 'seen' }));
    expect(screen.getByRole('list', { name: 'Log of breakpoints' }).textContent).toBe('@3 seen');
  });

  it('follows a row, and watches expressions', async () => {
    await open();
    await act(async () => void fireEvent.click(screen.getAllByRole('button', { name: 'made of' })[0]!));
    expect(screen.getByRole('region', { name: 'Lineage' }).textContent).toContain('may hold more than needed');
    const watched = screen.getByRole('textbox', { name: 'Expression over the row' });
    fireEvent.change(watched, { target: { value: 'n' } });
    await act(async () => void fireEvent.submit(watched.closest('form')!));
    expect(screen.getByRole('region', { name: 'Watch' }).textContent).toContain('n3');
  });

  it('goes on with a changed pipeline', async () => {
    await open();
    act(() => edit('change', (document) => ({ ...document, description: 'changed' })));
    await act(async () => void fireEvent.click(screen.getByRole('button', { name: /Go on with it/ })));
    expect(String(askedFor('replaceDocument')[0]?.[0])).toContain('"description": "changed"');
    expect(screen.queryByText(/The pipeline has changed/)).toBeNull();
  });

  it('keeps breakpoints in the names of fields, also when a rename is undone, and a limit for the input', async () => {
    const stop = followDebugMemories();
    await open();
    await act(async () => void changeBreakpoints((all) => toggled(all, portPlace('output', clicks, 'out'))));
    const condition = (): string | undefined => memoryOf('test.pipeline.json').breakpoints[0]?.condition;
    await act(async () => void changeBreakpoints((all) => changed(all, '1', { condition: 'n > 2' })));
    const rename = (to: string): void => {
      edit('rename', (document) => ({
        ...document,
        nodes: document.nodes.map((one) =>
          one.id === clicks ? { ...one, ...sourceNode(['user STRING', `${to} INT`]) } : one,
        ),
      }));
      validateNow();
    };
    await act(async () => rename('amount'));
    expect(condition()).toBe('amount > 2');
    await act(async () => rename('n'));
    expect(condition()).toBe('n > 2');
    await act(async () => runCommand('debug.stop'));
    const limit = screen.getByRole('textbox', { name: /Memory for what sources give/ });
    fireEvent.change(limit, { target: { value: '0' } });
    expect(limit.getAttribute('aria-invalid')).toBe('true');
    fireEvent.change(limit, { target: { value: '64' } });
    await act(async () => void fireEvent.blur(limit));
    expect(memoryOf('test.pipeline.json').inputMebibytes).toBe(64);
    stop();
  });

  it('says why it cannot start', async () => {
    host = startTest();
    registerCommands(debugCommands);
    openPipeline(emptyDocument('empty'));
    await act(async () => runCommand('debug.start'));
    expect(useDebugStore.getState().status).toBe('none');
    expect(activeDocument()).not.toBeNull();
  });
});
