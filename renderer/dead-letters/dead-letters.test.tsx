import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withMend, type DeadLetter, type Mend } from '../../runtime/core/dead-letters.ts';
import { nodeId } from '../../runtime/core/ids.ts';
import { createFakeHost, type FakeHost } from '../host/fake.ts';
import { setHost } from '../host/host.ts';
import { openTestDocument } from '../inspector/test-document.ts';
import { liveBuffer } from '../stores/live-buffer.ts';
import { useDocumentStore } from '../stores/document-store.ts';
import { useRunStore } from '../stores/run-store.ts';
import { TooltipProvider } from '../ui/Tooltip.tsx';
import { DeadLettersPanel } from './DeadLettersPanel.tsx';
import { letterRows, replacements } from './letters.ts';
import { useMendsStore } from './mends-store.ts';

const clicks = nodeId('clicks');

function letter(line: number, raw: string, again = 0): DeadLetter {
  return { origin: 'in.csv', line, reason: 'has 1 cell instead of 2', raw, again };
}

function mend(line: number, raw: string, text: string, again = 0): Mend {
  return { nodeId: clicks, origin: 'in.csv', line, raw, text, again };
}

describe('withMend', () => {
  it('replaces a mend of the same text, and leads one that led to it to the new text', () => {
    const first = withMend([mend(2, 'a', 'b')], mend(3, 'a', 'c'));
    expect(withMend(first, mend(2, 'a', 'd'))).toEqual([mend(3, 'a', 'c'), mend(2, 'a', 'd')]);
    expect(withMend(first, mend(2, 'b', 'e'))).toEqual([mend(2, 'a', 'e'), mend(3, 'a', 'c'), mend(2, 'b', 'e')]);
  });
});

describe('letters', () => {
  const report = { nodeId: clicks, subtask: 0, kept: [letter(2, 'a;1'), letter(2, 'a;1'), letter(3, 'b')], lost: 0 };

  it('are shown newest first, each with the text that is to be read, and told apart where they are equal', () => {
    const rows = letterRows([report], [mend(2, 'a;1', 'a,1')]);
    expect(rows.map(({ line, text }) => [line, text])).toEqual([
      [3, null],
      [2, 'a,1'],
      [2, 'a;1'.replace(';', ',')],
    ]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(3);
  });

  it('are mended together where they have the same fault', () => {
    const rows = letterRows([report], []);
    expect(replacements(rows, ';', ',')).toEqual([mend(2, 'a;1', 'a,1'), mend(2, 'a;1', 'a,1')]);
    expect(replacements(rows, '', ',')).toEqual([]);
    expect(replacements(rows, 'b', '$&'), 'the replacement is taken as it is').toEqual([mend(3, 'b', '$&')]);
  });
});

describe('DeadLettersPanel', () => {
  let host: FakeHost;
  beforeEach(() => {
    openTestDocument();
    host = createFakeHost();
    setHost(host);
    liveBuffer.reset();
    useMendsStore.setState({ mends: new Map() });
    useRunStore.setState({ path: useDocumentStore.getState().activePath, state: 'RUNNING' });
  });
  afterEach(() => {
    cleanup();
    useRunStore.setState({ path: null, state: null });
  });

  it('mends a row, keeps the mend with the document, and takes it back', async () => {
    liveBuffer.push([
      { type: 'dead-letters', report: { nodeId: clicks, subtask: 0, kept: [letter(2, 'a'), letter(7, 'b')], lost: 3 } },
    ]);
    liveBuffer.flush();
    render(
      <TooltipProvider>
        <DeadLettersPanel />
      </TooltipProvider>,
    );
    expect(screen.getByText('2 rows are kept')).toBeTruthy();
    expect(screen.getByText('3 older rows were let go')).toBeTruthy();
    fireEvent.click(screen.getByText('in.csv:7'));
    const text = screen.getByRole('textbox', { name: 'The mended text of in.csv:7' });
    fireEvent.change(text, { target: { value: 'b,1' } });
    fireEvent.keyDown(text, { key: 'Enter', ctrlKey: true });
    expect(await screen.findByText('being replayed')).toBeTruthy();
    const path = useDocumentStore.getState().activePath!;
    expect(await host.listMends(path)).toEqual([mend(7, 'b', 'b,1')]);
    fireEvent.click(screen.getByRole('button', { name: 'Take back all mends' }));
    expect(await host.listMends(path)).toEqual([]);
  });

  it('replays rows as they are, and says which are rejected again', async () => {
    const report = { nodeId: clicks, subtask: 0, kept: [letter(2, 'a'), letter(7, 'b', 1)], lost: 0 };
    liveBuffer.push([{ type: 'dead-letters', report }]);
    liveBuffer.flush();
    render(
      <TooltipProvider>
        <DeadLettersPanel />
      </TooltipProvider>,
    );
    expect(screen.getAllByText('rejected again')).toHaveLength(1);
    fireEvent.click(screen.getByText('in.csv:7'));
    fireEvent.click(screen.getByRole('button', { name: 'Replay as it is' }));
    expect(await screen.findByText('being replayed')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Replay 1 row' }));
    const path = useDocumentStore.getState().activePath!;
    expect(await host.listMends(path)).toEqual([mend(7, 'b', 'b', 2), mend(2, 'a', 'a', 1)]);
    expect(screen.queryByRole('button', { name: /^Replay \d/ })).toBeNull();
  });
});
