import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import { activeDocument, redo, undo } from '../../stores/document-store.ts';
import { openPipeline, renderInApp, sketch, sourceNode, startTest } from '../../testing/app.tsx';
import { stubLayout } from '../../testing/layout.ts';
import { Canvas } from '../Canvas.tsx';
import { editNote } from '../canvas-store.ts';
import { newNote, resizeNote } from './note-actions.ts';

const texts = (): readonly string[] => activeDocument()!.document.notes.map((note) => note.text);

function write(text: string): void {
  const editor = screen.getByRole('textbox', { name: 'Text of the note, in Markdown' });
  fireEvent.change(editor, { target: { value: text } });
  fireEvent.keyDown(editor, { key: 'Enter', ctrlKey: true });
}

describe('a note', () => {
  beforeEach(() => {
    startTest();
    stubLayout();
    openPipeline(sketch({ in: sourceNode(['n INT']) }));
    renderInApp(<Canvas />);
    act(() => newNote({ x: 0, y: 0 }));
  });

  it('is one step with its first text, and each later text is one', () => {
    write('# Orders');
    expect(screen.getByRole('heading', { name: 'Orders' })).toBeDefined();
    act(() => editNote('note'));
    write('**Orders**');
    expect(screen.getByText('Orders').tagName).toBe('STRONG');
    act(undo);
    expect(texts()).toEqual(['# Orders']);
    act(undo);
    expect(texts()).toEqual([]);
    act(redo);
    expect(texts()).toEqual(['# Orders']);
  });

  it('keeps its text when writing is given up, and its size apart from its text', () => {
    write('Why');
    act(() => resizeNote('note', { x: 7.6, y: 0 }, 300.4, 200));
    act(() => editNote('note'));
    const editor = screen.getByRole('textbox', { name: 'Text of the note, in Markdown' });
    fireEvent.change(editor, { target: { value: 'other' } });
    fireEvent.keyDown(editor, { key: 'Escape' });
    expect(activeDocument()!.document.notes).toEqual([
      { id: 'note', text: 'Why', position: { x: 8, y: 0 }, width: 300, height: 200 },
    ]);
    act(undo);
    expect(activeDocument()!.document.notes).toMatchObject([{ text: 'Why', width: 240, height: 120 }]);
  });

  it('shows HTML as text, asks for no picture, and follows no script', () => {
    write(
      '<img src="x" onerror="alert(1)"> ![p](http://far.example/p.png)\n\n[a](javascript:alert(1)) [b](https://near.example)',
    );
    const note = document.querySelector('.canvas-note')!;
    expect(note.textContent).toContain('<img src="x" onerror="alert(1)">');
    expect(note.querySelectorAll('img, script')).toHaveLength(0);
    expect([...note.querySelectorAll('a')].map((a) => [a.getAttribute('href'), a.rel])).toEqual([
      ['', 'noreferrer noopener'],
      ['https://near.example', 'noreferrer noopener'],
    ]);
  });
});
