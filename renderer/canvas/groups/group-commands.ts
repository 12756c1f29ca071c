/** The named actions on groups. */
import { FoldHorizontal, Group, LogOut, PenLine, Ungroup, UnfoldHorizontal } from 'lucide-react';
import type { Command } from '../../app/commands.ts';
import { activeDocument } from '../../stores/document-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { selectedIds } from '../canvas-actions.ts';
import {
  collapseAll,
  currentGroup,
  groupSelection,
  leaveCurrentGroup,
  renameCurrentGroup,
  toggleCurrentGroup,
  ungroupCurrent,
} from './group-actions.ts';

function hasGraph(): boolean {
  return activeDocument() !== null && useViewStore.getState().centreMode === 'graph';
}

function isInGroup(): boolean {
  return hasGraph() && currentGroup() !== null;
}

function hasGroups(): boolean {
  return hasGraph() && (activeDocument()?.document.groups.length ?? 0) > 0;
}

const inCanvas = { groupKey: 'canvas:commands.group', scope: 'canvas' } as const;

export const groupCommands: readonly Command[] = [
  {
    id: 'canvas.group',
    titleKey: 'canvas:commands.groupNodes',
    icon: Group,
    shortcuts: ['Mod+G'],
    isEnabled: () => hasGraph() && selectedIds().length > 0,
    run: groupSelection,
    ...inCanvas,
  },
  {
    id: 'canvas.ungroup',
    titleKey: 'canvas:commands.ungroup',
    icon: Ungroup,
    shortcuts: ['Mod+Shift+G'],
    isEnabled: isInGroup,
    run: ungroupCurrent,
    ...inCanvas,
  },
  {
    id: 'canvas.toggleGroup',
    titleKey: 'canvas:commands.toggleGroup',
    icon: FoldHorizontal,
    shortcuts: ['Shift+G'],
    isEnabled: isInGroup,
    run: toggleCurrentGroup,
    ...inCanvas,
  },
  {
    id: 'canvas.renameGroup',
    titleKey: 'canvas:commands.renameGroup',
    icon: PenLine,
    shortcuts: ['Shift+F2'],
    isEnabled: isInGroup,
    run: renameCurrentGroup,
    ...inCanvas,
  },
  {
    id: 'canvas.leaveGroup',
    titleKey: 'canvas:commands.leaveGroup',
    icon: LogOut,
    isEnabled: isInGroup,
    run: leaveCurrentGroup,
    ...inCanvas,
  },
  {
    id: 'canvas.collapseGroups',
    titleKey: 'canvas:commands.collapseGroups',
    icon: FoldHorizontal,
    isEnabled: hasGroups,
    run: () => collapseAll(true),
    ...inCanvas,
  },
  {
    id: 'canvas.expandGroups',
    titleKey: 'canvas:commands.expandGroups',
    icon: UnfoldHorizontal,
    isEnabled: hasGroups,
    run: () => collapseAll(false),
    ...inCanvas,
  },
];
