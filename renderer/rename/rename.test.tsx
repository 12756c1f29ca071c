import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { findNode } from '../../runtime/graph/index.ts';
import { Dialogs } from '../app/Dialogs.tsx';
import { Inspector } from '../inspector/Inspector.tsx';
import { openDialog } from '../stores/dialog-store.ts';
import { activeDocument, undo } from '../stores/document-store.ts';
import { selectNodes } from '../stores/view-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { markedLines } from './marked-lines.ts';

const CODE = 'export function onRow(row, ctx) {\n  ctx.emit({ user: row.user });\n}\n';

beforeEach(() => {
  startTest();
  const script = { code: CODE, outputSchema: [{ name: 'user', type: 'STRING' }] };
  openPipeline(
    sketch(
      {
        clicks: sourceNode(['user STRING', 'ts TIMESTAMP']),
        some: { type: 'filter', config: { condition: "user <> 'x'" } },
        script: { type: 'process.js', config: script },
        table: { type: 'sink.table' },
      },
      ['clicks -> some', 'some -> script', 'script -> table'],
    ),
  );
});
afterEach(cleanup);

function configOf(id: string): Readonly<Record<string, unknown>> | undefined {
  return findNode(activeDocument()!.document, nodeId(id))?.config;
}

describe('the dialog', () => {
  it('opens with F2 on a field, shows every place, and changes the ticked ones in one step', async () => {
    selectNodes([nodeId('some')]);
    renderInApp(
      <>
        <Inspector />
        <Dialogs />
      </>,
    );
    const input = screen.getByRole('region', { name: 'In' });
    fireEvent.keyDown(within(input).getByRole('button', { name: 'Rename user' }), { key: 'F2' });
    const name = await screen.findByLabelText('New name');
    fireEvent.change(name, { target: { value: 'customer' } });
    // The name is the file's: at first a node behind the source gives the new one.
    expect(screen.getByText(/A new project reads "out"/)).toBeTruthy();
    fireEvent.click(screen.getByRole('radio', { name: /^From where it is declared/ }));
    const places = screen.getByRole('region', { name: '4 places change' });
    expect(within(places).getByText('Schema 1 › Name')).toBeTruthy();
    const boxes = within(places).getAllByRole<HTMLInputElement>('checkbox');
    expect(boxes.map((box) => box.checked)).toEqual([false, true]);
    fireEvent.click(screen.getByRole('button', { name: 'Rename' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(configOf('some')).toEqual({ condition: "customer <> 'x'" });
    expect(configOf('script')).toMatchObject({ code: CODE.replace('row.user', 'row.customer') });
    act(undo);
    expect(configOf('some')).toEqual({ condition: "user <> 'x'" });
    expect(configOf('script')).toMatchObject({ code: CODE });
  });

  it('says beforehand what would be wrong', async () => {
    renderInApp(<Dialogs />);
    act(() => openDialog({ type: 'rename-field', field: { nodeId: nodeId('clicks'), port: 'out', field: 'user' } }));
    fireEvent.change(await screen.findByLabelText('New name'), { target: { value: 'ts' } });
    expect(
      within(screen.getByRole('region', { name: 'What would be wrong then' })).getAllByRole('listitem').length,
    ).toBeGreaterThan(0);
    expect(screen.getByRole('button', { name: 'Rename anyway' })).toBeTruthy();
  });

  it('asks for the field where none was pointed at', async () => {
    selectNodes([nodeId('table')]);
    renderInApp(<Dialogs />);
    act(() => openDialog({ type: 'rename-field', field: null }));
    expect((await screen.findByLabelText<HTMLInputElement>('New name')).value).toBe('user');
  });
});

describe('markedLines', () => {
  it('shows the lines that change, with what goes and what comes', () => {
    expect(markedLines('a\nb user c\nd', [{ range: { start: 4, end: 8 }, text: 'x' }])).toEqual([
      [
        { kind: 'same', text: 'b ' },
        { kind: 'old', text: 'user' },
        { kind: 'new', text: 'x' },
        { kind: 'same', text: ' c' },
      ],
    ]);
  });
});
