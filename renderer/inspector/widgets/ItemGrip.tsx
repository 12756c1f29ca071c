import { GripVertical, Trash2, X } from 'lucide-react';
import type { DragEvent, HTMLAttributes, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { IconButton, join } from '../../ui/Button.tsx';
import type { ItemHandles } from './item-handles.ts';

/** The handle that an item is dragged by, or moved with Alt and an arrow key. */
export function ItemGrip({ handles }: { readonly handles: ItemHandles }): ReactNode {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="inspector-grip"
      aria-label={t('inspector:list.move', { item: handles.itemLabel, position: handles.position })}
      draggable
      onDragStart={(event) => {
        const item = event.currentTarget.closest('[data-item]');
        if (item !== null) event.dataTransfer.setDragImage(item, 8, 12);
        event.dataTransfer.effectAllowed = 'move';
        event.dataTransfer.setData('text/plain', '');
        handles.startDrag();
      }}
      onDragEnd={() => handles.endDrag(false)}
      onKeyDown={(event) => {
        if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
        event.preventDefault();
        handles.moveBy(event.key === 'ArrowUp' ? -1 : 1);
      }}
    >
      <GripVertical size={13} aria-hidden />
    </button>
  );
}

export function RemoveItem({
  handles,
  isRow = false,
}: {
  readonly handles: ItemHandles;
  readonly isRow?: boolean;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <IconButton
      label={t('inspector:list.remove', { item: handles.itemLabel, position: handles.position })}
      icon={isRow ? <X size={13} aria-hidden /> : <Trash2 size={13} aria-hidden />}
      isSmall
      className="inspector-remove"
      onClick={handles.remove}
    />
  );
}

/** Puts an item where it is dropped. */
export function dropTarget(handles: ItemHandles): HTMLAttributes<HTMLLIElement> {
  return {
    className: join(
      'inspector-item',
      handles.isDropTarget && (handles.isBelow ? 'inspector-drop-below' : 'inspector-drop-above'),
    ),
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      handles.dragOver();
    },
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      handles.endDrag(true);
    },
  };
}
