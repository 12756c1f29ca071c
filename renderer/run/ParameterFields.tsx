import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Field, TextInput } from '../ui/fields.tsx';
import './run.css';

interface ParameterFieldsProps {
  /** Of the document, with the values it has. */
  readonly defined: Readonly<Record<string, unknown>>;
  /** In place of them; empty: none. */
  readonly values: Readonly<Record<string, string>>;
  readonly onChange: (values: Readonly<Record<string, string>>) => void;
}

/** Values for a pipeline's parameters; those of the document stand in the empty fields. */
export function ParameterFields({ defined, values, onChange }: ParameterFieldsProps): ReactNode {
  const { t } = useTranslation();
  return (
    <fieldset className="run-params">
      <legend>{t('run:options.params')}</legend>
      {Object.keys(defined).length === 0 && <p className="run-nothing">{t('run:options.noParams')}</p>}
      {Object.entries(defined).map(([name, value]) => (
        <Field key={name} label={name}>
          {(ids) => (
            <TextInput
              {...ids}
              isMono
              value={values[name] ?? ''}
              placeholder={String(value)}
              onChange={(text) => onChange({ ...values, [name]: text })}
            />
          )}
        </Field>
      ))}
    </fieldset>
  );
}

/** What of the values is in place of the document's. */
export function givenParameters(
  defined: ParameterFieldsProps['defined'],
  values: ParameterFieldsProps['values'],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values).filter(([name, value]) => value !== '' && Object.hasOwn(defined, name)),
  );
}
