/** Rows of a case as a table of typed cells. A cell is one undo step, taken when it is left. */
import { Plus, X } from 'lucide-react';
import { useRef, useState, type ClipboardEvent, type KeyboardEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { printDataType } from '../../runtime/core/types.ts';
import { CHANGE_KEY, type CaseRow } from '../../runtime/graph/index.ts';
import { columnWidth, isRightAligned } from '../preview/row-value.ts';
import { Button, IconButton, join } from '../ui/Button.tsx';
import { cellOfText, cellsOfClipboard, textOfCell } from './cell-text.ts';
import type { RowColumn } from './places.ts';

interface RowGridProps {
  /** Accessible name. */
  readonly label: string;
  /** Of what has the rows, in the case: `steps[0]`. */
  readonly path: string;
  readonly columns: readonly RowColumn[];
  readonly rows: readonly CaseRow[];
  /** Fields that do not count: their cells are drawn faintly. */
  readonly ignored?: readonly string[];
  readonly onChange: (rows: CaseRow[]) => void;
}

export function RowGrid({ label, path, columns, rows, ignored = [], onChange }: RowGridProps): ReactNode {
  const { t } = useTranslation();
  const table = useRef<HTMLTableElement>(null);

  const write = (row: number, column: number, cells: readonly (readonly string[])[]): void => {
    const next = [...rows];
    cells.forEach((line, r) => {
      const at = row + r;
      next[at] = line.reduce<CaseRow>((one, text, c) => withCell(one, columns[column + c], text), next[at] ?? {});
    });
    if (JSON.stringify(next) !== JSON.stringify(rows)) onChange(next);
  };
  const focus = (row: number, column: number): void => {
    // The row may only be there once React has drawn it.
    requestAnimationFrame(() =>
      table.current?.querySelector<HTMLInputElement>(`[data-cell="${row},${column}"]`)?.focus(),
    );
  };
  const add = (): void => {
    onChange([...rows, {}]);
    focus(rows.length, 0);
  };
  const move = (row: number, column: number): void => {
    if (row >= 0 && row < rows.length) focus(row, column);
  };
  return (
    <div className="tests-grid">
      <table ref={table} aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ name, type, isExtra }) => (
              <th key={name} scope="col" style={{ minWidth: isExtra ? 90 : columnWidth(name, type) }}>
                {isExtra ? t(`tests:extra.${name}`) : name}{' '}
                {!isExtra && <span className="tests-type">{printDataType(type)}</span>}
              </th>
            ))}
            <th aria-label={t('tests:rowActions')} />
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            <tr key={r} data-path={`${path}.rows[${r}]`}>
              {columns.map((column, c) => (
                <td key={column.name} className={join(ignored.includes(column.name) && 'tests-ignored')}>
                  <Cell
                    place={`${r},${c}`}
                    path={`${path}.rows[${r}].${column.name}`}
                    label={t('tests:cell', { field: column.name, row: r + 1 })}
                    text={textOfCell(row[column.name])}
                    placeholder={column.name === CHANGE_KEY ? '+I' : 'NULL'}
                    isNumeric={isRightAligned(column.isExtra ? undefined : column.type)}
                    onCommit={(text) => write(r, c, [[text]])}
                    onPasteTable={(cells) => write(r, c, cells)}
                    onMove={(rowsDown) => move(r + rowsDown, c)}
                  />
                </td>
              ))}
              <td>
                <IconButton
                  label={t('tests:removeRow', { row: r + 1 })}
                  icon={<X size={12} aria-hidden />}
                  isSmall
                  onClick={() => onChange(rows.filter((_, i) => i !== r))}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button tone="quiet" isSmall icon={<Plus size={12} aria-hidden />} onClick={add} disabled={columns.length === 0}>
        {t('tests:addRow')}
      </Button>
    </div>
  );
}

function withCell(row: CaseRow, column: RowColumn | undefined, text: string): CaseRow {
  if (column === undefined) return row;
  const { [column.name]: _, ...rest } = row;
  const value = cellOfText(column.type, text);
  return value === undefined ? rest : { ...row, [column.name]: value };
}

interface CellProps {
  readonly place: string;
  readonly path: string;
  readonly label: string;
  readonly text: string;
  readonly placeholder: string;
  readonly isNumeric: boolean;
  readonly onCommit: (text: string) => void;
  readonly onPasteTable: (cells: readonly (readonly string[])[]) => void;
  /** So many rows further down. */
  readonly onMove: (rows: number) => void;
}

function Cell({
  place,
  path,
  label,
  text,
  placeholder,
  isNumeric,
  onCommit,
  onPasteTable,
  onMove,
}: CellProps): ReactNode {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft !== text) onCommit(draft);
    setDraft(null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const rows = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (rows !== undefined) {
      event.preventDefault();
      commit();
      onMove(rows);
    } else if (event.key === 'Escape' && draft !== null) {
      event.stopPropagation();
      setDraft(null);
    }
  };
  const onPaste = (event: ClipboardEvent): void => {
    const cells = cellsOfClipboard(event.clipboardData.getData('text'));
    if (cells === null) return;
    event.preventDefault();
    setDraft(null);
    onPasteTable(cells);
  };
  return (
    <input
      className={join('tests-cell', isNumeric && 'ui-numeric')}
      data-cell={place}
      data-path={path}
      aria-label={label}
      placeholder={placeholder}
      spellCheck={false}
      autoComplete="off"
      value={draft ?? text}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
    />
  );
}
