/** What can be done with notes: each an undoable step. */
import { t } from '../../app/i18n/index.ts';
import { addNote, changeNote, type PipelineDocument, type Position } from '../../../runtime/graph/index.ts';
import { activeDocument, edit, sealStep } from '../../stores/document-store.ts';
import { clearSelection } from '../../stores/view-store.ts';
import { editNote, selectNote, useCanvasStore } from '../canvas-store.ts';
import { centreOfSight, focusNode, showNode } from '../flow-instance.ts';
import { noteFlowId } from '../flow-model.ts';
import { nodeId } from '../../../runtime/core/ids.ts';

const SIZE = { width: 240, height: 120 };

/** In the middle of what is in sight, open for writing: one step with the text that is written at once. */
export function newNote(position: Position = centreOfSight()): void {
  const open = activeDocument();
  if (open === null) return;
  const added = addNote(open.document, { text: '', position, ...SIZE });
  edit(t('canvas:steps.addNote'), () => added.document, stepKey(added.id));
  clearSelection();
  selectNote(added.id);
  editNote(added.id);
}

/** The end of writing; null: as it was. */
export function endNoteText(id: string, text: string | null): void {
  editNote(null);
  if (text !== null) {
    const change = (document: PipelineDocument): PipelineDocument => {
      const isSame = document.notes.find((note) => note.id === id)?.text === text;
      return isSame ? document : changeNote(document, id, { text });
    };
    edit(t('canvas:steps.note'), change, stepKey(id));
  }
  sealStep();
  focusNode(nodeId(noteFlowId(id)));
}

function stepKey(id: string): string {
  return `note ${id}`;
}

export function resizeNote(id: string, { x, y }: Position, width: number, height: number): void {
  const place = { x: Math.round(x), y: Math.round(y) };
  edit(t('canvas:steps.note'), (document) =>
    changeNote(document, id, { position: place, width: Math.round(width), height: Math.round(height) }),
  );
}

export function editSelectedNote(): void {
  editNote(useCanvasStore.getState().selectedNote);
}

/** Goes round the notes by the keyboard. */
export function nextNote(): void {
  const notes = activeDocument()?.document.notes ?? [];
  const at = notes.findIndex((note) => note.id === useCanvasStore.getState().selectedNote);
  const next = notes[(at + 1) % Math.max(1, notes.length)];
  if (next === undefined) return;
  clearSelection();
  selectNote(next.id);
  showNode(nodeId(noteFlowId(next.id)));
  focusNode(nodeId(noteFlowId(next.id)));
}
