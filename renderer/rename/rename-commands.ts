import { TextCursorInput } from 'lucide-react';
import type { Command } from '../app/commands.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { activeDocument } from '../stores/document-store.ts';
import { selectedFields } from './selected-fields.ts';

export const renameCommands: readonly Command[] = [
  {
    id: 'edit.renameField',
    titleKey: 'rename:command',
    groupKey: 'app:groups.edit',
    icon: TextCursorInput,
    shortcuts: ['F2'],
    scope: 'canvas',
    isEnabled: () => activeDocument() !== null && selectedFields().length > 0,
    run: () => openDialog({ type: 'rename-field', field: null }),
  },
];
