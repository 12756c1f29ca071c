import { CircleHelp } from 'lucide-react';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { Command } from '../app/commands.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { activeDocument } from '../stores/document-store.ts';
import { useViewStore } from '../stores/view-store.ts';

/** The node that is selected, or that the selected edge leaves. */
function askedNode(): NodeId | null {
  if (activeDocument() === null) return null;
  const { selectedNodeIds, selectedEdge } = useViewStore.getState();
  const [only] = selectedNodeIds;
  if (only !== undefined) return selectedNodeIds.length === 1 ? only : null;
  return (selectedEdge?.from as NodeId | undefined) ?? null;
}

export const diagnosisCommands: readonly Command[] = [
  {
    id: 'diagnosis.why',
    titleKey: 'diagnosis:why',
    groupKey: 'app:groups.run',
    icon: CircleHelp,
    shortcuts: ['Shift+W'],
    scope: 'canvas',
    isEnabled: () => askedNode() !== null,
    run() {
      const nodeId = askedNode();
      if (nodeId !== null) openDialog({ type: 'silence', nodeId });
    },
  },
];
