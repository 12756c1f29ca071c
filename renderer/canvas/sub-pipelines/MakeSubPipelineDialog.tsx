import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { said } from '../../app/i18n/said.ts';
import { pathForName } from '../../files/document-files.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Field, TextInput } from '../../ui/fields.tsx';
import { makeSubPipeline } from './sub-pipeline-actions.ts';

/** Asks for the name of the pipeline that the selected nodes become. */
export function MakeSubPipelineDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [error, setError] = useState<string | null>(null);
  const isNamed = name.trim() !== '';
  const make = async (): Promise<void> => {
    try {
      const refusal = await makeSubPipeline(name);
      if (refusal === null) onClose();
      else setError(refusal);
    } catch (problem) {
      setError(said(problem instanceof Error ? problem.message : String(problem)));
    }
  };
  return (
    <Dialog
      title={t('canvas:commands.makeSubPipeline')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui:cancel')}</Button>
          <Button tone="primary" disabled={!isNamed} onClick={() => void make()}>
            {t('canvas:subPipeline.make')}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isNamed) void make();
        }}
      >
        <Field
          label={t('canvas:subPipeline.name')}
          help={isNamed ? t('files:new.path', { path: pathForName(name) }) : t('canvas:subPipeline.help')}
          error={error}
        >
          {(ids) => <TextInput {...ids} autoFocus value={name} onChange={setName} />}
        </Field>
      </form>
    </Dialog>
  );
}
