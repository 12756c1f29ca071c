import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DebugColumn, DebugPlanInfo, DebugRow, ExpressionValues } from '../../runtime/protocol/debug.ts';
import { said } from '../app/i18n/said.ts';
import { valueText } from '../preview/row-value.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { useDebugStore, type DebugView } from './debug-store.ts';
import { timeText } from './sentences.ts';

const TONES: Readonly<Record<string, Tone>> = { emitted: 'ok', kept: 'info', late: 'warning', failed: 'error' };

/** Fields of the port that a row left. */
export function fieldsOf(plan: DebugPlanInfo | null, row: DebugRow): readonly DebugColumn[] {
  const operator = plan?.operators.find(({ nodeId }) => nodeId === row.nodeId);
  return operator?.outputs.find(({ name }) => name === row.port)?.fields ?? [];
}

/** The row at hand, what the operator will do with it, and the value of each part of its expressions. */
export function RowSection({ view }: { readonly view: DebugView }): ReactNode {
  const { t } = useTranslation();
  const plan = useDebugStore((state) => state.plan);
  const { explanation, stop } = view;
  const row = stop.next?.row ?? null;
  return (
    <section className="debug-section" aria-label={t('debug:row')}>
      <h3>
        {t('debug:row')}
        {explanation !== null && explanation.outcome !== 'none' && (
          <Badge tone={TONES[explanation.outcome] ?? 'neutral'}>{t(`debug:outcome.${explanation.outcome}`)}</Badge>
        )}
      </h3>
      {row === null ? (
        <p className="debug-nothing">{t('debug:noRow')}</p>
      ) : (
        <Fields row={row} columns={fieldsOf(plan, row)} />
      )}
      {explanation !== null && explanation.step.error !== null && (
        <p className="debug-error">{said(explanation.step.error.message)}</p>
      )}
      {explanation?.expressions.map((one) => (
        <Expression key={one.path} values={one} />
      ))}
      {explanation !== null && explanation.changes.length > 0 && (
        <>
          <h4>{t('debug:changes')}</h4>
          <ul className="debug-list">
            {explanation.changes.map((change, i) => (
              <li key={i}>
                <code>
                  {change.table} [{change.key.map((part) => JSON.stringify(part)).join(', ')}]
                </code>{' '}
                {change.columns.map((name, at) => (
                  <span key={name} className="debug-change">
                    {name}: {valueText(change.before?.[at]) ?? '–'} → <b>{valueText(change.after?.[at]) ?? '–'}</b>
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Fields({ row, columns }: { readonly row: DebugRow; readonly columns: readonly DebugColumn[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <table className="debug-fields">
      <tbody>
        {row.values.map((value, i) => (
          <tr key={i}>
            <th scope="row">{columns[i]?.name ?? i}</th>
            <td>
              <Value value={value} />
            </td>
            <td className="debug-type">{columns[i]?.type}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">{t('debug:eventTime')}</th>
          <td>{timeText(row.eventTime, t)}</td>
          <td className="debug-type">
            {row.changeKind} · #{row.id}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

export function Value({ value }: { readonly value: unknown }): ReactNode {
  const text = valueText(value);
  return text === null ? <i className="debug-null">NULL</i> : <span className="debug-value">{text}</span>;
}

/** The whole first, then its parts, as deep as they lie. */
function Expression({ values: { label, parts } }: { readonly values: ExpressionValues }): ReactNode {
  return (
    <div className="debug-expression">
      <h4>{label}</h4>
      <table className="debug-fields">
        <tbody>
          {parts.map((part, i) => (
            <tr key={`${part.start}-${part.end}-${i}`} className={i === 0 ? 'is-whole' : undefined}>
              <th scope="row">
                <code>{part.text}</code>
              </th>
              <td>
                {part.error === null ? (
                  <Value value={part.value} />
                ) : (
                  <span className="debug-error">{said(part.error)}</span>
                )}
              </td>
              <td className="debug-type">{part.type}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
