/** The named actions of the canvas. */
import {
  AlignCenterHorizontal,
  AlignStartVertical,
  Cable,
  ClipboardCopy,
  ClipboardPaste,
  Copy,
  CopyPlus,
  ImageDown,
  Maximize,
  Merge,
  Plus,
  Scan,
  Scissors,
  Split,
  SquareDashedMousePointer,
  Trash2,
  Unplug,
  Waypoints,
  ZoomIn,
  ZoomOut,
} from 'lucide-react';
import type { Command } from '../app/commands.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { activeDocument } from '../stores/document-store.ts';
import { useViewStore } from '../stores/view-store.ts';
import {
  alignSelection,
  autoLayout,
  connectSelected,
  copySelection,
  cutSelection,
  deleteAndReconnect,
  deleteSelection,
  distributeSelection,
  duplicateSelection,
  fitAll,
  fitSelection,
  pasteClipboard,
  selectAll,
  selectedIds,
} from './canvas-actions.ts';
import { canExplode, explodeSelection } from './explode-selection.ts';
import { groupCommands } from './groups/group-commands.ts';
import { openAddMenu, useCanvasStore } from './canvas-store.ts';
import { zoomIn, zoomOut } from './flow-instance.ts';
import { noteCommands } from './notes/note-commands.ts';
import { subPipelineCommands } from './sub-pipelines/sub-pipeline-commands.ts';
import { copyAsSql, replaceBySql } from './sql-region.ts';

function hasGraph(): boolean {
  return activeDocument() !== null && useViewStore.getState().centreMode === 'graph';
}

function hasNodes(): boolean {
  return hasGraph() && selectedIds().length > 0;
}

function hasSelection(): boolean {
  const isOther = useViewStore.getState().selectedEdge !== null || useCanvasStore.getState().selectedNote !== null;
  return hasNodes() || (hasGraph() && isOther);
}

function hasSeveral(): boolean {
  return hasGraph() && selectedIds().length > 1;
}

const inCanvas = { groupKey: 'canvas:commands.group', scope: 'canvas' } as const;
const anywhere = { groupKey: 'canvas:commands.group' } as const;

function openAddMenuInMiddle(): void {
  const box = document.querySelector('.canvas')?.getBoundingClientRect();
  if (box === undefined) return;
  openAddMenu({ screen: { x: box.x + box.width / 2 - 150, y: box.y + box.height / 4 }, attachment: { type: 'none' } });
}

export const canvasCommands: readonly Command[] = [
  {
    id: 'canvas.add',
    titleKey: 'canvas:commands.add',
    icon: Plus,
    shortcuts: ['Shift+A'],
    isEnabled: hasGraph,
    run: openAddMenuInMiddle,
    ...inCanvas,
  },
  {
    id: 'canvas.copy',
    titleKey: 'canvas:commands.copy',
    icon: Copy,
    shortcuts: ['Mod+C'],
    isEnabled: hasNodes,
    run: copySelection,
    ...inCanvas,
  },
  {
    id: 'canvas.cut',
    titleKey: 'canvas:commands.cut',
    icon: Scissors,
    shortcuts: ['Mod+X'],
    isEnabled: hasNodes,
    run: cutSelection,
    ...inCanvas,
  },
  {
    id: 'canvas.paste',
    titleKey: 'canvas:commands.paste',
    icon: ClipboardPaste,
    shortcuts: ['Mod+V'],
    isEnabled: hasGraph,
    run: pasteClipboard,
    ...inCanvas,
  },
  {
    id: 'canvas.duplicate',
    titleKey: 'canvas:commands.duplicate',
    icon: CopyPlus,
    shortcuts: ['Mod+D'],
    isEnabled: hasNodes,
    run: duplicateSelection,
    ...inCanvas,
  },
  {
    id: 'canvas.delete',
    titleKey: 'canvas:commands.delete',
    icon: Trash2,
    shortcuts: ['Delete', 'Backspace'],
    isEnabled: hasSelection,
    run: deleteSelection,
    ...inCanvas,
  },
  {
    id: 'canvas.deleteReconnect',
    titleKey: 'canvas:commands.deleteReconnect',
    icon: Unplug,
    shortcuts: ['Mod+Delete', 'Mod+Backspace'],
    isEnabled: hasNodes,
    run: deleteAndReconnect,
    ...inCanvas,
  },
  {
    id: 'canvas.explode',
    titleKey: 'canvas:commands.explode',
    icon: Split,
    isEnabled: () => hasGraph() && canExplode(),
    run: explodeSelection,
    ...inCanvas,
  },
  {
    id: 'canvas.copyAsSql',
    titleKey: 'canvas:commands.copyAsSql',
    icon: ClipboardCopy,
    isEnabled: hasGraph,
    run: copyAsSql,
    ...inCanvas,
  },
  {
    id: 'canvas.replaceBySql',
    titleKey: 'canvas:commands.replaceBySql',
    icon: Merge,
    isEnabled: hasGraph,
    run: replaceBySql,
    ...inCanvas,
  },
  {
    id: 'canvas.connect',
    titleKey: 'canvas:commands.connect',
    icon: Cable,
    shortcuts: ['Shift+C'],
    isEnabled: hasSeveral,
    run: connectSelected,
    ...inCanvas,
  },
  {
    id: 'canvas.selectAll',
    titleKey: 'canvas:commands.selectAll',
    icon: SquareDashedMousePointer,
    shortcuts: ['Mod+A'],
    isEnabled: hasGraph,
    run: selectAll,
    ...inCanvas,
  },
  {
    id: 'canvas.layout',
    titleKey: 'canvas:commands.layout',
    icon: Waypoints,
    shortcuts: ['Mod+Shift+L'],
    isEnabled: hasGraph,
    run: autoLayout,
    ...anywhere,
  },
  {
    id: 'canvas.alignLeft',
    titleKey: 'canvas:commands.alignLeft',
    icon: AlignStartVertical,
    isEnabled: hasSeveral,
    run: () => alignSelection('left'),
    ...anywhere,
  },
  {
    id: 'canvas.alignTop',
    titleKey: 'canvas:commands.alignTop',
    icon: AlignCenterHorizontal,
    isEnabled: hasSeveral,
    run: () => alignSelection('top'),
    ...anywhere,
  },
  ...(['right', 'centre', 'middle', 'bottom'] as const).map((alignment): Command => ({
    id: `canvas.align.${alignment}`,
    titleKey: `canvas:commands.align.${alignment}`,
    isEnabled: hasSeveral,
    run: () => alignSelection(alignment),
    ...anywhere,
  })),
  {
    id: 'canvas.distributeX',
    titleKey: 'canvas:commands.distributeX',
    isEnabled: hasSeveral,
    run: () => distributeSelection('x'),
    ...anywhere,
  },
  {
    id: 'canvas.distributeY',
    titleKey: 'canvas:commands.distributeY',
    isEnabled: hasSeveral,
    run: () => distributeSelection('y'),
    ...anywhere,
  },
  {
    id: 'canvas.fit',
    titleKey: 'canvas:commands.fit',
    icon: Maximize,
    shortcuts: ['F'],
    isEnabled: hasGraph,
    run: () => fitAll(),
    ...inCanvas,
  },
  {
    id: 'canvas.fitSelection',
    titleKey: 'canvas:commands.fitSelection',
    icon: Scan,
    shortcuts: ['Shift+F'],
    isEnabled: hasNodes,
    run: fitSelection,
    ...inCanvas,
  },
  {
    id: 'canvas.zoomIn',
    titleKey: 'canvas:commands.zoomIn',
    icon: ZoomIn,
    shortcuts: ['Mod+='],
    isEnabled: hasGraph,
    run: zoomIn,
    ...anywhere,
  },
  {
    id: 'canvas.zoomOut',
    titleKey: 'canvas:commands.zoomOut',
    icon: ZoomOut,
    shortcuts: ['Mod+-'],
    isEnabled: hasGraph,
    run: zoomOut,
    ...anywhere,
  },
  {
    id: 'canvas.picture',
    titleKey: 'canvas:commands.picture',
    icon: ImageDown,
    isEnabled: hasGraph,
    run: () => openDialog({ type: 'picture' }),
    ...anywhere,
  },
  ...groupCommands,
  ...subPipelineCommands,
  ...noteCommands,
];
