import { Settings2 } from 'lucide-react';
import { useCallback, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { setDetails, setSettings, settingsSchema, type PipelineDocument } from '../../runtime/graph/index.ts';
import { setAt } from '../../runtime/graph/edits/set-at.ts';
import { edit, sealStep, usePipeline } from '../stores/document-store.ts';
import { useValidation } from '../stores/validation-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { Field, TextInput } from '../ui/fields.tsx';
import { Disclosure } from './Disclosure.tsx';
import { settingsFields } from './document-form.ts';
import { ConfigForm } from './form/ConfigForm.tsx';
import { printPath } from './form/config-path.ts';
import type { ConfigChange } from './form/form-context.ts';
import type { ChangeKind } from './widgets/widget.ts';
import { ParamsEditor } from './ParamsEditor.tsx';

const PREFIX = 'settings.';

/** The document as a whole: what it is called and how it runs. */
export function DocumentInspector(): ReactNode {
  const { t } = useTranslation();
  const document = usePipeline();
  const fields = useMemo(() => settingsFields(t), [t]);
  const validation = useValidation();
  const revealed = useViewStore((state) => state.revealed);
  const diagnostics = useMemo(
    () =>
      (validation?.diagnostics ?? [])
        .filter((one) => one.nodeId === undefined && one.path?.startsWith(PREFIX) === true)
        .map((one) => ({ ...one, path: one.path!.slice(PREFIX.length) })),
    [validation],
  );
  const shown = useMemo(() => {
    if (revealed === null || revealed.nodeId !== null || revealed.path?.startsWith(PREFIX) !== true) return null;
    return { path: revealed.path.slice(PREFIX.length), range: revealed.range, request: revealed };
  }, [revealed]);
  const change = useCallback(
    (changes: readonly ConfigChange[], kind: ChangeKind) => {
      const place = printPath(changes.at(-1)?.path ?? []);
      edit(
        t('inspector:edit.settings'),
        (before) => withSettings(before, changes),
        kind === 'typing' ? `settings:${place}` : null,
      );
    },
    [t],
  );
  if (document === null) return null;
  return (
    <div className="inspector">
      <header className="inspector-document">
        <Settings2 size={16} aria-hidden />
        <h2>{t('inspector:document.title')}</h2>
        <span>
          {t('inspector:document.nodes', { count: document.nodes.length })} ·{' '}
          {t('inspector:document.edges', { count: document.edges.length })}
        </span>
      </header>
      <div className="inspector-details">
        <Field label={t('inspector:document.name')}>
          {(ids) => (
            <TextInput
              {...ids}
              value={document.name}
              onBlur={sealStep}
              onChange={(name) =>
                edit(t('inspector:edit.name'), (before) => setDetails(before, { name }), 'document:name')
              }
            />
          )}
        </Field>
        <Field label={t('inspector:document.description')}>
          {(ids) => (
            <textarea
              {...ids}
              className="ui-input inspector-description"
              rows={2}
              value={document.description}
              onBlur={sealStep}
              onChange={(event) => {
                const description = event.target.value;
                edit(
                  t('inspector:edit.description'),
                  (before) => setDetails(before, { description }),
                  'document:description',
                );
              }}
            />
          )}
        </Field>
      </div>
      <ParamsEditor params={document.settings.params} />
      <Disclosure title={t('inspector:document.settings')} isOpenAtFirst>
        <ConfigForm
          formId="settings"
          fields={fields}
          config={document.settings}
          diagnostics={diagnostics}
          revealed={shown}
          onChange={change}
          onSettle={sealStep}
        />
      </Disclosure>
    </div>
  );
}

/** A change that makes no valid settings is not made: unlike config, a document cannot hold them. */
function withSettings(document: PipelineDocument, changes: readonly ConfigChange[]): PipelineDocument {
  const changed = changes.reduce<unknown>((settings, one) => setAt(settings, one.path, one.value), document.settings);
  const checked = settingsSchema.safeParse(changed);
  return checked.success ? setSettings(document, checked.data) : document;
}
