/** How a list's items are laid out: as rows under one head when they are small, else as cards. */
import type { FormField } from '../../../runtime/core/config.ts';
import type { WidgetKind } from './widget.ts';

const WIDTHS: Partial<Readonly<Record<WidgetKind, string>>> = {
  text: 'minmax(0, 1fr)',
  path: 'minmax(0, 1fr)',
  number: 'minmax(0, 0.7fr)',
  flag: 'max-content',
  choice: 'minmax(0, 1fr)',
  duration: 'minmax(0, 1.2fr)',
  expression: 'minmax(0, 1.5fr)',
  'data-type': 'minmax(0, 1fr)',
  field: 'minmax(0, 1fr)',
};
/** What a row has room for; a flag takes little. */
const MAX_ROOM = 2.5;
const FLAG_ROOM = 0.5;

export interface RowColumn {
  /** Null: the item itself. */
  readonly key: string | null;
  readonly form: FormField;
  readonly width: string;
}

/** Null: too large for a row. */
export function rowColumns(item: FormField): readonly RowColumn[] | null {
  const cells: readonly (readonly [string | null, FormField])[] =
    item.widget === 'object' ? Object.entries(item.fields) : [[null, item]];
  const room = cells.reduce((sum, [, form]) => sum + (form.widget === 'flag' ? FLAG_ROOM : 1), 0);
  if (room > MAX_ROOM) return null;
  const columns = cells.map(([key, form]) => ({ key, form, width: WIDTHS[form.widget] }));
  return columns.every((column): column is RowColumn => column.width !== undefined) ? columns : null;
}

/** Grip, cells, remove. */
export function gridColumns(columns: readonly RowColumn[]): string {
  return `14px ${columns.map((column) => column.width).join(' ')} 22px`;
}
