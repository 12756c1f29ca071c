/** The named actions on notes. */
import { SquarePen, StickyNote } from 'lucide-react';
import type { Command } from '../../app/commands.ts';
import { activeDocument } from '../../stores/document-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { useCanvasStore } from '../canvas-store.ts';
import { editSelectedNote, newNote, nextNote } from './note-actions.ts';

function hasGraph(): boolean {
  return activeDocument() !== null && useViewStore.getState().centreMode === 'graph';
}

const inCanvas = { groupKey: 'canvas:commands.group', scope: 'canvas' } as const;

export const noteCommands: readonly Command[] = [
  {
    id: 'canvas.addNote',
    titleKey: 'canvas:commands.addNote',
    icon: StickyNote,
    shortcuts: ['Shift+N'],
    isEnabled: hasGraph,
    run: () => newNote(),
    ...inCanvas,
  },
  {
    id: 'canvas.editNote',
    titleKey: 'canvas:note.edit',
    icon: SquarePen,
    isEnabled: () => hasGraph() && useCanvasStore.getState().selectedNote !== null,
    run: editSelectedNote,
    ...inCanvas,
  },
  {
    id: 'canvas.nextNote',
    titleKey: 'canvas:commands.nextNote',
    icon: StickyNote,
    shortcuts: ['Alt+N'],
    isEnabled: () => hasGraph() && (activeDocument()?.document.notes.length ?? 0) > 0,
    run: nextNote,
    ...inCanvas,
  },
];
