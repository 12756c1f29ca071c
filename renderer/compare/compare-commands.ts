import { GitCompareArrows } from 'lucide-react';
import type { Command } from '../app/commands.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { activeDocument } from '../stores/document-store.ts';

export const compareCommands: readonly Command[] = [
  {
    id: 'run.compare',
    titleKey: 'compare:command',
    groupKey: 'app:groups.run',
    icon: GitCompareArrows,
    shortcuts: ['Mod+Alt+E'],
    isEnabled: () => activeDocument() !== null,
    run: () => openDialog({ type: 'compare' }),
  },
];
