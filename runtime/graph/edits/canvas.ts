/** Changes to what only the canvas shows, and to the document as a whole. */
import type { Note, PipelineDocument } from '../document.ts';
import type { Settings } from '../settings.ts';
import { freshId } from './nodes.ts';

export function addNote(
  document: PipelineDocument,
  note: Omit<Note, 'id'>,
): { document: PipelineDocument; id: string } {
  const id = freshId('note', new Set(document.notes.map((other) => other.id)));
  return { document: { ...document, notes: [...document.notes, { ...note, id }] }, id };
}

export function changeNote(
  document: PipelineDocument,
  id: string,
  change: Partial<Omit<Note, 'id'>>,
): PipelineDocument {
  return { ...document, notes: document.notes.map((note) => (note.id === id ? { ...note, ...change } : note)) };
}

export function removeNotes(document: PipelineDocument, ids: readonly string[]): PipelineDocument {
  const notes = document.notes.filter((note) => !ids.includes(note.id));
  return notes.length === document.notes.length ? document : { ...document, notes };
}

export function setSettings(document: PipelineDocument, change: Partial<Settings>): PipelineDocument {
  return { ...document, settings: { ...document.settings, ...change } };
}

export function setDetails(
  document: PipelineDocument,
  change: { readonly name?: string; readonly description?: string },
): PipelineDocument {
  return { ...document, ...change };
}
