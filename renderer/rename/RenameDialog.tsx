import { useDeferredValue, useId, useMemo, useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import {
  applyRename,
  planRename,
  type FieldRef,
  type RenameFrom,
  type RenamePlace,
} from '../../runtime/compiler/rename/plan-rename.ts';
import { said } from '../app/i18n/said.ts';
import { useNodeNames } from '../run/node-name.ts';
import { activeDocument, edit, usePipeline } from '../stores/document-store.ts';
import { tryValidate, useValidation } from '../stores/validation-store.ts';
import { SeverityIcon } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field, Select, TextInput } from '../ui/fields.tsx';
import { RenamePlaces } from './RenamePlaces.tsx';
import { newProblems } from './new-problems.ts';
import { selectedFields } from './selected-fields.ts';
import './rename.css';

const FORM_ID = 'rename-field';

interface RenameDialogProps {
  /** Null: one of the selection's is chosen first. */
  readonly field: FieldRef | null;
  readonly onClose: () => void;
}

/** Renames a field everywhere: first it shows each place, then it changes them in one step. */
export function RenameDialog({ field, onClose }: RenameDialogProps): ReactNode {
  const { t } = useTranslation();
  const [choices] = useState(() => (field === null ? selectedFields() : [field]));
  const [ref, setRef] = useState(choices[0] ?? null);
  const [to, setTo] = useState(ref?.field ?? '');
  const nameOf = useNodeNames();
  if (ref === null) {
    return <Dialog title={t('rename:title')} description={t('rename:noField')} onClose={onClose} />;
  }
  const choose = (key: string): void => {
    const chosen = choices.find((one) => keyOf(one) === key) ?? ref;
    setRef(chosen);
    setTo(chosen.field);
  };
  return (
    <RenameForm key={keyOf(ref)} field={ref} to={to} setTo={setTo} onClose={onClose}>
      {choices.length > 1 && (
        <Field label={t('rename:field')}>
          {(ids) => (
            <Select
              {...ids}
              value={keyOf(ref)}
              onChange={choose}
              options={choices.map((one) => ({
                value: keyOf(one),
                label: t('rename:fieldOf', { field: one.field, node: nameOf(one.nodeId), port: one.port }),
              }))}
            />
          )}
        </Field>
      )}
    </RenameForm>
  );
}

function keyOf({ nodeId, port, field }: FieldRef): string {
  return JSON.stringify([nodeId, port, field]);
}

interface RenameFormProps {
  readonly field: FieldRef;
  readonly to: string;
  readonly setTo: (name: string) => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

function RenameForm({ field, to, setTo, onClose, children }: RenameFormProps): ReactNode {
  const { t } = useTranslation();
  const group = useId();
  const document = usePipeline();
  const validation = useValidation();
  const nameOf = useNodeNames();
  const [from, setFrom] = useState<RenameFrom | undefined>(undefined);
  /** Places in doubt that were decided otherwise than proposed. */
  const [decided, setDecided] = useState<ReadonlyMap<string, boolean>>(new Map());
  const wanted = to.trim();
  const isChanged = wanted !== '' && wanted !== field.field;
  // What is shown may lag behind the typing, the typing never behind what is shown.
  const shown = useDeferredValue(isChanged ? wanted : field.field);
  const plan = useMemo(
    () =>
      document === null || validation === null || validation.document !== document
        ? null
        : planRename(document, validation, field, shown, from),
    [document, validation, field, shown, from],
  );
  const isPicked = (place: RenamePlace): boolean => decided.get(placeKey(place)) ?? place.doubt !== 'unlikely';
  const inserted = t('rename:insertedLabel', { from: field.field, to: shown });
  const adapter = t('rename:insertedLabel', { from: shown, to: field.field });
  const changed = useMemo(() => {
    if (plan === null || document === null || shown === field.field) return null;
    const picked = plan.places.filter((place) => decided.get(placeKey(place)) ?? place.doubt !== 'unlikely');
    return applyRename(document, plan, picked, { inserted, adapter });
  }, [plan, document, shown, field, decided, inserted, adapter]);
  const problems = useMemo(() => {
    const open = activeDocument();
    if (changed === null || open === null || validation === null) return [];
    return newProblems(validation.diagnostics, tryValidate(open, changed).diagnostics);
  }, [changed, validation]);

  if (document === null || plan === null) return null;
  const isReady = isChanged && shown === wanted && changed !== null && changed !== document;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isReady) return;
    edit(t('rename:step', { from: field.field, to: wanted }), () => changed);
    onClose();
  };
  const hasErrors = problems.some(({ severity }) => severity === 'error');
  return (
    <Dialog
      title={t('rename:title')}
      description={t('rename:description', { field: field.field, node: nameOf(field.nodeId) })}
      onClose={onClose}
      width={680}
      actions={
        <>
          <Button onClick={onClose}>{t('ui:cancel')}</Button>
          <Button type="submit" form={FORM_ID} tone={hasErrors ? 'danger' : 'primary'} disabled={!isReady}>
            {hasErrors ? t('rename:applyAnyway') : t('rename:apply')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className="rename" onSubmit={submit}>
        {children}
        <Field label={t('rename:newName')}>
          {(ids) => (
            <TextInput
              {...ids}
              isMono
              autoFocus
              value={to}
              onFocus={(event) => event.target.select()}
              onChange={setTo}
            />
          )}
        </Field>
        {plan.choices.length > 1 && (
          <fieldset className="rename-from">
            <legend>{t('rename:from.label')}</legend>
            {plan.choices.map((choice) => (
              <label key={choice}>
                <input type="radio" name={group} checked={plan.from === choice} onChange={() => setFrom(choice)} />
                <span>
                  {t(`rename:from.${choice}`)}
                  <small>{t(`rename:from.${choice}Help`)}</small>
                </span>
              </label>
            ))}
          </fieldset>
        )}
        <RenamePlaces
          plan={plan}
          isPicked={isPicked}
          onPick={(place, picked) => setDecided((before) => new Map(before).set(placeKey(place), picked))}
        />
        {plan.refusedBy.length > 0 && (
          <p className="rename-note rename-note-error">
            <SeverityIcon severity="error" size={13} />
            {t('rename:refused', { nodes: plan.refusedBy.map(nameOf).join(', ') })}
          </p>
        )}
        {problems.length > 0 && (
          <section className="rename-problems" aria-label={t('rename:problems')}>
            <h3>{t('rename:problems')}</h3>
            <ul>
              {problems.map((problem, i) => (
                <li key={i}>
                  <SeverityIcon severity={problem.severity} size={13} />
                  <span>
                    {problem.nodeId !== undefined && <b>{nameOf(problem.nodeId)}: </b>}
                    {said(problem.message)}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
        {plan.sinks.length > 0 && (
          <p className="rename-note">
            <SeverityIcon severity="info" size={13} />
            {t('rename:sinks', { nodes: plan.sinks.map(nameOf).join(', ') })}
          </p>
        )}
      </form>
    </Dialog>
  );
}

function placeKey({ nodeId, path, edits }: RenamePlace): string {
  return JSON.stringify([nodeId, path, edits[0]?.range.start]);
}
