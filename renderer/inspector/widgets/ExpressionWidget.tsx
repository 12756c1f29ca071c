import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Diagnostic } from '../../../runtime/core/diagnostics.ts';
import type { EditorProblem } from '../../code/editor-types.ts';
import { ExpressionEditor } from '../../code/ExpressionEditor.tsx';
import { printPath } from '../form/config-path.ts';
import { useForm } from '../form/form-context.ts';
import { expressionContextOf } from './expression-scope.ts';
import { asText } from './raw-text.ts';
import { usePlaceholder } from './use-placeholder.ts';
import type { WidgetProps } from './widget.ts';

export function ExpressionWidget({ form, value, path, label, ids, onChange }: WidgetProps<'expression'>): ReactNode {
  const { t } = useTranslation();
  const { inputs, problemsAt, revealed } = useForm();
  const place = printPath(path);
  const context = useMemo(() => expressionContextOf(form, inputs), [form, inputs]);
  // The list is made anew with every change of the form; what it says seldom is.
  const problemsText = JSON.stringify(problemsAt(place));
  const problems = useMemo(
    () =>
      (JSON.parse(problemsText) as Diagnostic[]).map((one): EditorProblem => ({ ...one, range: one.range ?? null })),
    [problemsText],
  );
  return (
    <div data-widget>
      <ExpressionEditor
        ids={ids}
        label={label}
        value={asText(value)}
        context={context}
        problems={problems}
        placeholder={usePlaceholder(
          form,
          form.expects === null ? '' : t('inspector:form.expressionOf', { type: form.expects.kind }),
        )}
        place={revealed !== null && revealed.path === place ? revealed : null}
        onChange={(text) => onChange(text === '' && form.optional ? undefined : text)}
      />
    </div>
  );
}
