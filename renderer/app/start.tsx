import { Unplug } from 'lucide-react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { HostApi } from '../../runtime/protocol/host.ts';
import { canvasCommands } from '../canvas/canvas-commands.ts';
import { dashboardCommands } from '../dashboard/dashboard-commands.ts';
import { debugCommands } from '../debug/debug-commands.ts';
import { followDebugMemories } from '../debug/debug-memory.ts';
import { diagnosisCommands } from '../diagnosis/diagnosis-commands.ts';
import { diffCommands } from '../diff/diff-commands.ts';
import { followTargets } from '../export/chosen-targets.ts';
import { compareCommands } from '../compare/compare-commands.ts';
import { deployCommands } from '../deploy/deploy-commands.ts';
import { exportCommands } from '../export/export-commands.ts';
import { takeDroppedScripts } from '../export/import-sql.ts';
import { followOutsideChanges } from '../files/document-files.ts';
import { keepRecoveryCopies } from '../files/recovery.ts';
import { findCommands } from '../find/find-commands.ts';
import { setHost } from '../host/host.ts';
import { hasUnsavedChanges, useDocumentStore } from '../stores/document-store.ts';
import { notify } from '../stores/notice-store.ts';
import { renameCommands } from '../rename/rename-commands.ts';
import { followRevealedCases } from '../tests/revealed-case.ts';
import { testsCommands } from '../tests/tests-commands.ts';
import { watchSelection } from '../stores/preview-ports.ts';
import { followBindings } from '../settings/bindings.ts';
import { loadSettings } from '../stores/settings-store.ts';
import { followSubPipelines } from '../stores/sub-pipelines.ts';
import { startValidation } from '../stores/validation-store.ts';
import { Button } from '../ui/Button.tsx';
import { welcomeCommands } from '../welcome/tour.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { appCommands } from './app-commands.ts';
import { registerCommands } from './commands.ts';
import { Frame } from './Frame.tsx';
import { followLanguage, t } from './i18n/index.ts';
import { listenToKeys } from './keyboard.ts';
import { listenToMenu } from './menu-commands.ts';
import { followTheme } from './theme/theme.ts';

/** Shows the app over a host. `closed` settles when the host is lost. */
export async function startApp({
  host,
  closed,
}: {
  readonly host: HostApi;
  readonly closed: Promise<void>;
}): Promise<void> {
  setHost(host);
  await loadSettings();
  followTheme();
  followLanguage();
  followTargets();
  startValidation();
  followSubPipelines();
  followDebugMemories();
  watchSelection();
  keepRecoveryCopies();
  registerCommands([
    // Its keys mean a debug session while there is one.
    ...debugCommands,
    ...appCommands,
    ...canvasCommands,
    ...dashboardCommands,
    ...diagnosisCommands,
    ...compareCommands,
    ...deployCommands,
    ...exportCommands,
    ...findCommands,
    ...renameCommands,
    ...testsCommands,
    ...welcomeCommands,
    ...diffCommands,
  ]);
  followBindings();
  followRevealedCases();
  listenToKeys(document);
  takeDroppedScripts(document);
  listenToMenu(window);
  void followOutsideChanges();
  void closed.then(() => notify('app:notices.hostLost', { tone: 'error' }));
  window.addEventListener('beforeunload', warnOfUnsavedChanges);

  createRoot(pageRoot()).render(
    <StrictMode>
      <Frame />
    </StrictMode>,
  );
}

/** Instead of an empty page when the host cannot be reached. */
export function showFailure(error: unknown): void {
  console.error(error);
  followTheme();
  createRoot(pageRoot()).render(
    <EmptyState
      icon={<Unplug size={20} />}
      title={t('app:noHost')}
      hint={error instanceof Error ? error.message : String(error)}
      actions={<Button onClick={() => location.reload()}>{t('app:tryAgain')}</Button>}
    />,
  );
}

function pageRoot(): HTMLElement {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  return root;
}

function warnOfUnsavedChanges(event: BeforeUnloadEvent): void {
  if (useDocumentStore.getState().documents.some(hasUnsavedChanges)) event.preventDefault();
}
