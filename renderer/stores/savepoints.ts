/** Savepoints, and starting from what a run has kept. */
import type { RestorePoint } from '../../runtime/protocol/host.ts';
import { t } from '../app/i18n/index.ts';
import { ask } from './dialog-store.ts';
import { activate, findOpen } from './document-store.ts';
import { notify } from './notice-store.ts';
import { cancel, run, selectIsActive, stop, takeSavepoint, useRunStore, whenEnded } from './run-store.ts';

/** Takes a savepoint of the running job, and says where it is. */
export async function savepoint(): Promise<void> {
  const path = await takeSavepoint();
  if (path !== null) tellSavepoint('app:notices.savepoint', path);
}

/** Ends the job with a savepoint, and says where it is. */
export async function stopWithSavepoint(): Promise<void> {
  const stopped = await stop(true);
  const path = stopped?.savepoint ?? null;
  if (path !== null) tellSavepoint('app:notices.stoppedWithSavepoint', path);
}

function tellSavepoint(messageKey: string, path: string): void {
  notify(messageKey, {
    tone: 'success',
    detail: path,
    action: { labelKey: 'app:notices.copyPath', run: () => void navigator.clipboard.writeText(path) },
  });
}

/** Whether a new run may begin; asks what becomes of the one that is active. */
async function makeRoom(): Promise<boolean> {
  if (!selectIsActive(useRunStore.getState())) return true;
  // Keep, or close the dialog: nothing happens.
  const choice = await ask({
    titleKey: 'run:restore.runningTitle',
    textKey: 'run:restore.runningText',
    choices: [
      { id: 'keep', labelKey: 'run:restore.keepRunning' },
      { id: 'cancel', labelKey: 'run:restore.cancelFirst', tone: 'danger' },
      { id: 'stop', labelKey: 'run:restore.stopFirst', tone: 'primary' },
    ],
  });
  const isEnding = choice === 'stop' ? (await stop()) !== null : choice === 'cancel' && (await cancel());
  if (isEnding) await whenEnded();
  return !selectIsActive(useRunStore.getState());
}

/** Starts a new run of the document at `path` from a checkpoint or savepoint; asks first when a job is active. */
export async function startFrom(
  path: string,
  { kind, id, location }: Pick<RestorePoint, 'kind' | 'id' | 'location'>,
  allowNonRestoredState = false,
): Promise<void> {
  if (findOpen(path) === null || !(await makeRoom())) return;
  activate(path);
  notify('run:restore.starting', { values: { point: t(`run:restore.point.${kind}`, { id }) } });
  await run({}, { from: { location, allowNonRestoredState } });
}
