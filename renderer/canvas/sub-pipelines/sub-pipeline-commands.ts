/** The named actions on sub-pipelines. */
import { CornerLeftUp, CornerRightDown, PackagePlus } from 'lucide-react';
import type { Command } from '../../app/commands.ts';
import { openDialog } from '../../stores/dialog-store.ts';
import { activeDocument } from '../../stores/document-store.ts';
import { useViewStore } from '../../stores/view-store.ts';
import { selectedIds } from '../canvas-actions.ts';
import { canJumpIn, jumpIn, jumpOut, wayTo } from './sub-pipeline-actions.ts';

function hasGraph(): boolean {
  return activeDocument() !== null && useViewStore.getState().centreMode === 'graph';
}

const inCanvas = { groupKey: 'canvas:commands.group', scope: 'canvas' } as const;

export const subPipelineCommands: readonly Command[] = [
  {
    id: 'canvas.makeSubPipeline',
    titleKey: 'canvas:commands.makeSubPipeline',
    icon: PackagePlus,
    isEnabled: () => hasGraph() && selectedIds().length > 0,
    run: () => openDialog({ type: 'make-sub-pipeline' }),
    ...inCanvas,
  },
  {
    id: 'canvas.jumpIn',
    titleKey: 'canvas:commands.jumpIn',
    icon: CornerRightDown,
    shortcuts: ['Alt+ArrowDown'],
    isEnabled: () => hasGraph() && canJumpIn(),
    run: () => jumpIn(),
    ...inCanvas,
  },
  {
    id: 'canvas.jumpOut',
    titleKey: 'canvas:commands.jumpOut',
    icon: CornerLeftUp,
    shortcuts: ['Alt+ArrowUp'],
    isEnabled: () => hasGraph() && wayTo(activeDocument()?.path ?? '').length > 0,
    run: () => jumpOut(),
    ...inCanvas,
  },
];
