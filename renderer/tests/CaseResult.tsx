/** What a case came to: rows that differ, place by place. */
import { ArrowRightLeft, Check, CircleMinus, CirclePlus, Download, Equal, Pencil, type LucideIcon } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CHANGE_KEY, TIME_KEY } from '../../runtime/graph/index.ts';
import type { CheckedRow, ComparedRow, Comparison, RowCheck, TestReport } from '../../runtime/protocol/test-report.ts';
import { said } from '../app/i18n/said.ts';
import { valueText } from '../preview/row-value.ts';
import { useNodeNames } from '../run/node-name.ts';
import { SeverityIcon } from '../ui/Badge.tsx';
import { Button } from '../ui/Button.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { Switch } from '../ui/fields.tsx';
import { formatEventTimeFull } from '../ui/format.ts';
import { isWhole, takeActual } from './case-actions.ts';

interface CaseResultProps {
  readonly report: TestReport;
  readonly index: number;
}

export function CaseResult({ report, index }: CaseResultProps): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const [onlyDifferences, setOnlyDifferences] = useState(true);
  const { status, checks, diagnostics, error, failedStep, parallelism } = report;
  if (status === 'error') {
    return (
      <div className="tests-result">
        {failedStep !== null && <p>{t('tests:failedStep', { step: failedStep + 1 })}</p>}
        {error !== null && (
          <p className="tests-error">
            <SeverityIcon severity="error" /> {error.nodeId !== null && <strong>{nameOf(error.nodeId)}: </strong>}
            {said(error.message)}
            {error.remedy !== null && <span className="tests-remedy">{said(error.remedy)}</span>}
          </p>
        )}
        {diagnostics.map((one, i) => (
          <p key={i} className="tests-error">
            <SeverityIcon severity="error" /> <code>{one.code}</code>{' '}
            {one.nodeId !== undefined && <strong>{nameOf(one.nodeId)}: </strong>}
            {said(one.message)}
          </p>
        ))}
      </div>
    );
  }
  const unmet = checks.filter(({ isMet }) => !isMet);
  return (
    <div className="tests-result">
      {status === 'failed' && (
        <div className="tests-result-bar">
          {parallelism > 1 && <span>{t('tests:atParallelism', { parallelism })}</span>}
          <label className="tests-only">
            <Switch isOn={onlyDifferences} onChange={setOnlyDifferences} label={t('tests:onlyDifferences')} />
            {t('tests:onlyDifferences')}
          </label>
          <span className="tests-space" />
          {unmet.every(isWhole) && (
            <Button isSmall icon={<Download size={13} aria-hidden />} onClick={() => takeActual(index, report)}>
              {t('tests:takeActual')}
            </Button>
          )}
        </div>
      )}
      {checks.map((check, i) => (
        <Differences key={i} check={check} onlyDifferences={onlyDifferences && !check.isMet} />
      ))}
    </div>
  );
}

interface DifferencesProps {
  readonly check: RowCheck;
  readonly onlyDifferences: boolean;
}

const SIGNS: Readonly<Record<Comparison, LucideIcon>> = {
  same: Equal,
  changed: Pencil,
  missing: CircleMinus,
  unexpected: CirclePlus,
  moved: ArrowRightLeft,
};

function Differences({ check, onlyDifferences }: DifferencesProps): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const { nodeId, port, isMet, expectedCount, actualCount } = check;
  const title = port === null || port === 'out' ? nameOf(nodeId) : `${nameOf(nodeId)} · ${port}`;
  const columns = useMemo(() => columnsOf(check, t), [check, t]);
  const numbered = useMemo(
    () => check.rows.map((row, i) => ({ row, i })).filter(({ row }) => !onlyDifferences || row.comparison !== 'same'),
    [check, onlyDifferences],
  );
  return (
    <section className="tests-differences" aria-label={title}>
      <h3>
        {isMet ? <Check size={14} className="tests-ok" aria-hidden /> : <SeverityIcon severity="error" />}
        {title}
        <span>{t('tests:counts', { expected: expectedCount, actual: actualCount })}</span>
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

function columnsOf(check: RowCheck, t: (key: string) => string): readonly TableColumn<NumberedRow>[] {
  const changed = new Set(check.rows.flatMap((row) => row.changed));
  const sign: TableColumn<NumberedRow> = {
    id: '#comparison',
    header: t('tests:comparison.label'),
    width: 120,
    value: ({ row }) => row.comparison,
    cell: ({ row: { comparison } }) => {
      const Sign = SIGNS[comparison];
      return (
        <span className={`tests-sign tests-${comparison}`}>
          <Sign size={13} aria-hidden />
          {t(`tests:comparison.${comparison}`)}
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
    cell: ({ row }) => <Cell row={row} name={name} of={of} />,
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
}

/** Of a field that differs: what is there, and what was expected in its place. */
function Cell({ row, name, of }: CellProps): ReactNode {
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
      <ins title={t('tests:actual')}>{text(of(actual!))}</ins>
      <del title={t('tests:expected')}>{text(of(expected!))}</del>
    </span>
  );
}

function text(value: unknown): ReactNode {
  return valueText(value) ?? <span className="preview-null">NULL</span>;
}
