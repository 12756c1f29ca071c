import { CircleSlash } from 'lucide-react';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DebugPort, DebugRow, RowEdit } from '../../runtime/protocol/debug.ts';
import { valueText } from '../preview/row-value.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { formatEventTimeFull } from '../ui/format.ts';
import { timeOf } from './sentences.ts';
import { typedValue } from './values.ts';

const KINDS = ['+I', '-U', '+U', '-D'] as const;

/** A row as it is typed in: its fields, its event time and, in a changelog, what kind of change it is. */
export function RowForm(props: {
  readonly label: string;
  /** That such rows leave. */
  readonly port: DebugPort;
  /** What is changed; null: a new one. */
  readonly row: DebugRow | null;
  readonly onSubmit: (edit: RowEdit) => void;
  readonly onCancel: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const { label, port, row, onSubmit, onCancel } = props;
  const [typed, setTyped] = useState(() => port.fields.map((_, i) => valueText(row?.values[i])));
  const [time, setTime] = useState(() =>
    row === null || row.eventTime === null ? '' : formatEventTimeFull(row.eventTime),
  );
  const [kind, setKind] = useState<(typeof KINDS)[number]>(row?.changeKind ?? '+I');
  const eventTime = time.trim() === '' ? null : timeOf(time);
  const isTimeWrong = port.hasEventTime && eventTime === null && (row === null || time.trim() !== '');
  return (
    <form
      className="debug-row-form"
      aria-label={label}
      onSubmit={(event) => {
        event.preventDefault();
        if (isTimeWrong) return;
        onSubmit({
          values: port.fields.map(({ type }, i) => typedValue(typed[i]!, type)),
          ...(port.hasEventTime ? { eventTime } : {}),
          ...(port.isChangelog ? { changeKind: kind } : {}),
        });
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onCancel();
      }}
    >
      {port.fields.map(({ name, type }, i) => {
        const put = (text: string | null): void => setTyped(typed.map((one, at) => (at === i ? text : one)));
        return (
          <Line key={name} name={name} type={type}>
            {(id) => (
              <>
                <input
                  id={id}
                  value={typed[i] ?? ''}
                  placeholder={typed[i] === null ? 'NULL' : ''}
                  spellCheck={false}
                  onChange={(event) => put(event.target.value)}
                />
                <IconButton
                  isSmall
                  label={t('debug:setNull', { name })}
                  icon={<CircleSlash size={12} aria-hidden />}
                  disabled={typed[i] === null}
                  onClick={() => put(null)}
                />
              </>
            )}
          </Line>
        );
      })}
      {port.hasEventTime && (
        <Line name={t('debug:eventTime')} type="UTC">
          {(id) => (
            <input
              id={id}
              value={time}
              placeholder="2026-01-31 12:00:00"
              aria-invalid={isTimeWrong}
              spellCheck={false}
              onChange={(event) => setTime(event.target.value)}
            />
          )}
        </Line>
      )}
      {port.isChangelog && (
        <Line name={t('debug:changeKind')} type="">
          {(id) => (
            <select id={id} value={kind} onChange={(event) => setKind(event.target.value as (typeof KINDS)[number])}>
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {t(`debug:changeKinds.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Line>
      )}
      <div className="debug-row-form-end">
        <Button isSmall tone="quiet" onClick={onCancel}>
          {t('debug:cancel')}
        </Button>
        <Button isSmall type="submit" disabled={isTimeWrong}>
          {t('debug:put')}
        </Button>
      </div>
    </form>
  );
}

function Line(props: {
  readonly name: string;
  readonly type: string;
  readonly children: (id: string) => ReactNode;
}): ReactNode {
  const id = useId();
  return (
    <div className="debug-row-form-line">
      <label htmlFor={id}>
        {props.name} <span className="debug-type">{props.type}</span>
      </label>
      <span>{props.children(id)}</span>
    </div>
  );
}
