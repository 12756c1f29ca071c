import {
  ArrowDownToDot,
  ArrowRightToLine,
  ArrowUpFromDot,
  Bug,
  Camera,
  CircleDot,
  CircleOff,
  MessageSquareText,
  Pause,
  Play,
  RotateCcw,
  Shuffle,
  SkipBack,
  SkipForward,
  Square,
  StepBack,
  StepForward,
  Undo2,
} from 'lucide-react';
import { nodeId, type NodeId } from '../../runtime/core/ids.ts';
import type { BreakpointPlace, BreakpointRequest, StepTarget } from '../../runtime/protocol/debug.ts';
import type { Command } from '../app/commands.ts';
import { useCanvasStore } from '../canvas/canvas-store.ts';
import { activeDocument } from '../stores/document-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import { changed, edgePlace, portPlace, samePlace, toggled } from './breakpoints.ts';
import { memoryOf } from './debug-memory.ts';
import {
  changeBreakpoints,
  endDebug,
  jumpToCheckpoint,
  pause,
  restart,
  resume,
  reverse,
  runToNode,
  startDebug,
  step,
  stepBack,
  takeCheckpoint,
} from './debug-session.ts';
import { selectIsDebugging, selectIsStopped, useDebugStore } from './debug-store.ts';

const isStopped = (): boolean => selectIsStopped(useDebugStore.getState());
const isDebugging = (): boolean => selectIsDebugging(useDebugStore.getState());

function selectedNode(): NodeId | null {
  const { selectedNodeIds } = useViewStore.getState();
  return selectedNodeIds.length === 1 ? selectedNodeIds[0]! : null;
}

/** Where a breakpoint is set by key or menu: at the port under the pointer, or else what is selected. */
function pointedPlace(): BreakpointPlace | null {
  const { menuPort, portTip } = useCanvasStore.getState();
  const port = menuPort ?? portTip;
  if (port !== null) return portPlace(port.side, nodeId(port.nodeId), port.port);
  const { selectedEdge } = useViewStore.getState();
  if (selectedEdge !== null) return edgePlace(selectedEdge);
  const selected = selectedNode();
  return selected === null ? null : { type: 'node', nodeId: selected };
}

function pointedBreakpoint(): BreakpointRequest | null {
  const place = pointedPlace();
  const { breakpoints } = memoryOf(activeDocument()?.path ?? null);
  return place === null ? null : (breakpoints.find((one) => samePlace(one.place, place)) ?? null);
}

/** In the mode, or, where it is that already, enabled; sets one where there is none. */
function toggleMode(mode: 'disabled' | 'log'): Promise<void> {
  const place = pointedPlace();
  if (place === null) return Promise.resolve();
  return changeBreakpoints((all) => {
    const present = pointedBreakpoint() === null ? toggled(all, place) : all;
    const { id, mode: before } = present.find((one) => samePlace(one.place, place))!;
    return changed(present, id, { mode: before === mode ? 'enabled' : mode });
  });
}

const debugging = { groupKey: 'debug:title' } as const;

/** What is stepped to beside the next step: commands of the toolbar's menu. */
export const STEP_TARGETS = [
  'row',
  'batch',
  'watermark',
  'firing',
  'timer',
  'barrier',
  'checkpoint',
] as const satisfies readonly StepTarget['to'][];

const stepsTo: readonly Command[] = STEP_TARGETS.map((to) => ({
  id: `debug.to.${to}`,
  titleKey: `debug:stepToNext.${to}`,
  icon: SkipForward,
  isEnabled: isStopped,
  run: () => step({ to }),
  ...debugging,
}));

/** Each restart in another order gets the next seed. */
let seed = 1;

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
    run: () => stepBack(),
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
      const selected = selectedNode();
      return selected === null ? undefined : runToNode(selected);
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
  ...stepsTo,
  {
    id: 'debug.takeCheckpoint',
    titleKey: 'debug:takeCheckpoint',
    icon: Camera,
    isEnabled: isStopped,
    run: takeCheckpoint,
    ...debugging,
  },
  {
    id: 'debug.jumpToCheckpoint',
    titleKey: 'debug:jumpToCheckpoint',
    icon: SkipBack,
    isEnabled: () => isStopped() && (useDebugStore.getState().view?.stop.moment ?? 0) > 0,
    run: jumpToCheckpoint,
    ...debugging,
  },
  {
    id: 'debug.restartShuffled',
    titleKey: 'debug:restartShuffled',
    icon: Shuffle,
    isEnabled: isStopped,
    run: () => restart({ schedule: 'seeded', seed: ++seed }),
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
    isEnabled: () => activeDocument() !== null && pointedPlace() !== null,
    run: () => {
      const place = pointedPlace();
      return place === null ? undefined : changeBreakpoints((all) => toggled(all, place));
    },
    ...debugging,
  },
  {
    id: 'debug.disableBreakpoint',
    titleKey: 'debug:disableBreakpoint',
    icon: CircleOff,
    shortcuts: ['Shift+F9'],
    isEnabled: () => pointedBreakpoint() !== null,
    run: () => toggleMode('disabled'),
    ...debugging,
  },
  {
    id: 'debug.logBreakpoint',
    titleKey: 'debug:logBreakpoint',
    icon: MessageSquareText,
    shortcuts: ['Alt+F9'],
    isEnabled: () => activeDocument() !== null && pointedPlace() !== null,
    run: () => toggleMode('log'),
    ...debugging,
  },
];
