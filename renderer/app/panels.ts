/** Every panel that can be docked. The code of a panel is loaded when it is first opened. */
import {
  Activity,
  Bug,
  CircleAlert,
  Database,
  FileDiff,
  Flag,
  FlaskConical,
  LayoutDashboard,
  Logs,
  MailX,
  Rows3,
  SlidersHorizontal,
  Workflow,
  Waves,
  type LucideIcon,
} from 'lucide-react';
import type { ComponentType } from 'react';

export type PanelPlace = 'centre' | 'right' | 'bottom';

export interface PanelDefinition {
  readonly id: string;
  readonly titleKey: string;
  readonly icon: LucideIcon;
  /** Where it is until the user moves it. */
  readonly place: PanelPlace;
  readonly load: () => Promise<ComponentType>;
}

export const panels: readonly PanelDefinition[] = [
  {
    id: 'canvas',
    titleKey: 'app:panels.canvas',
    icon: Workflow,
    place: 'centre',
    load: () => import('./Centre.tsx').then((module) => module.Centre),
  },
  {
    id: 'inspector',
    titleKey: 'app:panels.inspector',
    icon: SlidersHorizontal,
    place: 'right',
    load: () => import('../inspector/Inspector.tsx').then((module) => module.Inspector),
  },
  {
    id: 'problems',
    titleKey: 'app:panels.problems',
    icon: CircleAlert,
    place: 'bottom',
    load: () => import('../problems/ProblemsPanel.tsx').then((module) => module.ProblemsPanel),
  },
  {
    id: 'preview',
    titleKey: 'app:panels.preview',
    icon: Rows3,
    place: 'bottom',
    load: () => import('../preview/PreviewPanel.tsx').then((module) => module.PreviewPanel),
  },
  {
    id: 'dashboard',
    titleKey: 'app:panels.dashboard',
    icon: LayoutDashboard,
    place: 'bottom',
    load: () => import('../dashboard/DashboardPanel.tsx').then((module) => module.DashboardPanel),
  },
  {
    id: 'tests',
    titleKey: 'app:panels.tests',
    icon: FlaskConical,
    place: 'bottom',
    load: () => import('../tests/TestsPanel.tsx').then((module) => module.TestsPanel),
  },
  {
    id: 'log',
    titleKey: 'app:panels.log',
    icon: Logs,
    place: 'bottom',
    load: () => import('../run/LogPanel.tsx').then((module) => module.LogPanel),
  },
  {
    id: 'metrics',
    titleKey: 'app:panels.metrics',
    icon: Activity,
    place: 'bottom',
    load: () => import('../metrics/MetricsPanel.tsx').then((module) => module.MetricsPanel),
  },
  {
    id: 'checkpoints',
    titleKey: 'app:panels.checkpoints',
    icon: Flag,
    place: 'bottom',
    load: () => import('../checkpoints/CheckpointsPanel.tsx').then((module) => module.CheckpointsPanel),
  },
  {
    id: 'watermarks',
    titleKey: 'app:panels.watermarks',
    icon: Waves,
    place: 'bottom',
    load: () => import('../watermarks/WatermarksPanel.tsx').then((module) => module.WatermarksPanel),
  },
  {
    id: 'state',
    titleKey: 'app:panels.state',
    icon: Database,
    place: 'bottom',
    load: () => import('../state/StatePanel.tsx').then((module) => module.StatePanel),
  },
  {
    id: 'dead-letters',
    titleKey: 'app:panels.deadLetters',
    icon: MailX,
    place: 'bottom',
    load: () => import('../dead-letters/DeadLettersPanel.tsx').then((module) => module.DeadLettersPanel),
  },
  {
    id: 'debug',
    titleKey: 'debug:title',
    icon: Bug,
    place: 'bottom',
    load: () => import('../debug/DebugPanel.tsx').then((module) => module.DebugPanel),
  },
  {
    id: 'diff',
    titleKey: 'app:panels.diff',
    icon: FileDiff,
    place: 'bottom',
    load: () => import('../diff/DiffPanel.tsx').then((module) => module.DiffPanel),
  },
];

export function findPanel(id: string): PanelDefinition | null {
  return panels.find((panel) => panel.id === id) ?? null;
}
