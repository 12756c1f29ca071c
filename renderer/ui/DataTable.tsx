/** A table that sorts and stays fast with many rows: of a long one only the rows in sight are in the page. */
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useEffect, useMemo, useRef, useState, type ReactNode, type RefObject } from 'react';
import { join } from './Button.tsx';
import { fitColumns } from './fit-columns.ts';

export interface TableColumn<T> {
  readonly id: string;
  readonly header: ReactNode;
  /** What sorting goes by, and what is shown unless `cell` says otherwise. */
  readonly value: (row: T) => string | number | boolean | null;
  readonly cell?: (row: T) => ReactNode;
  /** Pixels; columns without share what is left. */
  readonly width?: number;
  /** Pixels that it can do with where there is little room; `width` if left out. */
  readonly minWidth?: number;
  readonly isNumeric?: boolean;
  readonly isMono?: boolean;
}

interface DataTableProps<T> {
  /** Accessible name. */
  readonly label: string;
  /** Keep the same array between renders where nothing changed. */
  readonly columns: readonly TableColumn<T>[];
  readonly rows: readonly T[];
  readonly rowId: (row: T, index: number) => string;
  readonly selectedId?: string | null;
  /** Given: rows can be chosen by click and Enter. */
  readonly onSelect?: (row: T) => void;
  readonly isSortable?: boolean;
  /** Shown in place of rows when there are none. */
  readonly empty?: ReactNode;
}

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns: { basic: sortFn_basic, alphanumeric: sortFn_alphanumeric },
});

const ROW_HEIGHT = 26;
/** Up to here all rows are rendered: measuring would cost more than it saves. */
const MAX_PLAIN_ROWS = 80;
/** Rows kept ready above and below what is in sight. */
const OVERSCAN = 12;

export function DataTable<T>(props: DataTableProps<T>): ReactNode {
  const { label, columns, rows, rowId, selectedId = null, onSelect, isSortable = true, empty } = props;
  const scroller = useRef<HTMLDivElement>(null);

  const definitions = useMemo(() => {
    const helper = createColumnHelper<typeof features, { readonly row: T }>();
    const definitionsOf = columns.map((column) =>
      helper.accessor(({ row }) => column.value(row) ?? undefined, {
        id: column.id,
        header: () => column.header,
        enableSorting: isSortable,
        sortFn: column.isNumeric === true ? 'basic' : 'alphanumeric',
        sortUndefined: 'last',
      }),
    );
    return helper.columns(definitionsOf);
  }, [columns, isSortable]);
  const data = useMemo(() => rows.map((row) => ({ row })), [rows]);
  const table = useTable({ features, columns: definitions, data, getRowId: ({ row }, index) => rowId(row, index) });
  const sorted = table.getRowModel().rows;

  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: OVERSCAN,
    enabled: sorted.length > MAX_PLAIN_ROWS,
  });
  const isPlain = sorted.length <= MAX_PLAIN_ROWS;
  const items = isPlain ? [] : virtualizer.getVirtualItems();
  const visible = isPlain ? sorted : items.flatMap((item) => sorted[item.index] ?? []);
  const above = items[0]?.start ?? 0;
  const below = isPlain ? 0 : virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0);

  const room = useWidth(scroller);
  const widths = useMemo(() => fitColumns(columns, room), [columns, room]);

  return (
    <div className="ui-table-scroller" ref={scroller} tabIndex={0} role="region" aria-label={label}>
      <table className="ui-table" aria-rowcount={sorted.length + 1}>
        <caption className="ui-visually-hidden">{label}</caption>
        <colgroup>
          {columns.map((column, i) => (
            <col key={column.id} style={widths[i] === undefined ? undefined : { width: widths[i] }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {columns.map((column) => {
              const sorting = table.getColumn(column.id);
              const direction = sorting?.getIsSorted() ?? false;
              return (
                <th
                  key={column.id}
                  scope="col"
                  className={column.isNumeric === true ? 'ui-numeric' : undefined}
                  aria-sort={direction === false ? undefined : direction === 'asc' ? 'ascending' : 'descending'}
                >
                  {isSortable ? (
                    <button type="button" className="ui-table-sort" onClick={sorting?.getToggleSortingHandler()}>
                      {column.header}
                      {direction === 'asc' && <ArrowUp size={12} aria-hidden />}
                      {direction === 'desc' && <ArrowDown size={12} aria-hidden />}
                    </button>
                  ) : (
                    column.header
                  )}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <tr aria-hidden className="ui-table-spacer" style={{ height: above }} />}
          {visible.map((row) => (
            <tr
              key={row.id}
              aria-selected={onSelect === undefined ? undefined : row.id === selectedId}
              aria-rowindex={row.index + 2}
              className={join(row.id === selectedId && 'ui-selected', onSelect !== undefined && 'ui-choosable')}
              tabIndex={onSelect === undefined ? undefined : 0}
              onClick={onSelect === undefined ? undefined : () => onSelect(row.original.row)}
              onKeyDown={
                onSelect === undefined
                  ? undefined
                  : (event) => {
                      if (event.key === 'Enter' || event.key === ' ') {
                        event.preventDefault();
                        onSelect(row.original.row);
                      }
                    }
              }
            >
              {columns.map((column) => (
                <td
                  key={column.id}
                  className={join(column.isNumeric === true && 'ui-numeric', column.isMono === true && 'ui-mono')}
                >
                  {column.cell === undefined
                    ? String(column.value(row.original.row) ?? '')
                    : column.cell(row.original.row)}
                </td>
              ))}
            </tr>
          ))}
          {below > 0 && <tr aria-hidden className="ui-table-spacer" style={{ height: below }} />}
        </tbody>
      </table>
      {sorted.length === 0 && empty}
    </div>
  );
}

/** Inside the element, in pixels; 0 until it was measured. */
function useWidth(ref: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = ref.current;
    if (element === null || typeof ResizeObserver === 'undefined') return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref]);
  return width;
}
