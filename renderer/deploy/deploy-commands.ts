import { CloudUpload, Unplug } from 'lucide-react';
import type { Command } from '../app/commands.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { activeDocument } from '../stores/document-store.ts';
import { detach, useRunStore } from '../stores/run-store.ts';

export const deployCommands: readonly Command[] = [
  {
    id: 'run.deploy',
    titleKey: 'deploy:command',
    groupKey: 'app:groups.run',
    icon: CloudUpload,
    shortcuts: ['Mod+Alt+F'],
    isEnabled: () => activeDocument() !== null,
    run: () => openDialog({ type: 'deploy' }),
  },
  {
    id: 'run.detach',
    titleKey: 'deploy:detach',
    groupKey: 'app:groups.run',
    icon: Unplug,
    isEnabled: () => useRunStore.getState().remote !== null,
    run: detach,
  },
];
