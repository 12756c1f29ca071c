/** The named actions on differences. */
import { FileDiff } from 'lucide-react';
import type { Command } from '../app/commands.ts';
import { activeDocument } from '../stores/document-store.ts';
import { startDiff } from './diff-store.ts';
import { openPanel, setCentreMode } from '../stores/view-store.ts';

export const diffCommands: readonly Command[] = [
  {
    id: 'view.compare',
    titleKey: 'diff:command',
    icon: FileDiff,
    shortcuts: ['Mod+Alt+C'],
    groupKey: 'app:groups.view',
    isEnabled: () => activeDocument() !== null,
    run: () => {
      setCentreMode('graph');
      openPanel('diff');
      const open = activeDocument();
      if (open !== null) void startDiff(open.path);
    },
  },
];
