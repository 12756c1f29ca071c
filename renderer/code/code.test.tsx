import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { setDetails } from '../../runtime/graph/index.ts';
import { openTestDocument } from '../inspector/test-document.ts';
import { activeDocument, edit, printedText, undo } from '../stores/document-store.ts';
import { documentProblems, textProblems } from './code-problems.ts';
import { CodeView } from './CodeView.tsx';
import { placeOf, type JsonPath } from './json-places.ts';
import { takeOnce } from './take-once.ts';
import { TextFlow } from './text-flow.ts';

describe('placeOf', () => {
  it('finds every value of any JSON text', () => {
    const paths = (value: unknown): JsonPath[] =>
      typeof value !== 'object' || value === null
        ? [[]]
        : [
            [],
            ...Object.entries(value).flatMap(([key, child]) =>
              paths(child).map((rest) => [Array.isArray(value) ? Number(key) : key, ...rest]),
            ),
          ];
    const at = (value: unknown, path: JsonPath): unknown =>
      path.reduce<unknown>((found, part) => (found as Record<string | number, unknown>)[part], value);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        const parsed: unknown = JSON.parse(text);
        for (const path of paths(parsed)) {
          const { start, end } = placeOf(text, path)!;
          expect(JSON.parse(text.slice(start, end))).toEqual(at(parsed, path));
        }
      }),
    );
  });

  it('gives the nearest place above one that is not there, and nothing for no JSON', () => {
    expect(placeOf('{"a": [1]}', ['a', 5, 'b'])).toEqual({ start: 6, end: 9 });
    expect(placeOf('{"a": [1', ['b'])).toBeNull();
  });
});

describe('problems in the code', () => {
  it('stand at the value, of which the document may be printed in any way', () => {
    const { document } = openTestDocument();
    const text = printedText(document);
    const [problem] = documentProblems(text, document, [
      {
        severity: 'error',
        code: 'MR1302',
        message: 'm',
        nodeId: nodeId('bad'),
        path: 'condition',
        range: { start: 0, end: 5 },
      },
    ]);
    expect(text.slice(problem!.range!.start, problem!.range!.end)).toBe('"stats >= 400"');
  });

  it('of a broken text stand at their range or path', () => {
    const [syntax, shape] = textProblems('{"name": 5}', [
      { severity: 'error', code: 'MR1001', message: 'm', range: { start: 3, end: 4 } },
      { severity: 'error', code: 'MR1002', message: 'm', path: 'name' },
    ]);
    expect(syntax?.range).toEqual({ start: 3, end: 4 });
    expect(shape?.range).toEqual({ start: 9, end: 10 });
  });
});

describe('CodeView', () => {
  beforeEach(() => {
    openTestDocument();
  });
  afterEach(cleanup);

  const area = (): HTMLTextAreaElement => screen.getByRole('textbox');
  const type = (text: string): void => {
    fireEvent.change(area(), { target: { value: text } });
  };

  it('makes what parses the document, as one step', () => {
    render(<CodeView />);
    const before = printedText(activeDocument()!.document);
    type(before.replace('"Clicks"', '"Click"'));
    type(before.replace('"Clicks"', '"Visits"'));
    expect(activeDocument()!.document.name).toBe('Visits');
    act(undo);
    expect(printedText(activeDocument()!.document)).toBe(before);
    expect(area().value).toBe(before);
  });

  it('keeps what does not parse, and says so', () => {
    render(<CodeView />);
    const before = activeDocument()!.document;
    type('{ "format": ');
    expect(area().value).toBe('{ "format": ');
    expect(activeDocument()!.document).toBe(before);
    expect(screen.getByRole('status').textContent).toContain('Not applied');
  });

  it('leaves blanks as they are typed without a change of the document', () => {
    render(<CodeView />);
    const { document, history } = activeDocument()!;
    const spaced = `${printedText(document)}\n\n`;
    type(spaced);
    expect(area().value).toBe(spaced);
    expect(activeDocument()!.history).toBe(history);
  });

  it('follows changes from elsewhere', () => {
    render(<CodeView />);
    act(() => edit('rename', (document) => setDetails(document, { name: 'Other' })));
    expect(area().value).toContain('"Other"');
  });
});

describe('TextFlow', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('sends after a pause, and only the newest', () => {
    const sent: string[] = [];
    const flow = new TextFlow((text) => sent.push(text));
    flow.change('a');
    flow.change('ab');
    expect(flow.isPending).toBe(true);
    vi.runAllTimers();
    expect(sent).toEqual(['ab']);
  });

  it('loses nothing when it is left early, and sends nothing twice', () => {
    const sent: string[] = [];
    const flow = new TextFlow((text) => sent.push(text));
    flow.change('a');
    flow.flush();
    flow.flush();
    vi.runAllTimers();
    expect(sent).toEqual(['a']);
  });
});

describe('takeOnce', () => {
  it('gives a request to each kind of taker once', () => {
    const request = {};
    expect([
      takeOnce(request, 'form'),
      takeOnce(request, 'form'),
      takeOnce(request, 'editor'),
      takeOnce({}, 'form'),
    ]).toEqual([true, false, true, true]);
  });
});
