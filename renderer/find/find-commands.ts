import { ChevronDown, ChevronUp, TextSearch } from 'lucide-react';
import { t } from '../app/i18n/index.ts';
import type { Command } from '../app/commands.ts';
import { activeDocument } from '../stores/document-store.ts';
import { activeValidation } from '../stores/validation-store.ts';
import { setRailView } from '../stores/view-store.ts';
import { focusSearch, setCurrent, stepped, useFindStore } from './find-store.ts';
import { findMatches, goTo } from './matches.ts';

function hasDocument(): boolean {
  return activeDocument() !== null;
}

/** Goes on from the match that was gone to last, also while the search is not shown. */
function go(step: 1 | -1): void {
  const open = activeDocument();
  const { query, current } = useFindStore.getState();
  if (open === null) return;
  const matches = findMatches(query, open.path, open.document, activeValidation(), t);
  const index = stepped(matches, current, step);
  const match = matches[index];
  if (match === undefined) return openFind();
  setCurrent(index);
  goTo(match);
}

function openFind(): void {
  setRailView('search');
  focusSearch();
}

const editing = { groupKey: 'app:groups.edit', isEnabled: hasDocument } as const;

export const findCommands: readonly Command[] = [
  {
    id: 'edit.find',
    titleKey: 'find:command',
    icon: TextSearch,
    shortcuts: ['Mod+F'],
    scope: 'outside-text',
    run: openFind,
    ...editing,
  },
  { id: 'edit.findNext', titleKey: 'find:next', icon: ChevronDown, shortcuts: ['F3'], run: () => go(1), ...editing },
  {
    id: 'edit.findPrevious',
    titleKey: 'find:previous',
    icon: ChevronUp,
    shortcuts: ['Shift+F3'],
    run: () => go(-1),
    ...editing,
  },
];
