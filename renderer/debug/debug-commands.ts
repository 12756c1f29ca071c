import {
  ArrowDownToDot,
  ArrowRightToLine,
  ArrowUpFromDot,
  Bug,
  CircleDot,
  Pause,
  Play,
  RotateCcw,
  Square,
  StepBack,
  StepForward,
  Undo2,
} from 'lucide-react';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { Command } from '../app/commands.ts';
import { activeDocument } from '../stores/document-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { toggled } from './breakpoints.ts';
import {
  endDebug,
  pause,
  restart,
  resume,
  reverse,
  runToNode,
  selectBreakpoints,
  selectIsDebugging,
  selectIsStopped,
  setBreakpoints,
  startDebug,
  step,
  stepBack,
  useDebugStore,
} from './debug-store.ts';

const isStopped = (): boolean => selectIsStopped(useDebugStore.getState());
const isDebugging = (): boolean => selectIsDebugging(useDebugStore.getState());

function selectedNode(): NodeId | null {
  const { selectedNodeIds } = useViewStore.getState();
  return selectedNodeIds.length === 1 ? selectedNodeIds[0]! : null;
}

export function toggleBreakpoint(nodeId: NodeId): void {
  const open = activeDocument();
  if (open === null) return;
  const breakpoints = selectBreakpoints(useDebugStore.getState(), open.path);
  void setBreakpoints(open.path, toggled(breakpoints, { type: 'node', nodeId }));
}

const debugging = { groupKey: 'debug:title' } as const;

/** Keys as in VS Code. Those that start and stop a run mean the session while there is one: these come first. */
export const debugCommands: readonly Command[] = [
  {
    id: 'debug.start',
    titleKey: 'debug:start',
    icon: Bug,
    shortcuts: ['Mod+Shift+D'],
    isEnabled: () => activeDocument() !== null && !isDebugging(),
    run: () => startDebug(),
    ...debugging,
  },
  {
    id: 'debug.continue',
    titleKey: 'debug:continue',
    icon: Play,
    shortcuts: ['F5'],
    isEnabled: isStopped,
    run: resume,
    ...debugging,
  },
  {
    id: 'debug.pause',
    titleKey: 'debug:pause',
    icon: Pause,
    shortcuts: ['F6'],
    isEnabled: () => useDebugStore.getState().status === 'running',
    run: pause,
    ...debugging,
  },
  {
    id: 'debug.stepOver',
    titleKey: 'debug:stepOver',
    icon: StepForward,
    shortcuts: ['F10'],
    isEnabled: isStopped,
    run: () => step({ to: 'over' }),
    ...debugging,
  },
  {
    id: 'debug.stepInto',
    titleKey: 'debug:stepInto',
    icon: ArrowDownToDot,
    shortcuts: ['F11'],
    isEnabled: isStopped,
    run: () => step({ to: 'into' }),
    ...debugging,
  },
  {
    id: 'debug.stepOut',
    titleKey: 'debug:stepOut',
    icon: ArrowUpFromDot,
    shortcuts: ['Shift+F11'],
    isEnabled: isStopped,
    run: () => step({ to: 'out' }),
    ...debugging,
  },
  {
    id: 'debug.stepBack',
    titleKey: 'debug:stepBack',
    icon: StepBack,
    shortcuts: ['Shift+F10'],
    isEnabled: isStopped,
    run: stepBack,
    ...debugging,
  },
  {
    id: 'debug.reverse',
    titleKey: 'debug:reverse',
    icon: Undo2,
    shortcuts: ['Alt+F5'],
    isEnabled: isStopped,
    run: reverse,
    ...debugging,
  },
  {
    id: 'debug.runToNode',
    titleKey: 'debug:runToNode',
    icon: ArrowRightToLine,
    shortcuts: ['Mod+F10'],
    isEnabled: () => isStopped() && selectedNode() !== null,
    run: () => {
      const nodeId = selectedNode();
      return nodeId === null ? undefined : runToNode(nodeId);
    },
    ...debugging,
  },
  {
    id: 'debug.restart',
    titleKey: 'debug:restart',
    icon: RotateCcw,
    shortcuts: ['Mod+Shift+F5'],
    isEnabled: isStopped,
    run: () => restart(),
    ...debugging,
  },
  {
    id: 'debug.stop',
    titleKey: 'debug:stop',
    icon: Square,
    shortcuts: ['Shift+F5'],
    isEnabled: isDebugging,
    run: endDebug,
    ...debugging,
  },
  {
    id: 'debug.toggleBreakpoint',
    titleKey: 'debug:toggleBreakpoint',
    icon: CircleDot,
    shortcuts: ['F9'],
    isEnabled: () => activeDocument() !== null && selectedNode() !== null,
    run: () => {
      const nodeId = selectedNode();
      if (nodeId !== null) toggleBreakpoint(nodeId);
    },
    ...debugging,
  },
];
