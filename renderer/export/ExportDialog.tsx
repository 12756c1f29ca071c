import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { DocumentExport } from '../../runtime/exporters/export-document.ts';
import type { Target } from '../../runtime/exporters/target.ts';
import { targets } from '../../runtime/exporters/targets.ts';
import { said } from '../app/i18n/said.ts';
import { useFileList } from '../files/file-list.ts';
import { useActiveDocument, type OpenDocument } from '../stores/document-store.ts';
import { openPanel, revealOnCanvas } from '../stores/view-store.ts';
import { Button, join } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { downloadText } from '../ui/download.ts';
import { Field, TextInput } from '../ui/fields.tsx';
import { ExportedFiles } from './ExportedFiles.tsx';
import { exportFolder, exportOpen } from './exported.ts';
import { FidelityBadge, LossList } from './LossList.tsx';
import { writeExports } from './write-exports.ts';
import './export.css';

interface Choice {
  readonly target: Target;
  readonly exported: DocumentExport;
}

/** What the pipeline becomes in other systems, what is lost, and then where to put it. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const open = useActiveDocument();
  return open === null ? null : <ExportOf open={open} onClose={onClose} />;
}

const DEFAULT_TARGET = 'flink-sql';

function ExportOf({ open, onClose }: { readonly open: OpenDocument; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const { path, document } = open;
  const choices = useMemo(
    () => targets.map((target): Choice => ({ target, exported: exportOpen(path, document, target) })),
    [path, document],
  );
  const meant = choices.filter(({ target }) => document.settings.targets.includes(target.id));
  const first = (meant[0] ?? choices.find(({ target }) => target.id === DEFAULT_TARGET) ?? choices[0]!).target.id;
  const [chosen, setChosen] = useState<readonly string[]>(
    meant.length === 0 ? [first] : meant.map(({ target }) => target.id),
  );
  const [shownId, setShownId] = useState(first);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set([first]));
  const [folder, setFolder] = useState(exportFolder(path, document));
  const files = useFileList((state) => state.files);

  const shown = choices.find(({ target }) => target.id === shownId)!;
  const show = (id: string): void => {
    setShownId(id);
    setSeen(new Set([...seen, id]));
  };
  const toggle = (id: string): void => {
    setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
    show(id);
  };
  const picked = choices.filter(({ target }) => chosen.includes(target.id));
  const refused = picked.find(({ exported }) => exported.files.length === 0);
  const unseen = picked.find(({ target }) => !seen.has(target.id));
  const written = picked.flatMap(({ target, exported }) =>
    exported.files.map((file) => ({ path: `${folder}/${target.id}/${file.path}`, text: file.text })),
  );
  const replaced = written.filter((file) => files?.some((one) => one.path === file.path) === true).length;
  const isInvalid = shown.exported.report === null;
  const obstacle =
    picked.length === 0
      ? t('export:chooseOne')
      : unseen !== undefined
        ? t('export:lookFirst', { target: unseen.target.label })
        : refused !== undefined && !isInvalid
          ? t('export:refused', { target: refused.target.label })
          : null;
  const canWrite = obstacle === null && !isInvalid;

  const goTo = (nodeId: NodeId): void => {
    onClose();
    revealOnCanvas(nodeId);
  };
  const write = (): void => {
    onClose();
    void writeExports(folder, written);
  };
  return (
    <Dialog
      title={t('export:title', { name: document.name })}
      onClose={onClose}
      width={1080}
      actions={
        <>
          <span className="export-obstacle" role="status">
            {obstacle ?? (replaced > 0 ? t('export:replaces', { count: replaced }) : '')}
          </span>
          <Button onClick={onClose}>{t('ui:cancel')}</Button>
          <Button disabled={!canWrite} onClick={() => downloadAll(picked)}>
            {t('export:download')}
          </Button>
          <Button tone="primary" disabled={!canWrite || folder.trim() === ''} onClick={write}>
            {t('export:write', { count: written.length })}
          </Button>
        </>
      }
    >
      <div className="export">
        <div className="export-side">
          <h3>{t('export:to')}</h3>
          <ul className="ui-list export-targets">
            {choices.map(({ target, exported }) => (
              <li key={target.id} className={join(target.id === shownId && 'export-shown')}>
                <input
                  type="checkbox"
                  aria-label={t('export:choose', { target: target.label })}
                  checked={chosen.includes(target.id)}
                  onChange={() => toggle(target.id)}
                />
                <button type="button" aria-pressed={target.id === shownId} onClick={() => show(target.id)}>
                  <b>{target.label}</b> {target.version ?? ''}
                  {exported.report !== null && <FidelityBadge fidelity={exported.report.fidelity} />}
                </button>
              </li>
            ))}
          </ul>
          <Field label={t('export:folder')} help={t('export:folderHelp')}>
            {(ids) => <TextInput {...ids} isMono value={folder} onChange={setFolder} />}
          </Field>
        </div>
        <div className="export-main">
          {shown.exported.report === null ? (
            <Invalid exported={shown.exported} onClose={onClose} />
          ) : (
            <>
              <h3>{t('export:losses', { target: shown.target.label })}</h3>
              <LossList report={shown.exported.report} onNode={goTo} />
              {shown.exported.files.length === 0 ? (
                <p className="export-none">{t('export:noFiles')}</p>
              ) : (
                <ExportedFiles key={shownId} files={shown.exported.files} />
              )}
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}

/** A document with errors is no job anywhere. */
function Invalid({
  exported,
  onClose,
}: {
  readonly exported: DocumentExport;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const errors = exported.diagnostics.filter(({ severity }) => severity === 'error');
  return (
    <div className="export-invalid">
      <p>{t('export:invalid')}</p>
      <ul className="ui-list">
        {errors.map((one) => (
          <li key={`${one.code} ${one.nodeId ?? ''} ${one.message}`}>
            {one.code} {said(one.message)}
          </li>
        ))}
      </ul>
      <Button
        isSmall
        onClick={() => {
          onClose();
          openPanel('problems');
        }}
      >
        {t('export:toProblems')}
      </Button>
    </div>
  );
}

function downloadAll(choices: readonly Choice[]): void {
  for (const { target, exported } of choices) {
    for (const { path, text } of exported.files) downloadText(text, `${target.id}-${path.replaceAll('/', '-')}`);
  }
}
