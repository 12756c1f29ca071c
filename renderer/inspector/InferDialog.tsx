import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { parseDataType } from '../../runtime/core/types.ts';
import { textFits } from '../../runtime/formats/infer-schema.ts';
import { Button, join } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field, Select, Switch } from '../ui/fields.tsx';
import type { ReadSample, WrittenField } from './infer-schema.ts';
import type { TakenSample } from './take-sample.ts';
import { Combobox } from './widgets/Combobox.tsx';
import { useTypeSuggestions } from './widgets/DataTypeWidget.tsx';

const DELIMITERS = [',', ';', '\t', '|'];
/** No field has this name: it would not be one of a file's. */
const NO_TIME = '\u0000';

type Time = NonNullable<TakenSample['eventTime']>;

function isNumber(type: string): boolean {
  return type === 'INT' || type === 'BIGINT';
}

interface InferDialogProps {
  readonly path: string;
  readonly sample: ReadSample;
  readonly onTake: (taken: TakenSample) => void;
  readonly onClose: () => void;
}

/** What was found in a file, field by field with its first values: types are corrected, and fields left out, before the config has them. */
export function InferDialog({ path, sample, onTake, onClose }: InferDialogProps): ReactNode {
  const { t } = useTranslation();
  const suggestions = useTypeSuggestions();
  const [csv, setCsv] = useState(sample.csv);
  const { fields, rows, epochs } = useMemo(() => sample.of(csv), [sample, csv]);
  const [timeField, setTimeField] = useState(NO_TIME);
  const [types, setTypes] = useState<ReadonlyMap<string, string>>(new Map());
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const typeOf = ({ name, type }: WrittenField): string => types.get(name) ?? type;
  const taken = fields.filter(({ name }) => !left.has(name));
  const isReady = taken.length > 0 && taken.every((field) => parseDataType(typeOf(field)).ok);
  const times = taken.flatMap((field): Time[] => {
    const type = typeOf(field);
    const epoch = epochs.get(field.name) ?? null;
    if (type === 'TIMESTAMP') return [{ field: field.name, epoch: null }];
    return epoch !== null && isNumber(type) ? [{ field: field.name, epoch }] : [];
  });
  const eventTime = times.find(({ field }) => field === timeField) ?? null;
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
            onClick={() =>
              onTake({ fields: taken.map((field) => ({ ...field, type: typeOf(field) })), csv, eventTime })
            }
          >
            {t('inspector:infer.take', { count: taken.length })}
          </Button>
        </>
      }
    >
      <div className="inspector-infer-layout">
        {csv !== null && (
          <>
            <Field label={t('inspector:infer.delimiter')}>
              {(ids) => (
                <Select
                  {...ids}
                  value={csv.delimiter}
                  onChange={(delimiter) => setCsv({ ...csv, delimiter })}
                  options={[...new Set([...DELIMITERS, csv.delimiter])].map((one) => ({
                    value: one,
                    label: one === '\t' ? t('inspector:infer.tab') : one,
                  }))}
                />
              )}
            </Field>
            <Field label={t('inspector:infer.header')}>
              {(ids) => <Switch {...ids} isOn={csv.header} onChange={(header) => setCsv({ ...csv, header })} />}
            </Field>
          </>
        )}
        {times.length > 0 && (
          <Field
            label={t('inspector:infer.eventTime')}
            help={eventTime?.epoch ? t('inspector:infer.epochHelp') : undefined}
          >
            {(ids) => (
              <Select
                {...ids}
                value={eventTime?.field ?? NO_TIME}
                onChange={setTimeField}
                options={[
                  { value: NO_TIME, label: t('inspector:infer.noTime') },
                  ...times.map(({ field, epoch }) => ({
                    value: field,
                    label: epoch === null ? field : t(`inspector:infer.epoch.${epoch}`, { field }),
                  })),
                ]}
              />
            )}
          </Field>
        )}
      </div>
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
