import { useState, type ReactNode } from 'react';
import type { EditorProps, ExpressionContext } from './editor-types.ts';
import { useMonaco } from './monaco-loader.ts';
import { MonacoView } from './MonacoView.tsx';
import { FILE_OPTIONS } from './options.ts';
import { TextAreaEditor } from './TextAreaEditor.tsx';
import './code.css';

export interface CodeEditorProps extends EditorProps {
  /** As Monaco names it: `javascript`, `json`, `sql`. */
  readonly language: string;
  readonly fileName?: string;
  /** Whose names are completed, in languages that have some. */
  readonly context?: ExpressionContext;
}

/** An editor for a text of many lines; fills its container. */
export function CodeEditor(props: CodeEditorProps): ReactNode {
  const monaco = useMonaco();
  const [isTextAreaFocused, setTextAreaFocused] = useState(false);
  if (monaco === null || isTextAreaFocused) {
    return <TextAreaEditor {...props} isSingleLine={false} onFocusChange={setTextAreaFocused} />;
  }
  return <MonacoView {...props} monaco={monaco} options={FILE_OPTIONS} />;
}
