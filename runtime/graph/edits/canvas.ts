/** Changes to what only the canvas shows, and to the document as a whole. */
import type { NodeId } from '../../core/ids.ts';
import type { Group, Note, PipelineDocument } from '../document.ts';
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

/** A node is in one group at most: it leaves the one it was in. */
export function groupNodes(
  document: PipelineDocument,
  nodes: readonly NodeId[],
  label: string,
): { document: PipelineDocument; id: string } {
  const id = freshId('group', new Set(document.groups.map((group) => group.id)));
  const others = document.groups
    .map((group): Group => ({ ...group, nodes: group.nodes.filter((node) => !nodes.includes(node)) }))
    .filter((group) => group.nodes.length > 0);
  return { document: { ...document, groups: [...others, { id, label, nodes }] }, id };
}

/** The nodes stay. */
export function ungroup(document: PipelineDocument, id: string): PipelineDocument {
  const groups = document.groups.filter((group) => group.id !== id);
  return groups.length === document.groups.length ? document : { ...document, groups };
}

export function setGroupLabel(document: PipelineDocument, id: string, label: string): PipelineDocument {
  return { ...document, groups: document.groups.map((group) => (group.id === id ? { ...group, label } : group)) };
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
