import { FlaskConical, Play, Plus } from 'lucide-react';
import type { Command } from '../app/commands.ts';
import { activeDocument } from '../stores/document-store.ts';
import { runTests, useTestStore } from '../stores/test-store.ts';
import { openPanel } from '../stores/view-store.ts';
import { activeCase, addCase, duplicateCase, removeCase } from './case-actions.ts';

const group = { groupKey: 'tests:title' } as const;

function canRun(): boolean {
  return activeCase() !== null && useTestStore.getState().running === null;
}

export const testsCommands: readonly Command[] = [
  {
    id: 'tests.runAll',
    titleKey: 'tests:commands.runAll',
    icon: FlaskConical,
    shortcuts: ['Alt+R'],
    isEnabled: canRun,
    run() {
      openPanel('tests');
      void runTests(null);
    },
    ...group,
  },
  {
    id: 'tests.run',
    titleKey: 'tests:commands.run',
    icon: Play,
    shortcuts: ['Alt+Shift+R'],
    isEnabled: canRun,
    run() {
      const chosen = activeCase();
      openPanel('tests');
      if (chosen !== null) void runTests([chosen.index]);
    },
    ...group,
  },
  {
    id: 'tests.add',
    titleKey: 'tests:commands.add',
    icon: Plus,
    isEnabled: () => activeDocument() !== null,
    run: addCase,
    ...group,
  },
  {
    id: 'tests.duplicate',
    titleKey: 'tests:commands.duplicate',
    isEnabled: () => activeCase() !== null,
    run: () => duplicateCase(activeCase()!.index),
    ...group,
  },
  {
    id: 'tests.delete',
    titleKey: 'tests:commands.delete',
    isEnabled: () => activeCase() !== null,
    run: () => removeCase(activeCase()!.index),
    ...group,
  },
];
