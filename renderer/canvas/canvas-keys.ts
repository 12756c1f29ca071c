/** Keys that only make sense with the focus on the graph itself; named actions have their shortcuts in canvas-commands.ts. */
import type { KeyboardEvent } from 'react';
import { clearSelection, openPanel, useViewStore } from '../stores/view-store.ts';
import { editNote, selectNote, useCanvasStore } from './canvas-store.ts';
import { nudge, selectNextEdge, walk } from './canvas-actions.ts';
import type { Direction } from './walk.ts';

const ARROWS: Readonly<Record<string, { readonly direction: Direction; readonly x: number; readonly y: number }>> = {
  ArrowLeft: { direction: 'left', x: -1, y: 0 },
  ArrowRight: { direction: 'right', x: 1, y: 0 },
  ArrowUp: { direction: 'up', x: 0, y: -1 },
  ArrowDown: { direction: 'down', x: 0, y: 1 },
};

/** Arrows walk, with Shift they move what is selected; E goes round the edges; Enter edits; Escape lets go. */
export function onCanvasKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const arrow = ARROWS[event.key];
  if (arrow !== undefined) {
    if (event.shiftKey) nudge(arrow.x, arrow.y);
    else walk(arrow.direction);
  } else if (event.key === 'Escape') {
    clearSelection();
    selectNote(null);
  } else if (event.key === 'e') {
    selectNextEdge();
  } else if (event.key === 'Enter' && useCanvasStore.getState().selectedNote !== null) {
    editNote(useCanvasStore.getState().selectedNote);
  } else if (event.key === 'Enter' && useViewStore.getState().selectedNodeIds.length === 1) {
    editSelected();
  } else {
    return;
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Puts the cursor into the first field of the inspector, which is opened if it was closed. */
export function editSelected(): void {
  const first = (): HTMLElement | null =>
    document.querySelector('[data-panel="inspector"] :is(input, button, [tabindex="0"])');
  openPanel('inspector');
  if (first() !== null) first()?.focus();
  else requestAnimationFrame(() => first()?.focus());
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable="true"], .monaco-editor') !== null
  );
}
