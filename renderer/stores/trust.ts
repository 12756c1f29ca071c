/** Documents may bring code along. It runs only in a workspace that the user trusts; looking at it and changing it is always free. */
import { nodesWithUserCode } from '../../runtime/compiler/validate.ts';
import { ask } from './dialog-store.ts';
import { notifyError } from './notice-store.ts';
import { setTrusted, useSettingsStore } from './settings-store.ts';
import { activeValidation, useValidation, type DocumentValidation } from './validation-store.ts';

/** Whether the document on screen has code that does not run here yet. */
export function useNeedsTrust(): boolean {
  const isTrusted = useSettingsStore((state) => state.hostInfo?.isTrusted ?? true);
  return hasUserCode(useValidation()) && !isTrusted;
}

export function needsTrust(): boolean {
  return hasUserCode(activeValidation()) && useSettingsStore.getState().hostInfo?.isTrusted === false;
}

function hasUserCode(validation: DocumentValidation | null): boolean {
  return validation !== null && nodesWithUserCode(validation).length > 0;
}

/** Asks for the user's word on the workspace, which holds from then on; a refusal changes nothing. */
export async function askForTrust(): Promise<void> {
  const choice = await ask({
    titleKey: 'run:trust.title',
    textKey: 'run:trust.text',
    values: { workspace: useSettingsStore.getState().hostInfo?.workspace ?? '' },
    choices: [
      { id: 'no', labelKey: 'run:trust.no' },
      { id: 'trust', labelKey: 'run:trust.yes', tone: 'primary' },
    ],
  });
  if (choice === 'trust') await setTrusted(true).catch((error: unknown) => notifyError('run:trust.failed', error));
}
