import { useState, type ReactNode } from 'react';
import type { EditorProps, ExpressionContext } from './editor-types.ts';
import { EXPRESSION_LANGUAGE } from './expression-tokens.ts';
import { useMonaco } from './monaco-loader.ts';
import { MonacoView } from './MonacoView.tsx';
import { LINE_OPTIONS } from './options.ts';
import { TextAreaEditor } from './TextAreaEditor.tsx';
import './code.css';

export interface ExpressionEditorProps extends EditorProps {
  readonly context: ExpressionContext;
}

const MAX_HEIGHT = 240;

/**
 * An editor for one expression: a line that grows with its text. Enter takes a suggestion and else does nothing (Shift+Enter
 * breaks the line); Tab and Escape leave it.
 */
export function ExpressionEditor(props: ExpressionEditorProps): ReactNode {
  const monaco = useMonaco();
  const [isTextAreaFocused, setTextAreaFocused] = useState(false);
  // A text area that is typed into is not taken away.
  if (monaco === null || isTextAreaFocused) {
    return <TextAreaEditor {...props} isSingleLine onFocusChange={setTextAreaFocused} />;
  }
  return (
    <MonacoView
      {...props}
      monaco={monaco}
      language={EXPRESSION_LANGUAGE}
      options={LINE_OPTIONS}
      maxHeight={MAX_HEIGHT}
    />
  );
}
