import { X } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { printDataType, type DataType } from '../../runtime/core/types.ts';
import type { RowSample, SampledRow } from '../../runtime/protocol/job.ts';
import { IconButton } from '../ui/Button.tsx';
import { DataTable, type TableColumn } from '../ui/DataTable.tsx';
import { lagOf } from '../stores/metrics-summary.ts';
import { formatClock, formatDuration, formatEventTimeFull } from '../ui/format.ts';
import { columnWidth, isRightAligned, narrowestWidth, valueInFull, valueText } from './row-value.ts';

interface PreviewTableProps {
  readonly sample: RowSample;
  /** By name of the field, as far as they are known. */
  readonly types: ReadonlyMap<string, DataType>;
  readonly hasEventTime: boolean;
  readonly hasUpdates: boolean;
}

interface NumberedRow {
  /** How many rows had passed: tells rows apart. */
  readonly ordinal: number;
  readonly row: SampledRow;
}

/** Newest row first. A chosen row is shown in full beside the table. */
export function PreviewTable({ sample, types, hasEventTime, hasUpdates }: PreviewTableProps): ReactNode {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState<NumberedRow | null>(null);
  // Samples of one port come often, always with the same fields.
  const fieldsText = JSON.stringify(sample.fields);

  const columns = useMemo((): readonly TableColumn<NumberedRow>[] => {
    const common: TableColumn<NumberedRow>[] = [];
    if (hasUpdates) {
      common.push({
        id: '#kind',
        header: t('preview:kind'),
        width: 56,
        isMono: true,
        value: ({ row }) => row.changeKind,
        cell: ({ row }) => <ChangeKind kind={row.changeKind} />,
      });
    }
    if (hasEventTime) {
      common.push({
        id: '#time',
        header: t('preview:eventTime'),
        width: 190,
        isMono: true,
        value: ({ row }) => row.eventTime,
        cell: ({ row }) =>
          row.eventTime === null ? (
            <Null />
          ) : (
            <span className="preview-time">{formatEventTimeFull(row.eventTime)}</span>
          ),
      });
    }
    const fields = (JSON.parse(fieldsText) as readonly string[]).map((name, i): TableColumn<NumberedRow> => {
      const type = types.get(name);
      return {
        id: `field-${name}`,
        header: (
          <span className="preview-head">
            {name} {type !== undefined && <span className="preview-type">{printDataType(type)}</span>}
          </span>
        ),
        width: columnWidth(name, type),
        minWidth: narrowestWidth(name, type),
        isMono: true,
        isNumeric: isRightAligned(type),
        value: ({ row }) => sortable(row.values[i]),
        cell: ({ row }) => <Value value={row.values[i]} />,
      };
    });
    const latency: TableColumn<NumberedRow> = {
      id: '#latency',
      header: <span title={t('preview:latencyHelp')}>{t('preview:latency')}</span>,
      width: 84,
      isNumeric: true,
      value: ({ row }) => lagOf(row.seenAt, row.eventTime),
      cell: ({ row }) => {
        const lag = lagOf(row.seenAt, row.eventTime);
        return lag === null ? '–' : formatDuration(lag);
      },
    };
    const subtask: TableColumn<NumberedRow> = {
      id: '#subtask',
      header: t('preview:subtask'),
      width: 70,
      isNumeric: true,
      value: ({ row }) => row.subtask + 1,
    };
    return [...common, ...fields, ...(hasEventTime ? [latency] : []), subtask];
  }, [fieldsText, types, hasEventTime, hasUpdates, t]);

  const rows = useMemo(() => {
    const first = Math.max(sample.seen, sample.rows.length) - sample.rows.length;
    return sample.rows.map((row, i) => ({ ordinal: first + i + 1, row })).reverse();
  }, [sample]);

  return (
    <div className="preview-body">
      <div className="preview-table">
        <DataTable
          label={t('preview:title')}
          columns={columns}
          rows={rows}
          rowId={(row) => String(row.ordinal)}
          selectedId={chosen === null ? null : String(chosen.ordinal)}
          onSelect={(row) => setChosen(row.ordinal === chosen?.ordinal ? null : row)}
        />
      </div>
      {chosen !== null && (
        <RowDetail
          sample={sample}
          types={types}
          chosen={chosen}
          hasEventTime={hasEventTime}
          hasUpdates={hasUpdates}
          onClose={() => setChosen(null)}
        />
      )}
    </div>
  );
}

interface RowDetailProps extends PreviewTableProps {
  readonly chosen: NumberedRow;
  readonly onClose: () => void;
}

function RowDetail({ sample, types, chosen, hasEventTime, hasUpdates, onClose }: RowDetailProps): ReactNode {
  const { t } = useTranslation();
  const { row, ordinal } = chosen;
  const lag = lagOf(row.seenAt, row.eventTime);
  return (
    <aside className="preview-detail" aria-label={t('preview:detail', { ordinal })}>
      <header>
        <strong>{t('preview:detail', { ordinal })}</strong>
        <IconButton label={t('preview:closeDetail')} icon={<X size={13} aria-hidden />} isSmall onClick={onClose} />
      </header>
      <dl>
        {hasUpdates && (
          <>
            <dt>{t('preview:kind')}</dt>
            <dd>
              <ChangeKind kind={row.changeKind} /> {t(`preview:kinds.${row.changeKind}`)}
            </dd>
          </>
        )}
        {hasEventTime && (
          <>
            <dt>{t('preview:eventTime')}</dt>
            <dd>{row.eventTime === null ? <Null /> : formatEventTimeFull(row.eventTime)}</dd>
          </>
        )}
        {sample.fields.map((name, i) => {
          const type = types.get(name);
          const value = row.values[i];
          return (
            <div key={name}>
              <dt>
                {name} {type !== undefined && <span className="preview-type">{printDataType(type)}</span>}
              </dt>
              <dd>{value === null || value === undefined ? <Null /> : <pre>{valueInFull(value)}</pre>}</dd>
            </div>
          );
        })}
        <dt>{t('preview:seen')}</dt>
        <dd>
          {formatClock(row.seenAt)}
          {lag !== null && ` · ${t('preview:latency')} ${formatDuration(lag)}`}
        </dd>
      </dl>
    </aside>
  );
}

function Value({ value }: { readonly value: unknown }): ReactNode {
  const text = valueText(value);
  if (text === null) return <Null />;
  if (text === '') return <span className="preview-empty">''</span>;
  return <span title={text.length > 24 ? text : undefined}>{text}</span>;
}

/** Unlike the text NULL. */
function Null(): ReactNode {
  return <span className="preview-null">NULL</span>;
}

function ChangeKind({ kind }: { readonly kind: SampledRow['changeKind'] }): ReactNode {
  const { t } = useTranslation();
  return (
    <abbr
      className={`preview-kind preview-kind-${kind.startsWith('+') ? 'in' : 'out'}`}
      title={t(`preview:kinds.${kind}`)}
    >
      {kind}
    </abbr>
  );
}

function sortable(value: unknown): string | number | boolean | null {
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  return valueText(value);
}
