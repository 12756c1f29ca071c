import { CirclePlus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BreakpointPlace } from '../../runtime/protocol/debug.ts';
import { portsOf } from '../canvas/ports.ts';
import { useNodeNames } from '../run/node-name.ts';
import { useNode } from '../stores/document-store.ts';
import { useNodeInfo } from '../stores/validation-store.ts';
import { useSelectedNodeId } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { Menu, type MenuEntry } from '../ui/Menu.tsx';
import { anywhere, EVENT_PLACES, eventPlace, portPlace, toggled } from './breakpoints.ts';
import { changeBreakpoints } from './debug-session.ts';
import { placeSentence } from './sentences.ts';

/** At the selected node and its ports, or at any: on rows and on all that can happen. */
export function AddBreakpointMenu(): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const selected = useSelectedNodeId();
  const node = useNode(selected);
  const info = useNodeInfo(selected);
  const entry = (place: BreakpointPlace): MenuEntry => {
    const where = placeSentence(place, { t, nameOf });
    return { id: where, label: where, run: () => void changeBreakpoints((all) => toggled(all, place)) };
  };
  const ports = node === null ? null : portsOf(node, info?.ports ?? null);
  const here: readonly BreakpointPlace[] =
    node === null
      ? []
      : [
          { type: 'node', nodeId: node.id },
          // Of a single input it says what the node itself says.
          ...(ports!.inputs.length > 1 ? ports!.inputs.map(({ name }) => portPlace('input', node.id, name)) : []),
          ...ports!.outputs.map(({ name }) => portPlace('output', node.id, name)),
          ...EVENT_PLACES.map((type) => eventPlace(type, node.id)),
        ];
  const everywhere = EVENT_PLACES.filter((type) => type !== 'state').map(anywhere);
  const entries: readonly MenuEntry[] = [
    ...here.map(entry),
    ...(here.length === 0 ? [] : ['separator' as const]),
    ...everywhere.map(entry),
  ];
  return (
    <Menu entries={entries} align="end">
      <Button isSmall tone="quiet" icon={<CirclePlus size={13} aria-hidden />}>
        {t('debug:addBreakpoint')}
      </Button>
    </Menu>
  );
}
