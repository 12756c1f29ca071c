import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { said } from './i18n/said.ts';
import { MakeSubPipelineDialog } from '../canvas/sub-pipelines/MakeSubPipelineDialog.tsx';
import { createDocument, documentName, pathForName, renameDocument } from '../files/document-files.ts';
import { answerQuestion, closeDialog, useDialogStore, type Origin, type Question } from '../stores/dialog-store.ts';
import { Button } from '../ui/Button.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Field, TextInput } from '../ui/fields.tsx';
import { groupCommands, useCommandStore } from './commands.ts';
import { printShortcut } from './shortcuts.ts';

const CompareDialog = lazy(() =>
  import('../compare/CompareDialog.tsx').then((module) => ({ default: module.CompareDialog })),
);

const DeployDialog = lazy(() =>
  import('../deploy/DeployDialog.tsx').then((module) => ({ default: module.DeployDialog })),
);

const ExportDialog = lazy(() =>
  import('../export/ExportDialog.tsx').then((module) => ({ default: module.ExportDialog })),
);

const OutsideChangeDialog = lazy(() =>
  import('../files/OutsideChangeDialog.tsx').then((module) => ({ default: module.OutsideChangeDialog })),
);

const RenameDialog = lazy(() =>
  import('../rename/RenameDialog.tsx').then((module) => ({ default: module.RenameDialog })),
);

const PictureDialog = lazy(() =>
  import('../canvas/PictureDialog.tsx').then((module) => ({ default: module.PictureDialog })),
);

const PreviewRunDialog = lazy(() =>
  import('../run/PreviewRunDialog.tsx').then((module) => ({ default: module.PreviewRunDialog })),
);
const RunOptionsDialog = lazy(() =>
  import('../run/RunOptionsDialog.tsx').then((module) => ({ default: module.RunOptionsDialog })),
);

const StartFromDialog = lazy(() =>
  import('../run/StartFromDialog.tsx').then((module) => ({ default: module.StartFromDialog })),
);

const SilenceDialog = lazy(() =>
  import('../diagnosis/SilenceDialog.tsx').then((module) => ({ default: module.SilenceDialog })),
);

export function Dialogs(): ReactNode {
  const dialog = useDialogStore((state) => state.dialog);
  switch (dialog?.type) {
    case undefined:
      return null;
    case 'question':
      return <QuestionDialog question={dialog.question} />;
    case 'compare':
      return (
        <Suspense fallback={null}>
          <CompareDialog onClose={closeDialog} />
        </Suspense>
      );
    case 'deploy':
      return (
        <Suspense fallback={null}>
          <DeployDialog onClose={closeDialog} />
        </Suspense>
      );
    case 'export':
      return (
        <Suspense fallback={null}>
          <ExportDialog onClose={closeDialog} />
        </Suspense>
      );
    case 'new-document':
      return <NewDocumentDialog from={dialog.from} />;
    case 'rename-document':
      return <RenameDocumentDialog path={dialog.path} />;
    case 'shortcuts':
      return <ShortcutsDialog />;
    case 'make-sub-pipeline':
      return <MakeSubPipelineDialog onClose={closeDialog} />;
    case 'outside-change':
      return (
        <Suspense fallback={null}>
          <OutsideChangeDialog change={dialog.change} onClose={closeDialog} />
        </Suspense>
      );
    case 'picture':
      return (
        <Suspense fallback={null}>
          <PictureDialog onClose={closeDialog} />
        </Suspense>
      );
    case 'preview-run':
      return (
        <Suspense fallback={null}>
          <PreviewRunDialog onClose={closeDialog} />
        </Suspense>
      );
    case 'rename-field':
      return (
        <Suspense fallback={null}>
          <RenameDialog field={dialog.field} onClose={closeDialog} />
        </Suspense>
      );
    case 'run-options':
      return (
        <Suspense fallback={null}>
          <RunOptionsDialog onClose={closeDialog} />
        </Suspense>
      );
    case 'silence':
      return (
        <Suspense fallback={null}>
          <SilenceDialog nodeId={dialog.nodeId} onClose={closeDialog} />
        </Suspense>
      );
    case 'start-from':
      return (
        <Suspense fallback={null}>
          <StartFromDialog onClose={closeDialog} />
        </Suspense>
      );
  }
}

function QuestionDialog({ question }: { readonly question: Question }): ReactNode {
  const { t } = useTranslation();
  const last = question.choices.at(-1);
  return (
    <Dialog
      title={t(question.titleKey, { ...question.values })}
      description={t(question.textKey, { ...question.values })}
      onClose={closeDialog}
      actions={question.choices.map((choice) => (
        <Button
          key={choice.id}
          tone={choice.tone ?? 'plain'}
          autoFocus={choice === last}
          onClick={() => answerQuestion(choice.id)}
        >
          {t(choice.labelKey)}
        </Button>
      ))}
    />
  );
}

function NewDocumentDialog({ from }: { readonly from: Origin | undefined }): ReactNode {
  const { t } = useTranslation();
  return (
    <FileNameDialog
      title={t(from === undefined ? 'files:new.title' : 'files:copy.title')}
      button={t(from === undefined ? 'files:new.create' : 'files:copy.save')}
      initial={from === undefined ? '' : t('files:copy.name', { name: from.document.name })}
      beside={from?.path}
      save={(name) => createDocument(name, from)}
    />
  );
}

function RenameDocumentDialog({ path }: { readonly path: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <FileNameDialog
      title={t('files:rename.title', { name: documentName(path) })}
      description={t('files:rename.text')}
      button={t('files:rename.rename')}
      initial={documentName(path)}
      beside={path}
      save={(name) => renameDocument(path, name)}
    />
  );
}

interface FileNameDialogProps {
  readonly title: string;
  readonly description?: string;
  readonly button: string;
  readonly initial: string;
  /** Path of a file in the folder that it goes to. */
  readonly beside: string | undefined;
  /** Rejects with what is wrong with the name. */
  readonly save: (name: string) => Promise<void>;
}

/** Asks for a name that a file is made from. */
function FileNameDialog({ title, description, button, initial, beside, save }: FileNameDialogProps): ReactNode {
  const { t } = useTranslation();
  const [name, setName] = useState(initial);
  const [error, setError] = useState<string | null>(null);
  const finish = async (): Promise<void> => {
    try {
      await save(name);
      closeDialog();
    } catch (problem) {
      setError(said(problem instanceof Error ? problem.message : String(problem)));
    }
  };
  const isNamed = name.trim() !== '';
  return (
    <Dialog
      title={title}
      {...(description === undefined ? {} : { description })}
      onClose={closeDialog}
      actions={
        <>
          <Button onClick={closeDialog}>{t('ui:cancel')}</Button>
          <Button tone="primary" disabled={!isNamed} onClick={() => void finish()}>
            {button}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isNamed) void finish();
        }}
      >
        <Field
          label={t('files:new.name')}
          help={isNamed ? t('files:new.path', { path: pathForName(name, beside) }) : t('files:new.help')}
          error={error}
        >
          {(ids) => (
            <TextInput {...ids} autoFocus value={name} onChange={setName} placeholder={t('files:new.example')} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}

function ShortcutsDialog(): ReactNode {
  const { t } = useTranslation();
  const commands = useCommandStore((state) => state.commands);
  const withShortcut = [...commands.values()].filter((command) => command.shortcuts !== undefined);
  const groups = groupCommands(withShortcut);
  return (
    <Dialog title={t('app:commands.shortcuts')} onClose={closeDialog} width={560}>
      <div className="shortcuts">
        {[...groups].map(([groupKey, group]) => (
          <section key={groupKey}>
            <h3>{t(groupKey)}</h3>
            <dl>
              {group.map((command) => (
                <div key={command.id}>
                  <dt>{t(command.titleKey)}</dt>
                  <dd>
                    {command.shortcuts?.map((shortcut) => (
                      <kbd key={shortcut} className="ui-kbd">
                        {printShortcut(shortcut)}
                      </kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section>
          <h3>{t('app:shortcuts.graph')}</h3>
          <dl>
            {(['walk', 'nudge', 'edges', 'edit', 'clear'] as const).map((key) => (
              <div key={key}>
                <dt>{t(`app:shortcuts.${key}`)}</dt>
                <dd>
                  <kbd className="ui-kbd">{t(`app:shortcuts.${key}Keys`)}</kbd>
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
