import { Settings2 } from 'lucide-react';
import { useCallback, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Diagnostic } from '../../runtime/core/diagnostics.ts';
import { DEFAULT_SETTINGS, setDetails, setSettings } from '../../runtime/graph/index.ts';
import { activeDocument, edit, sealStep, usePipeline } from '../stores/document-store.ts';
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
import { changeSettings, shownSettings, type SettingsDraft } from './settings-draft.ts';

const PREFIX = 'settings.';

/** The document as a whole: what it is called and how it runs. */
export function DocumentInspector(): ReactNode {
  const { t } = useTranslation();
  const document = usePipeline();
  const settings = document?.settings ?? DEFAULT_SETTINGS;
  const [draft, setDraft] = useState<SettingsDraft | null>(null);
  const { config, problems } = useMemo(() => shownSettings(settings, draft), [settings, draft]);
  const fields = useMemo(() => settingsFields(t, settings), [t, settings]);
  const validation = useValidation();
  const revealed = useViewStore((state) => state.revealed);
  const diagnostics = useMemo(
    (): readonly Diagnostic[] => [
      ...problems.map((one) => ({ ...one, severity: 'error' as const })),
      ...(validation?.diagnostics ?? [])
        .filter((one) => one.nodeId === undefined && one.path?.startsWith(PREFIX) === true)
        .map((one) => ({ ...one, path: one.path!.slice(PREFIX.length) })),
    ],
    [validation, problems],
  );
  const shown = useMemo(() => {
    if (revealed === null || revealed.nodeId !== null || revealed.path?.startsWith(PREFIX) !== true) return null;
    return { path: revealed.path.slice(PREFIX.length), range: revealed.range, request: revealed };
  }, [revealed]);
  const change = useCallback(
    (changes: readonly ConfigChange[], kind: ChangeKind) => {
      const before = activeDocument()?.document.settings;
      if (before === undefined) return;
      const changed = changeSettings(before, draft, changes);
      const place = printPath(changes.at(-1)?.path ?? []);
      if (changed.settings !== before) {
        edit(
          t('inspector:edit.settings'),
          (one) => setSettings(one, changed.settings),
          kind === 'typing' ? `settings:${place}` : null,
        );
      }
      setDraft({ base: activeDocument()?.document.settings ?? before, waiting: changed.waiting });
    },
    [t, draft],
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
        {problems.length > 0 && (
          <p className="inspector-waiting" role="status">
            {t('inspector:document.waiting')}
          </p>
        )}
        <ConfigForm
          formId="settings"
          fields={fields}
          config={config}
          diagnostics={diagnostics}
          revealed={shown}
          onChange={change}
          onSettle={sealStep}
        />
      </Disclosure>
    </div>
  );
}
