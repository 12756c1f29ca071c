/** The dialogs of the frame: at most one at a time. */
import { create } from 'zustand';
import type { FieldRef } from '../../runtime/compiler/rename/plan-rename.ts';
import type { NodeId } from '../../runtime/core/ids.ts';

export interface Question {
  readonly titleKey: string;
  readonly textKey: string;
  readonly values?: Readonly<Record<string, string | number>>;
  /** From the safest to the one Enter presses. */
  readonly choices: readonly {
    readonly id: string;
    readonly labelKey: string;
    readonly tone?: 'plain' | 'primary' | 'danger';
  }[];
}

export type OpenDialog =
  | { readonly type: 'question'; readonly question: Question; readonly answer: (choice: string | null) => void }
  | { readonly type: 'new-document' }
  /** Null: a field of the selection, chosen in the dialog. */
  | { readonly type: 'rename-field'; readonly field: FieldRef | null }
  | { readonly type: 'make-sub-pipeline' }
  | { readonly type: 'run-options' }
  | { readonly type: 'start-from' }
  /** Why the node has no output. */
  | { readonly type: 'silence'; readonly nodeId: NodeId }
  | { readonly type: 'shortcuts' };

export const useDialogStore = create<{ readonly dialog: OpenDialog | null }>(() => ({ dialog: null }));

export function openDialog(dialog: OpenDialog): void {
  const before = useDialogStore.getState().dialog;
  useDialogStore.setState({ dialog });
  if (before?.type === 'question') before.answer(null);
}

export function closeDialog(): void {
  const { dialog } = useDialogStore.getState();
  useDialogStore.setState({ dialog: null });
  if (dialog?.type === 'question') dialog.answer(null);
}

/** The id of the choice taken; null when the dialog was closed without one. */
export function ask(question: Question): Promise<string | null> {
  return new Promise((resolve) => openDialog({ type: 'question', question, answer: resolve }));
}

export function answerQuestion(choice: string): void {
  const { dialog } = useDialogStore.getState();
  if (dialog?.type !== 'question') return;
  useDialogStore.setState({ dialog: null });
  dialog.answer(choice);
}
