import { useTranslation } from 'react-i18next';
import { findCommand, isCommandEnabled, runCommand } from '../app/commands.ts';
import { printShortcut } from '../app/shortcuts.ts';
import type { MenuAction, MenuEntry } from '../ui/Menu.tsx';
import { useCanvasStore } from './canvas-store.ts';
import { useViewStore } from '../stores/view-store.ts';

const AT_BREAKPOINT = ['debug.toggleBreakpoint', 'debug.disableBreakpoint', 'debug.logBreakpoint'];
const ON_NODES = [
  'canvas.copy',
  'canvas.cut',
  'canvas.duplicate',
  '',
  'canvas.connect',
  'canvas.alignLeft',
  'canvas.alignTop',
  'canvas.fitSelection',
  'canvas.explode',
  'canvas.replaceBySql',
  'canvas.copyAsSql',
  '',
  'canvas.group',
  'canvas.ungroup',
  'canvas.toggleGroup',
  'canvas.renameGroup',
  'canvas.leaveGroup',
  '',
  'canvas.jumpIn',
  'canvas.makeSubPipeline',
  '',
  'diagnosis.why',
  '',
  ...AT_BREAKPOINT,
  'debug.runToNode',
  '',
  'canvas.deleteReconnect',
  'canvas.delete',
];
const ON_EDGE = ['view.preview', 'diagnosis.why', '', ...AT_BREAKPOINT, '', 'canvas.delete'];
const ON_PORT = AT_BREAKPOINT;
const ON_NOTE = ['canvas.editNote', '', 'canvas.delete'];
const ON_PANE = [
  'canvas.add',
  'canvas.addNote',
  'canvas.paste',
  '',
  'canvas.jumpOut',
  'canvas.selectAll',
  'canvas.layout',
  'canvas.fit',
];
const DANGEROUS: ReadonlySet<string> = new Set(['canvas.delete', 'canvas.deleteReconnect']);

/** What a right click offers, by what is selected; '' is a line. */
export function useContextEntries(): readonly MenuEntry[] {
  const { t } = useTranslation();
  const hasNodes = useViewStore((state) => state.selectedNodeIds.length > 0);
  const hasEdge = useViewStore((state) => state.selectedEdge !== null);
  const hasNote = useCanvasStore((state) => state.selectedNote !== null);
  const hasPort = useCanvasStore((state) => state.menuPort !== null);
  const ids = hasPort ? ON_PORT : hasNodes ? ON_NODES : hasEdge ? ON_EDGE : hasNote ? ON_NOTE : ON_PANE;
  return ids.flatMap((id): MenuEntry[] => {
    if (id === '') return ['separator'];
    const command = findCommand(id);
    if (command === null) return [];
    const Icon = command.icon;
    const action: MenuAction = {
      id,
      label: t(command.titleKey),
      icon: Icon === undefined ? null : <Icon size={14} aria-hidden />,
      shortcut: printShortcut(command.shortcuts?.[0]),
      isDisabled: !isCommandEnabled(command),
      isDangerous: DANGEROUS.has(id),
      run: () => runCommand(id),
    };
    return [action];
  });
}
