import { Check } from 'lucide-react';
import { ContextMenu as RadixContextMenu, DropdownMenu } from 'radix-ui';
import type { ReactNode } from 'react';

export interface MenuAction {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  /** Shown at the right: `Ctrl+C`. */
  readonly shortcut?: string | null;
  readonly isDisabled?: boolean;
  /** Given: the item is a choice, ticked or not. */
  readonly isChecked?: boolean;
  readonly isDangerous?: boolean;
  readonly run: () => void;
}

export type MenuEntry = MenuAction | 'separator' | { readonly heading: string };

interface MenuProps {
  readonly entries: readonly MenuEntry[];
  /** The button that opens it. */
  readonly children: ReactNode;
  readonly align?: 'start' | 'end';
}

/** A button's drop-down menu. Menus are not modal: a modal one would hide the page, focusable as it is, from assistive technology. */
export function Menu({ entries, children, align = 'start' }: MenuProps): ReactNode {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{children}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="ui-menu" align={align} sideOffset={4} collisionPadding={8}>
          <Entries entries={entries} parts={DropdownMenu} />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface ContextMenuProps {
  readonly entries: readonly MenuEntry[];
  readonly onOpenChange?: (isOpen: boolean) => void;
  /** What is right-clicked: one element that takes a ref. */
  readonly children: ReactNode;
}

export function ContextMenu({ entries, onOpenChange, children }: ContextMenuProps): ReactNode {
  return (
    <RadixContextMenu.Root modal={false} {...(onOpenChange === undefined ? {} : { onOpenChange })}>
      <RadixContextMenu.Trigger asChild>{children}</RadixContextMenu.Trigger>
      <RadixContextMenu.Portal>
        <RadixContextMenu.Content className="ui-menu" collisionPadding={8}>
          <Entries entries={entries} parts={RadixContextMenu} />
        </RadixContextMenu.Content>
      </RadixContextMenu.Portal>
    </RadixContextMenu.Root>
  );
}

/** The two menus of Radix have the same parts. */
type Parts = Pick<typeof DropdownMenu, 'Item' | 'CheckboxItem' | 'ItemIndicator' | 'Separator' | 'Label'>;

function Entries({ entries, parts }: { readonly entries: readonly MenuEntry[]; readonly parts: Parts }): ReactNode {
  return entries.map((entry, i) => {
    if (entry === 'separator') return <parts.Separator key={`separator ${i}`} className="ui-menu-separator" />;
    if ('heading' in entry) {
      return (
        <parts.Label key={`heading ${i}`} className="ui-menu-heading">
          {entry.heading}
        </parts.Label>
      );
    }
    return <Item key={entry.id} action={entry} parts={parts} />;
  });
}

function Item({ action, parts }: { readonly action: MenuAction; readonly parts: Parts }): ReactNode {
  const shared = {
    className: action.isDangerous === true ? 'ui-menu-item ui-danger' : 'ui-menu-item',
    disabled: action.isDisabled ?? false,
    onSelect: action.run,
  };
  const text = (
    <>
      <span className="ui-menu-label">{action.label}</span>
      {action.shortcut !== undefined && action.shortcut !== null && <kbd className="ui-kbd">{action.shortcut}</kbd>}
    </>
  );
  if (action.isChecked !== undefined) {
    return (
      <parts.CheckboxItem {...shared} checked={action.isChecked}>
        <span className="ui-menu-icon">
          <parts.ItemIndicator>
            <Check size={14} aria-hidden />
          </parts.ItemIndicator>
        </span>
        {text}
      </parts.CheckboxItem>
    );
  }
  return (
    <parts.Item {...shared}>
      <span className="ui-menu-icon">{action.icon}</span>
      {text}
    </parts.Item>
  );
}
