import { FileInput, FileOutput, Target } from 'lucide-react';
import { targets } from '../../runtime/exporters/targets.ts';
import type { Command } from '../app/commands.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { activeDocument } from '../stores/document-store.ts';
import { toggleTarget } from './chosen-targets.ts';
import { chooseSql } from './import-sql.ts';

const hasDocument = (): boolean => activeDocument() !== null;

export const exportCommands: readonly Command[] = [
  {
    id: 'file.export',
    titleKey: 'export:command',
    groupKey: 'app:groups.file',
    icon: FileOutput,
    shortcuts: ['Mod+E'],
    isEnabled: hasDocument,
    run: () => openDialog({ type: 'export' }),
  },
  {
    id: 'file.importSql',
    titleKey: 'export:import.command',
    groupKey: 'app:groups.file',
    icon: FileInput,
    shortcuts: ['Mod+Alt+I'],
    run: chooseSql,
  },
  ...targets.map(({ id }): Command => ({
    id: `edit.target.${id}`,
    titleKey: `export:targets.toggle.${id}`,
    groupKey: 'app:groups.file',
    icon: Target,
    isEnabled: hasDocument,
    run: () => toggleTarget(id),
  })),
];
