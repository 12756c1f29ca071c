import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { parseDataType } from '../../runtime/core/types.ts';
import { textFits } from '../../runtime/formats/infer-schema.ts';
import { Button, join } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import type { FileSample, WrittenField } from './infer-schema.ts';
import { Combobox } from './widgets/Combobox.tsx';
import { useTypeSuggestions } from './widgets/DataTypeWidget.tsx';

interface InferDialogProps {
  readonly path: string;
  readonly sample: FileSample;
  readonly onTake: (fields: readonly WrittenField[]) => void;
  readonly onClose: () => void;
}

/** What was found in a file, field by field with its first values: types are corrected, and fields left out, before the config has them. */
export function InferDialog({ path, sample: { fields, rows }, onTake, onClose }: InferDialogProps): ReactNode {
  const { t } = useTranslation();
  const suggestions = useTypeSuggestions();
  const [types, setTypes] = useState<ReadonlyMap<string, string>>(new Map());
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const typeOf = ({ name, type }: WrittenField): string => types.get(name) ?? type;
  const taken = fields.filter(({ name }) => !left.has(name));
  const isReady = taken.length > 0 && taken.every((field) => parseDataType(typeOf(field)).ok);
  const toggle = (name: string): void =>
    setLeft((before) => {
      const after = new Set(before);
      if (!after.delete(name)) after.add(name);
      return after;
    });
  return (
    <Dialog
      title={t('inspector:infer.title', { path })}
      description={t(rows.length === 0 ? 'inspector:infer.ofFile' : 'inspector:infer.description')}
      onClose={onClose}
      width={860}
      actions={
        <>
          <Button onClick={onClose}>{t('ui:cancel')}</Button>
          <Button
            tone="primary"
            disabled={!isReady}
            onClick={() => onTake(taken.map((field) => ({ ...field, type: typeOf(field) })))}
          >
            {t('inspector:infer.take', { count: taken.length })}
          </Button>
        </>
      }
    >
      <div className="inspector-infer-scroll" tabIndex={0} role="group" aria-label={t('inspector:infer.fields')}>
        <table className="inspector-infer-table">
          <thead>
            <tr>
              <th scope="col">{t('inspector:infer.field')}</th>
              <th scope="col">{t('inspector:infer.type')}</th>
              {rows.map((_, i) => (
                <th key={i} scope="col">
                  {t('inspector:infer.row', { row: i + 1 })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {fields.map((field) => {
              const parsed = parseDataType(typeOf(field));
              return (
                <tr key={field.name} className={join(left.has(field.name) && 'is-left')}>
                  <th scope="row">
                    <label>
                      <input type="checkbox" checked={!left.has(field.name)} onChange={() => toggle(field.name)} />
                      {field.name}
                    </label>
                  </th>
                  <td className="inspector-infer-type">
                    <Combobox
                      label={t('inspector:infer.typeOf', { field: field.name })}
                      value={typeOf(field)}
                      suggestions={suggestions}
                      onChange={(type) => setTypes((before) => new Map(before).set(field.name, type))}
                    />
                    {!parsed.ok && <p className="ui-field-error">{parsed.error}</p>}
                  </td>
                  {rows.map((row, i) => {
                    const text = row[field.name] ?? null;
                    const isUnfit = text !== null && parsed.ok && !textFits(text, parsed.value);
                    return (
                      <td
                        key={i}
                        className={join('inspector-infer-value', isUnfit && 'is-unfit')}
                        title={isUnfit ? t('inspector:infer.unfit', { text }) : (text ?? undefined)}
                      >
                        {text === null ? <span className="inspector-nothing">NULL</span> : text}
                        {isUnfit && <span className="ui-visually-hidden"> {t('inspector:infer.unfit', { text })}</span>}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
