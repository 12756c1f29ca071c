import { LayoutDashboard, MonitorUp } from 'lucide-react';
import { dashboardAddress } from '../../runtime/protocol/dashboard-address.ts';
import type { Command } from '../app/commands.ts';
import { saveDocument } from '../files/document-files.ts';
import { activeDocument } from '../stores/document-store.ts';
import { openPanel } from '../stores/view-store.ts';

const view = { groupKey: 'app:groups.view' } as const;

export const dashboardCommands: readonly Command[] = [
  {
    id: 'view.openDashboard',
    titleKey: 'dashboard:commands.open',
    icon: MonitorUp,
    shortcuts: ['Mod+Alt+D'],
    isEnabled: () => activeDocument() !== null,
    run: openDashboard,
    ...view,
  },
  {
    id: 'view.dashboardPanel',
    titleKey: 'dashboard:commands.panel',
    icon: LayoutDashboard,
    isEnabled: () => activeDocument() !== null,
    run: () => openPanel('dashboard'),
    ...view,
  },
];

/** On its own page, which reads the file: unsaved changes are saved first. */
async function openDashboard(): Promise<void> {
  const path = activeDocument()?.path;
  if (path === undefined || !(await saveDocument(path))) return;
  if (window.millrace === undefined) window.open(dashboardAddress(path), `millrace-dashboard-${path}`);
  else window.millrace.openDashboard(path);
}
