import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ExpressionEditor } from '../../code/ExpressionEditor.tsx';
import { printPath } from '../form/config-path.ts';
import { useForm } from '../form/form-context.ts';
import { expressionContextOf } from './expression-scope.ts';
import { asText } from './raw-text.ts';
import { useEditorProblems } from './use-editor-problems.ts';
import { usePlaceholder } from './use-placeholder.ts';
import type { WidgetProps } from './widget.ts';

export function ExpressionWidget({ form, value, path, label, ids, onChange }: WidgetProps<'expression'>): ReactNode {
  const { t } = useTranslation();
  const { inputs, revealed, evaluate, renameAt } = useForm();
  const place = printPath(path);
  const context = useMemo(() => {
    const known = expressionContextOf(form, inputs);
    return evaluate === undefined || form.rowNumber ? known : { ...known, evaluate };
  }, [form, inputs, evaluate]);
  const problems = useEditorProblems(place);
  return (
    <div data-widget>
      <ExpressionEditor
        ids={ids}
        label={label}
        value={asText(value)}
        context={context}
        problems={problems}
        onRename={renameAt}
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
