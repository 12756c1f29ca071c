import { useMemo, type ReactNode } from 'react';
import { CodeEditor } from '../../code/CodeEditor.tsx';
import { printPath } from '../form/config-path.ts';
import { useForm } from '../form/form-context.ts';
import { tablesOf } from './expression-scope.ts';
import { asText } from './raw-text.ts';
import { useEditorProblems } from './use-editor-problems.ts';
import type { WidgetProps } from './widget.ts';

export function CodeWidget({ form, value, path, label, ids, onChange }: WidgetProps<'code'>): ReactNode {
  const { inputs, revealed, renameAt } = useForm();
  const place = printPath(path);
  const context = useMemo(() => tablesOf(inputs), [inputs]);
  const problems = useEditorProblems(place);
  return (
    <div className="inspector-code" data-widget>
      <CodeEditor
        ids={ids}
        label={label}
        language={form.language}
        value={asText(value)}
        context={context}
        problems={problems}
        onRename={renameAt}
        place={revealed !== null && revealed.path === place ? revealed : null}
        onChange={onChange}
      />
    </div>
  );
}
