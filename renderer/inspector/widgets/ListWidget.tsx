/** A list of anything: short items as rows under one head, larger ones as cards that fold. Items are added, removed, and moved by drag or by Alt with an arrow key. */
import { Plus } from 'lucide-react';
import { useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { defaultConfig, type FormField } from '../../../runtime/core/config.ts';
import { Button, join } from '../../ui/Button.tsx';
import { useFormText } from '../form/use-form-text.ts';
import type { ItemHandles } from './item-handles.ts';
import { ListCard } from './ListCard.tsx';
import { ListRow } from './ListRow.tsx';
import { gridColumns, rowColumns, type RowColumn } from './row-columns.ts';
import { useItemKeys } from './use-item-keys.ts';
import type { WidgetProps } from './widget.ts';

export function ListWidget({ form, value, path, ids, onChange }: WidgetProps<'list'>): ReactNode {
  const { t } = useTranslation();
  const text = useFormText();
  const root = useRef<HTMLDivElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [target, setTarget] = useState<number | null>(null);
  const [announcement, setAnnouncement] = useState('');
  const items: readonly unknown[] = Array.isArray(value)
    ? value
    : Array.isArray(form.defaultValue)
      ? form.defaultValue
      : [];
  const { keys, move: moveKey, remove: removeKey } = useItemKeys(items.length);
  const columns = rowColumns(form.item);

  const set = (next: readonly unknown[]): void =>
    onChange(next.length === 0 && form.optional ? undefined : next, 'step');
  const add = (): void => {
    set([...items, newItem(form.item)]);
    // The new item is there once React has rendered it.
    requestAnimationFrame(() => {
      const last = [...(root.current?.querySelectorAll<HTMLElement>('[data-item]') ?? [])].at(-1);
      last?.querySelector<HTMLElement>('input, textarea, [role="combobox"]')?.focus();
    });
  };
  const move = (from: number, to: number): void => {
    if (to < 0 || to >= items.length || from === to) return;
    moveKey(from, to);
    set(items.toSpliced(from, 1).toSpliced(to, 0, items[from]));
    setAnnouncement(t('inspector:list.moved', { from: from + 1, to: to + 1 }));
  };
  const handles = (at: number): ItemHandles => ({
    position: at + 1,
    count: items.length,
    itemLabel: text(form.itemLabel),
    isDropTarget: dragged !== null && target === at && dragged !== at,
    isBelow: dragged !== null && dragged < at,
    remove: () => {
      removeKey(at);
      set(items.toSpliced(at, 1));
    },
    moveBy: (by) => move(at, at + by),
    startDrag: () => setDragged(at),
    dragOver: () => dragged !== null && setTarget(at),
    endDrag: (isDropped) => {
      if (isDropped && dragged !== null && target !== null) move(dragged, target);
      setDragged(null);
      setTarget(null);
    },
  });

  return (
    <div ref={root} role="group" aria-labelledby={`${ids.id}-label`} className="inspector-list" data-widget>
      {typeof value === 'string' && <code className="inspector-raw">{value}</code>}
      {columns !== null && items.length > 0 && <ColumnHeads columns={columns} />}
      {items.length > 0 && (
        <ol className={join('inspector-items', columns === null && 'inspector-items-cards')}>
          {items.map((item, i) =>
            columns === null ? (
              <ListCard key={keys[i]} form={form.item} value={item} path={[...path, i]} handles={handles(i)} />
            ) : (
              <ListRow key={keys[i]} columns={columns} value={item} path={[...path, i]} handles={handles(i)} />
            ),
          )}
        </ol>
      )}
      <Button tone="quiet" isSmall className="inspector-add" icon={<Plus size={13} aria-hidden />} onClick={add}>
        {t('inspector:list.add', { item: text(form.itemLabel) })}
      </Button>
      <span className="ui-visually-hidden" aria-live="polite">
        {announcement}
      </span>
    </div>
  );
}

function ColumnHeads({ columns }: { readonly columns: readonly RowColumn[] }): ReactNode {
  const text = useFormText();
  if (columns.length < 2) return null;
  return (
    <div className="inspector-column-heads" style={{ gridTemplateColumns: gridColumns(columns) }} aria-hidden>
      <span />
      {columns.map(({ key, form }) => (
        <span key={key}>{text(form.label)}</span>
      ))}
      <span />
    </div>
  );
}

function newItem(form: FormField): unknown {
  return defaultConfig({ item: { ...form, optional: false } })['item'];
}
