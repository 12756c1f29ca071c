import { Play } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { usePipeline } from '../stores/document-store.ts';
import { run, setRunSettings, useIsRunning, useRunStore } from '../stores/run-store.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field, Switch, TextInput } from '../ui/fields.tsx';
import { givenParameters, ParameterFields } from './ParameterFields.tsx';
import './run.css';

const MAX_PARALLELISM = 128;
const FORM_ID = 'run-options';

/** How the next run differs from what the document says: parallelism, parameters, where to start from. */
export function RunOptionsDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const document = usePipeline();
  const settings = useRunStore((state) => state.settings);
  const isRunning = useIsRunning();
  const [parallelism, setParallelism] = useState(settings.parallelism === null ? '' : String(settings.parallelism));
  const [params, setParams] = useState<Readonly<Record<string, string>>>(settings.params);
  const [resume, setResume] = useState(settings.resume);
  if (document === null) return null;

  const number = Number(parallelism);
  const isParallelismValid =
    parallelism.trim() === '' || (Number.isInteger(number) && number >= 1 && number <= MAX_PARALLELISM);
  const defined = document.settings.params;
  const keep = (): void => {
    setRunSettings({
      parallelism: parallelism.trim() === '' ? null : number,
      params: givenParameters(defined, params),
      resume,
    });
    onClose();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isParallelismValid) return;
    keep();
    if (!isRunning) void run();
  };
  return (
    <Dialog
      title={t('run:options.title')}
      description={t('run:options.description')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={keep} disabled={!isParallelismValid}>
            {t('run:options.keep')}
          </Button>
          <Button
            tone="primary"
            type="submit"
            form={FORM_ID}
            icon={<Play size={14} aria-hidden />}
            disabled={!isParallelismValid || isRunning}
          >
            {t('run:options.run')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className="run-options" onSubmit={submit}>
        <Field
          label={t('run:options.parallelism')}
          help={t('run:options.parallelismHelp')}
          error={isParallelismValid ? undefined : t('run:options.parallelismRange', { max: MAX_PARALLELISM })}
        >
          {(ids) => (
            <TextInput
              {...ids}
              isMono
              autoFocus
              inputMode="numeric"
              value={parallelism}
              placeholder={String(document.settings.parallelism)}
              onChange={setParallelism}
            />
          )}
        </Field>
        <ParameterFields defined={defined} values={params} onChange={setParams} />
        <div className="run-resume">
          <Switch id="run-resume" isOn={resume} onChange={setResume} />
          <label htmlFor="run-resume">
            {t('run:options.resume')}
            <small>{t('run:options.resumeHelp')}</small>
          </label>
        </div>
      </form>
    </Dialog>
  );
}
