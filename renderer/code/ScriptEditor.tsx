import { useEffect, type ReactNode } from 'react';
import { CodeEditor } from './CodeEditor.tsx';
import type { EditorProps } from './editor-types.ts';
import { useMonaco } from './monaco-loader.ts';

export interface ScriptEditorProps extends EditorProps {
  /** Text of a `.d.ts`: what is there for the script beside JavaScript itself. */
  readonly typings: string;
}

/** An editor for a JavaScript module, completed and checked while it is typed; fills its container. */
export function ScriptEditor({ typings, ...props }: ScriptEditorProps): ReactNode {
  const monaco = useMonaco();
  useEffect(() => {
    if (monaco === null) return;
    import('./script-language.ts')
      .then(({ setScriptTypings }) => setScriptTypings(typings))
      // The editor works without; the next change of the typings tries again.
      .catch((error: unknown) => console.error('The checks of JavaScript could not be loaded', error));
  }, [monaco, typings]);
  return <CodeEditor {...props} language="javascript" fileName="script.js" />;
}
