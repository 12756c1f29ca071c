import type { ReactNode } from 'react';
import { CodeEditor } from '../../code/CodeEditor.tsx';
import { asText } from './raw-text.ts';
import type { WidgetProps } from './widget.ts';

export function CodeWidget({ form, value, label, ids, onChange }: WidgetProps<'code'>): ReactNode {
  return (
    <div className="inspector-code" data-widget>
      <CodeEditor ids={ids} label={label} language={form.language} value={asText(value)} onChange={onChange} />
    </div>
  );
}
