import { Eye } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import { usePipeline } from '../stores/document-store.ts';
import { run } from '../stores/run-store.ts';
import { useValidation } from '../stores/validation-store.ts';
import { openPanel } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { useNodeNames } from './node-name.ts';
import './run.css';
import { writingNodes } from './writing-nodes.ts';

const FORM_ID = 'preview-run';

/** A run that touches nothing outside: sinks write only where they are ticked. */
export function PreviewRunDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const document = usePipeline();
  const validation = useValidation();
  const nameOf = useNodeNames();
  const [writes, setWrites] = useState<ReadonlySet<NodeId>>(new Set());
  if (document === null) return null;

  const nodes = writingNodes(document, validation?.nodes);
  const toggle = (id: NodeId): void =>
    setWrites((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onClose();
    openPanel('preview');
    void run({}, { preview: { writes: [...writes] } });
  };
  return (
    <Dialog
      title={t('run:preview.title')}
      description={t('run:preview.description')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{t('ui:cancel')}</Button>
          <Button tone="primary" type="submit" form={FORM_ID} icon={<Eye size={14} aria-hidden />}>
            {t('run:preview.start')}
          </Button>
        </>
      }
    >
      <form id={FORM_ID} className="run-options" onSubmit={submit}>
        {nodes.length === 0 && <p className="run-nothing">{t('run:preview.none')}</p>}
        {nodes.length > 0 && (
          <fieldset className="run-params">
            <legend>{t('run:preview.writes')}</legend>
            {nodes.map(({ id }) => (
              <label key={id} className="run-writes">
                <input type="checkbox" checked={writes.has(id)} onChange={() => toggle(id)} />
                {nameOf(id)} <code>{id}</code>
              </label>
            ))}
            <small>{t('run:preview.writesHelp')}</small>
          </fieldset>
        )}
      </form>
    </Dialog>
  );
}
