/** Rows that were expected at a place beside those that came. */
import { ArrowRightLeft, Check, CircleMinus, CirclePlus, Equal, Pencil, type LucideIcon } from 'lucide-react';
import { useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CHANGE_KEY, TIME_KEY } from '../../runtime/graph/index.ts';
import type { CheckedRow, ComparedRow, Comparison, RowCheck } from '../../runtime/protocol/test-report.ts';
import { valueText } from '../preview/row-value.ts';
import { useNodeNames } from '../run/node-name.ts';
import { SeverityIcon } from '../ui/Badge.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { formatEventTimeFull } from '../ui/format.ts';
import './tests.css';

type Words = 'tests' | 'compare';

interface RowDifferencesProps {
  readonly check: RowCheck;
  readonly onlyDifferences: boolean;
  /** Whose words say what was expected and what came: a namespace with `counts`, `expected`, `actual`. */
  readonly words?: Words;
}

const SIGNS: Readonly<Record<Comparison, LucideIcon>> = {
  same: Equal,
  changed: Pencil,
  missing: CircleMinus,
  unexpected: CirclePlus,
  moved: ArrowRightLeft,
};

export function RowDifferences({ check, onlyDifferences, words = 'tests' }: RowDifferencesProps): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const { nodeId, port, isMet, expectedCount, actualCount } = check;
  const title = port === null || port === 'out' ? nameOf(nodeId) : `${nameOf(nodeId)} · ${port}`;
  const columns = useMemo(() => columnsOf(check, t, words), [check, t, words]);
  const numbered = useMemo(
    () => check.rows.map((row, i) => ({ row, i })).filter(({ row }) => !onlyDifferences || row.comparison !== 'same'),
    [check, onlyDifferences],
  );
  return (
    <section className="tests-differences" aria-label={title}>
      <h3>
        {isMet ? <Check size={14} className="tests-ok" aria-hidden /> : <SeverityIcon severity="error" />}
        {title}
        <span>{t(`${words}:counts`, { expected: expectedCount, actual: actualCount })}</span>
      </h3>
      {numbered.length > 0 && (
        <DataTable
          label={t('tests:differences', { place: title })}
          columns={columns}
          rows={numbered}
          rowId={({ i }) => String(i)}
          isSortable={false}
        />
      )}
    </section>
  );
}

interface NumberedRow {
  readonly row: ComparedRow;
  readonly i: number;
}

function columnsOf(check: RowCheck, t: (key: string) => string, words: Words): readonly TableColumn<NumberedRow>[] {
  const changed = new Set(check.rows.flatMap((row) => row.changed));
  const sign: TableColumn<NumberedRow> = {
    id: '#comparison',
    header: t(`${words}:comparison.label`),
    width: 120,
    value: ({ row }) => row.comparison,
    cell: ({ row: { comparison } }) => {
      const Sign = SIGNS[comparison];
      return (
        <span className={`tests-sign tests-${comparison}`}>
          <Sign size={13} aria-hidden />
          {t(`${words}:comparison.${comparison}`)}
        </span>
      );
    },
  };
  const cells = (
    name: string,
    header: string,
    width: number,
    of: (row: CheckedRow) => unknown,
  ): TableColumn<NumberedRow> => ({
    id: `field-${name}`,
    header,
    width: changed.has(name) ? width + 90 : width,
    isMono: true,
    value: ({ row }) => valueText(of((row.actual ?? row.expected)!)),
    cell: ({ row }) => <Cell row={row} name={name} of={of} words={words} />,
  });
  return [
    sign,
    ...(check.hasUpdates ? [cells(CHANGE_KEY, t(`tests:extra.${CHANGE_KEY}`), 70, (row) => row.changeKind)] : []),
    ...check.fields.map((name, i) => cells(name, name, widthOf(name, i, check), (row) => row.values[i])),
    ...(changed.has(TIME_KEY) ? [cells(TIME_KEY, t(`tests:extra.${TIME_KEY}`), 190, timeOf)] : []),
  ];
}

const CHARACTER_WIDTH = 7.4;
const MAX_WIDTH = 260;

/** Of the longest value, and the name. */
function widthOf(name: string, i: number, { rows }: RowCheck): number {
  const values = rows.flatMap(({ expected, actual }) =>
    [expected, actual].map((row) => valueText(row?.values[i]) ?? ''),
  );
  const longest = Math.max(name.length, 5, ...values.map(({ length }) => length));
  return Math.min(MAX_WIDTH, Math.ceil(longest * CHARACTER_WIDTH) + 24);
}

function timeOf({ eventTime }: CheckedRow): string | null {
  return eventTime === null ? null : formatEventTimeFull(eventTime);
}

interface CellProps {
  readonly row: ComparedRow;
  readonly name: string;
  readonly of: (row: CheckedRow) => unknown;
  readonly words: Words;
}

/** Of a field that differs: what is there, and what was expected in its place. */
function Cell({ row, name, of, words }: CellProps): ReactNode {
  const { t } = useTranslation();
  const { expected, actual, comparison, changed } = row;
  if (!changed.includes(name)) {
    const value = of((actual ?? expected)!);
    return (
      <span className={`tests-value tests-${comparison}`} title={valueText(value) ?? undefined}>
        {text(value)}
      </span>
    );
  }
  return (
    <span className="tests-change">
      <ins title={t(`${words}:actual`)}>{text(of(actual!))}</ins>
      <del title={t(`${words}:expected`)}>{text(of(expected!))}</del>
    </span>
  );
}

function text(value: unknown): ReactNode {
  return valueText(value) ?? <span className="preview-null">NULL</span>;
}
