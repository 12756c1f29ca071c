/** Two texts side by side with what differs marked; as plain texts where Monaco cannot be had. */
import { useEffect, useRef, type ReactNode } from 'react';
import { useTheme } from '../app/theme/theme.ts';
import { useMonaco, type Monaco } from './monaco-loader.ts';
import { applyTheme } from './themes.ts';
import './code.css';

interface DiffViewProps {
  readonly original: string;
  readonly modified: string;
  /** Names of the two sides. */
  readonly labels: readonly [original: string, modified: string];
  readonly language: string;
}

export function DiffView(props: DiffViewProps): ReactNode {
  const monaco = useMonaco();
  const [originalLabel, modifiedLabel] = props.labels;
  return (
    <div className="code-diff">
      <div className="code-diff-heads">
        <span>{originalLabel}</span>
        <span>{modifiedLabel}</span>
      </div>
      {monaco === null ? (
        <div className="code-diff-texts">
          <pre tabIndex={0} aria-label={originalLabel}>
            {props.original}
          </pre>
          <pre tabIndex={0} aria-label={modifiedLabel}>
            {props.modified}
          </pre>
        </div>
      ) : (
        <MonacoDiff monaco={monaco} {...props} />
      )}
    </div>
  );
}

function MonacoDiff({
  monaco,
  original,
  modified,
  labels,
  language,
}: DiffViewProps & { readonly monaco: Monaco }): ReactNode {
  const container = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const [originalLabel, modifiedLabel] = labels;
  useEffect(() => {
    const element = container.current;
    if (element === null) return;
    const models = {
      original: monaco.editor.createModel(original, language),
      modified: monaco.editor.createModel(modified, language),
    };
    const editor = monaco.editor.createDiffEditor(element, {
      automaticLayout: true,
      readOnly: true,
      renderSideBySide: true,
      useInlineViewWhenSpaceIsLimited: false,
      hideUnchangedRegions: { enabled: true },
      minimap: { enabled: false },
      scrollBeyondLastLine: false,
      lineNumbersMinChars: 3,
      renderOverviewRuler: false,
      fontSize: 12,
      originalAriaLabel: originalLabel,
      modifiedAriaLabel: modifiedLabel,
    });
    editor.setModel(models);
    return () => {
      editor.dispose();
      models.original.dispose();
      models.modified.dispose();
    };
  }, [monaco, original, modified, language, originalLabel, modifiedLabel]);
  useEffect(() => applyTheme(monaco, theme), [monaco, theme]);
  return <div ref={container} className="code-diff-editor" />;
}
