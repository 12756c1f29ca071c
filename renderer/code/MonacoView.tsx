/** One Monaco editor, controlled: shows `value`, reports what is typed, marks problems. */
import type { editor as Editor } from 'monaco-editor/editor';
import { useEffect, useEffectEvent, useRef, type ReactNode } from 'react';
import { useTheme } from '../app/theme/theme.ts';
import { join } from '../ui/Button.tsx';
import type { EditorProblem, EditorProps, ExpressionContext } from './editor-types.ts';
import { setExpressionContext } from './expression-contexts.ts';
import { setLineKeys } from './line-keys.ts';
import type { Monaco } from './monaco-loader.ts';
import { takeOnce } from './take-once.ts';
import { TextFlow } from './text-flow.ts';
import { applyTheme } from './themes.ts';

export interface MonacoViewProps extends EditorProps {
  readonly monaco: Monaco;
  readonly language: string;
  /** Ends the model's address: what JSON Schemas are matched by. */
  readonly fileName?: string;
  readonly context?: ExpressionContext;
  readonly options: Editor.IStandaloneEditorConstructionOptions;
  /** As high as its text, up to this many pixels; else it fills its container. */
  readonly maxHeight?: number;
}

/** Owner of our markers on a model. */
const OWNER = 'millrace';
let nextModel = 1;

export function MonacoView(props: MonacoViewProps): ReactNode {
  const { monaco, language, fileName, context, options, maxHeight, ids, label, value, problems, place = null } = props;
  const { placeholder = '', isReadOnly = false } = props;
  const container = useRef<HTMLDivElement>(null);
  const current = useRef<{
    readonly editor: Editor.IStandaloneCodeEditor;
    readonly model: Editor.ITextModel;
    readonly flow: TextFlow;
  } | null>(null);
  const theme = useTheme();
  const send = useEffectEvent((text: string) => props.onChange(text));
  const rename = useEffectEvent((text: string, at: number) => props.onRename?.(text, at) === true);
  const initial = useEffectEvent(() => ({ value, options }));

  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    const start = initial();
    const uri =
      fileName === undefined ? undefined : monaco.Uri.parse(`millrace://documents/${nextModel++}/${fileName}`);
    const model = monaco.editor.createModel(start.value, language, uri);
    const editor = monaco.editor.create(element, {
      ...start.options,
      model,
      automaticLayout: true,
      editContext: false,
      fixedOverflowWidgets: true,
      overflowWidgetsDomNode: overflowNode(),
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--font-mono') || 'monospace',
    });
    if (maxHeight !== undefined) setLineKeys(editor);
    const flow = new TextFlow(send);
    current.current = { editor, model, flow };

    const fit = (): void => {
      if (maxHeight === undefined) return;
      element.style.height = `${Math.min(maxHeight, editor.getContentHeight())}px`;
    };
    const subscriptions = [
      model.onDidChangeContent((event) => !event.isFlush && flow.change(model.getValue())),
      editor.onDidBlurEditorText(() => flow.flush()),
      // A shortcut may run or save what is on screen.
      editor.onKeyDown(
        (event) => (event.ctrlKey || event.metaKey || /^F\d+$/.test(event.browserEvent.key)) && flow.flush(),
      ),
      editor.onKeyDown((event) => {
        const position = event.browserEvent.key === 'F2' ? editor.getPosition() : null;
        if (position === null || !rename(model.getValue(), model.getOffsetAt(position))) return;
        event.preventDefault();
        event.stopPropagation();
      }),
      editor.onDidContentSizeChange(fit),
    ];
    fit();
    return () => {
      flow.flush();
      current.current = null;
      for (const subscription of subscriptions) subscription.dispose();
      editor.dispose();
      model.dispose();
    };
  }, [monaco, language, fileName, maxHeight]);

  useEffect(() => applyTheme(monaco, theme), [monaco, theme]);

  useEffect(() => {
    const { editor, model, flow } = current.current ?? {};
    if (editor === undefined || model === undefined || flow?.isPending !== false || model.getValue() === value) return;
    // From outside (undo, another editor): the cursor stays where it was as far as it can.
    const selections = editor.getSelections();
    model.setValue(value);
    if (selections !== null) editor.setSelections(selections);
  }, [value]);

  useEffect(() => {
    const model = current.current?.model;
    if (model !== undefined)
      monaco.editor.setModelMarkers(
        model,
        OWNER,
        (problems ?? []).map((one) => toMarker(monaco, model, one)),
      );
  }, [monaco, problems]);

  useEffect(() => {
    const model = current.current?.model;
    if (model !== undefined && context !== undefined) setExpressionContext(model.uri.toString(), context);
    return () => {
      if (model !== undefined) setExpressionContext(model.uri.toString(), null);
    };
  }, [context]);

  useEffect(() => {
    current.current?.editor.updateOptions({ ariaLabel: label, placeholder, readOnly: isReadOnly });
  }, [label, placeholder, isReadOnly]);

  const { id, 'aria-describedby': describedBy, 'aria-invalid': isInvalid } = ids ?? {};
  useEffect(() => {
    // So that the label, help and problems of the form belong to what takes the text.
    const input = container.current?.querySelector('textarea');
    if (input === null || input === undefined) return;
    if (id !== undefined) input.id = id;
    setOrRemove(input, 'aria-describedby', describedBy);
    setOrRemove(input, 'aria-invalid', isInvalid === true ? 'true' : undefined);
  }, [id, describedBy, isInvalid]);

  useEffect(() => {
    const { editor, model } = current.current ?? {};
    if (place === null || editor === undefined || model === undefined || !takeOnce(place.request, 'editor')) return;
    editor.focus();
    if (place.range === null) return;
    const range = monaco.Range.fromPositions(
      model.getPositionAt(place.range.start),
      model.getPositionAt(place.range.end),
    );
    editor.setSelection(range);
    editor.revealRangeInCenterIfOutsideViewport(range);
  }, [monaco, place]);

  return (
    <div
      className={join(
        'code-editor',
        maxHeight === undefined ? 'code-editor-full' : 'code-editor-line',
        isInvalid === true && 'code-editor-invalid',
      )}
    >
      <div ref={container} className="code-editor-surface" />
    </div>
  );
}

function toMarker(monaco: Monaco, model: Editor.ITextModel, problem: EditorProblem): Editor.IMarkerData {
  const length = model.getValueLength();
  const { start, end } = problem.range ?? { start: 0, end: length };
  // An empty range would not be seen.
  const from = model.getPositionAt(Math.min(start, Math.max(0, length - 1)));
  const to = model.getPositionAt(Math.max(end, start + 1));
  const severities = {
    error: monaco.MarkerSeverity.Error,
    warning: monaco.MarkerSeverity.Warning,
    info: monaco.MarkerSeverity.Info,
  };
  return {
    severity: severities[problem.severity],
    message: problem.message,
    startLineNumber: from.lineNumber,
    startColumn: from.column,
    endLineNumber: to.lineNumber,
    endColumn: to.column,
  };
}

function setOrRemove(element: Element, name: string, value: string | undefined): void {
  if (value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

let overflow: HTMLElement | null = null;

/** Suggestions and hovers are drawn over the page, not clipped by the panel their editor is in. */
function overflowNode(): HTMLElement {
  if (overflow === null) {
    overflow = document.createElement('div');
    overflow.className = 'monaco-editor code-overflow';
    document.body.append(overflow);
  }
  return overflow;
}
