import { Command } from 'cmdk';
import { Popover } from 'radix-ui';
import { useMemo, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { catalog } from '../../runtime/operators/catalog.ts';
import type { AnyOperatorSpec } from '../../runtime/core/operator.ts';
import type { StreamShape } from '../../runtime/core/schema.ts';
import { nodeId } from '../../runtime/core/ids.ts';
import { activeValidation } from '../stores/validation-store.ts';
import { operatorLabel, operatorSummary } from '../ui/operator-assets.ts';
import { OperatorIcon } from '../ui/OperatorIcon.tsx';
import { addOperator } from './canvas-actions.ts';
import { closeAddMenu, useCanvasStore, type AddMenu } from './canvas-store.ts';
import { fits, searchOperators, unfitFor, type Attachment } from './fitting-operators.ts';
import { NODE_WIDTH, toCanvas } from './flow-instance.ts';

const SPECS: readonly AnyOperatorSpec[] = Object.values(catalog);
/** The head port of a new node lies this far below its top: it comes to lie where the drag ended. */
const PORT_OFFSET = 24;

/** The operators that fit where a drag ended or a double click was; type to narrow, Enter to add. */
export function AddOperatorMenu(): ReactNode {
  const menu = useCanvasStore((state) => state.addMenu);
  return menu === null ? null : <OpenMenu menu={menu} />;
}

/** The stream that a new operator would read; null: none, or one that is not known. */
function shapeAt(attachment: Attachment): StreamShape | null {
  const outputsOf = (id: string): Readonly<Record<string, StreamShape>> =>
    activeValidation()?.nodes.get(nodeId(id))?.outputs ?? {};
  switch (attachment.type) {
    case 'after':
      return outputsOf(attachment.node)[attachment.port] ?? null;
    case 'on-edge':
      return outputsOf(attachment.edge.from)[attachment.edge.fromPort] ?? null;
    default:
      return null;
  }
}

function OpenMenu({ menu }: { readonly menu: AddMenu }): ReactNode {
  const { t } = useTranslation();
  const [query, setQuery] = useState('');
  const fitting = useMemo(() => SPECS.filter((spec) => fits(spec, menu.attachment)), [menu]);
  const shape = useMemo(() => shapeAt(menu.attachment), [menu]);
  const found = searchOperators(fitting, query, (spec) => ({
    label: operatorLabel(spec),
    summary: operatorSummary(spec),
  })).map((spec) => ({ spec, unfit: unfitFor(spec, shape) }));
  // What takes the stream as it is comes first.
  const shown = found.toSorted((a, b) => Number(a.unfit !== null) - Number(b.unfit !== null));
  const add = (spec: AnyOperatorSpec): void => {
    closeAddMenu();
    const at = toCanvas(menu.screen);
    const x = menu.attachment.type === 'before' ? at.x - NODE_WIDTH : at.x;
    addOperator(spec.type, { x, y: at.y - PORT_OFFSET }, menu.attachment);
  };
  return (
    <Popover.Root open onOpenChange={(isOpen) => !isOpen && closeAddMenu()}>
      {/* Docked panels are transformed, so that a fixed place inside of one would not be the window's. */}
      {createPortal(
        <Popover.Anchor className="canvas-add-anchor" style={{ left: menu.screen.x, top: menu.screen.y }} />,
        document.body,
      )}
      <Popover.Portal>
        <Popover.Content
          className="canvas-add-menu"
          align="start"
          sideOffset={4}
          collisionPadding={12}
          aria-label={t('canvas:add.title')}
        >
          <Command shouldFilter={false} label={t('canvas:add.title')}>
            <Command.Input
              className="canvas-add-input"
              value={query}
              onValueChange={setQuery}
              placeholder={t(`canvas:add.${menu.attachment.type === 'none' ? 'anything' : menu.attachment.type}`)}
            />
            <Command.List className="canvas-add-list">
              <Command.Empty className="canvas-add-empty">{t('canvas:add.none')}</Command.Empty>
              {shown.map(({ spec, unfit }) => (
                <Command.Item key={spec.type} value={spec.type} className="canvas-add-item" onSelect={() => add(spec)}>
                  <OperatorIcon type={spec.type} category={spec.category} size={22} />
                  <span>
                    <b>{operatorLabel(spec)}</b>
                    <small>{unfit === null ? operatorSummary(spec) : t(`canvas:add.${unfit}`)}</small>
                  </span>
                </Command.Item>
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
