/** A form made from the fields of a config: no operator has one of its own. Controlled: shows `config`, reports changes. */
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormField } from '../../../runtime/core/config.ts';
import type { Diagnostic } from '../../../runtime/core/diagnostics.ts';
import type { InputStream } from '../../../runtime/core/operator.ts';
import type { ChangeKind } from '../widgets/widget.ts';
import { widgetMap } from '../widgets/widget-map.ts';
import { isWithin } from './config-path.ts';
import { FormContext, type ConfigChange, type FormContextValue, type RevealedField } from './form-context.ts';
import { FormRows } from './FormRows.tsx';
import { missingDefaults } from './missing-defaults.ts';
import { ProblemLines } from './ProblemLines.tsx';
import { shownPaths } from './shown-paths.ts';

export interface ConfigFormProps {
  readonly formId: string;
  readonly fields: Readonly<Record<string, FormField>>;
  readonly config: Readonly<Record<string, unknown>>;
  readonly diagnostics: readonly Diagnostic[];
  readonly inputs?: readonly InputStream[];
  readonly isSource?: boolean;
  readonly revealed?: RevealedField | null;
  /** What an expression comes to on the row at hand, for hovers. */
  readonly evaluate?: FormContextValue['evaluate'];
  /** Buttons beside the label, by place. */
  readonly actions?: Readonly<Record<string, ReactNode>>;
  /** `changes` are one step. A value of `undefined` takes the key away. */
  readonly onChange: (changes: readonly ConfigChange[], kind: ChangeKind) => void;
  /** A field was left: the next change is an undo step of its own. */
  readonly onSettle?: () => void;
  /** Begins to rename the field that is named at a place in a text; false: none is. */
  readonly onRename?: (text: string, at: number) => boolean;
}

const NO_INPUTS: readonly InputStream[] = [];
const NO_ACTIONS: Readonly<Record<string, ReactNode>> = {};
const NO_RENAME = (): boolean => false;

export function ConfigForm(props: ConfigFormProps): ReactNode {
  const { formId, fields, config, diagnostics, inputs = NO_INPUTS, isSource = false, revealed = null } = props;
  const { actions = NO_ACTIONS, evaluate, onChange, onSettle, onRename = NO_RENAME } = props;
  const { t } = useTranslation();
  const context = useMemo(
    (): FormContextValue => ({
      widgets: widgetMap,
      formId,
      fields,
      config,
      inputs,
      isSource,
      revealed,
      evaluate,
      actions,
      renameAt: onRename,
      problemsAt: (path) => diagnostics.filter((one) => one.path === path),
      problemsWithin: (path) => diagnostics.filter((one) => one.path !== undefined && isWithin(one.path, path)),
      change: (path, value, kind) => onChange([...missingDefaults(fields, config, path), { path, value }], kind),
    }),
    [formId, fields, config, inputs, isSource, revealed, evaluate, actions, diagnostics, onChange, onRename],
  );
  const elsewhere = useMemo(() => {
    const shown = shownPaths(fields, config);
    return diagnostics.filter((one) => one.path === undefined || !shown.has(one.path));
  }, [fields, config, diagnostics]);

  return (
    <FormContext value={context}>
      <div className="inspector-form" onBlur={onSettle}>
        <ProblemLines problems={elsewhere} showsPath />
        <FormRows fields={fields} value={config} path={[]} />
        {Object.keys(fields).length === 0 && <p className="inspector-nothing">{t('inspector:form.nothing')}</p>}
      </div>
    </FormContext>
  );
}
