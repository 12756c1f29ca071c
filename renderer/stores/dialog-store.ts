/** The dialogs of the frame: at most one at a time. */
import { create } from 'zustand';
import type { FieldRef } from '../../runtime/compiler/rename/plan-rename.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { OpenDocument } from './document-store.ts';

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

/** What a copy is made of, beside its file. */
export type Origin = Pick<OpenDocument, 'path' | 'document'>;

/** A file that another program changed while there were unsaved changes. */
export interface OutsideChange {
  readonly path: string;
  /** What the file holds now. */
  readonly text: string;
}

export type OutsideAnswer = 'theirs' | 'mine' | 'merge';

export type OpenDialog =
  | {
      readonly type: 'outside-change';
      readonly change: OutsideChange;
      readonly answer: (answer: OutsideAnswer | null) => void;
    }
  | { readonly type: 'question'; readonly question: Question; readonly answer: (choice: string | null) => void }
  | { readonly type: 'compare' }
  | { readonly type: 'deploy' }
  | { readonly type: 'export' }
  /** `from`: what it begins as; empty without. */
  | { readonly type: 'new-document'; readonly from?: Origin }
  | { readonly type: 'rename-document'; readonly path: string }
  /** Null: a field of the selection, chosen in the dialog. */
  | { readonly type: 'rename-field'; readonly field: FieldRef | null }
  | { readonly type: 'make-sub-pipeline' }
  | { readonly type: 'picture' }
  | { readonly type: 'preview-run' }
  | { readonly type: 'run-options' }
  | { readonly type: 'start-from' }
  /** Why the node has no output. */
  | { readonly type: 'silence'; readonly nodeId: NodeId }
  | { readonly type: 'shortcuts' };

export const useDialogStore = create<{ readonly dialog: OpenDialog | null }>(() => ({ dialog: null }));

export function openDialog(dialog: OpenDialog): void {
  const before = useDialogStore.getState().dialog;
  useDialogStore.setState({ dialog });
  if (before !== null && 'answer' in before) before.answer(null);
}

export function closeDialog(): void {
  const { dialog } = useDialogStore.getState();
  useDialogStore.setState({ dialog: null });
  if (dialog !== null && 'answer' in dialog) dialog.answer(null);
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

/** What should stay; null when the dialog was closed without saying. */
export function askAboutOutsideChange(change: OutsideChange): Promise<OutsideAnswer | null> {
  return new Promise((resolve) => openDialog({ type: 'outside-change', change, answer: resolve }));
}

export function answerOutsideChange(answer: OutsideAnswer): void {
  const { dialog } = useDialogStore.getState();
  if (dialog?.type !== 'outside-change') return;
  useDialogStore.setState({ dialog: null });
  dialog.answer(answer);
}
