import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { DebugColumn, DebugRow, ExpressionValues, StateChange } from '../../runtime/protocol/debug.ts';
import { said } from '../app/i18n/said.ts';
import { useFormText } from '../inspector/form/use-form-text.ts';
import { Badge, type Tone } from '../ui/Badge.tsx';
import { useDebugStore, type DebugView } from './debug-store.ts';
import { namespaceText, portOf, timeText } from './sentences.ts';
import { shownValue } from './values.ts';

const TONES: Readonly<Record<string, Tone>> = { emitted: 'ok', kept: 'info', late: 'warning', failed: 'error' };

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
        <Fields row={row} columns={portOf(plan, row.nodeId, row.port)?.fields ?? []} />
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
              <Change key={i} change={change} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** An entry that the step makes, changes or removes. */
function Change({
  change: { table, key, namespace, columns, before, after },
}: {
  readonly change: StateChange;
}): ReactNode {
  return (
    <li>
      <code>
        {table} [{key.map((part) => JSON.stringify(part)).join(', ')}]
        {namespace !== null && ` @ ${namespaceText(namespace)}`}
      </code>{' '}
      {columns.map((name, at) => (
        <span key={name} className="debug-change">
          {name}: {shownState(before?.[at])} → <b>{shownState(after?.[at])}</b>
        </span>
      ))}
    </li>
  );
}

function shownState(value: unknown): string {
  return shownValue(value, 'object') ?? '–';
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
              <Value value={value} type={columns[i]?.type} />
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

export function Value({
  value,
  type = '',
}: {
  readonly value: unknown;
  readonly type?: string | undefined;
}): ReactNode {
  const text = shownValue(value, type);
  return text === null ? <i className="debug-null">NULL</i> : <span className="debug-value">{text}</span>;
}

/** The whole first, then its parts, as deep as they lie. */
function Expression({ values: { label, parts } }: { readonly values: ExpressionValues }): ReactNode {
  const formText = useFormText();
  return (
    <div className="debug-expression">
      <h4>{formText(label)}</h4>
      <table className="debug-fields">
        <tbody>
          {parts.map((part, i) => (
            <tr key={`${part.start}-${part.end}-${i}`} className={i === 0 ? 'is-whole' : undefined}>
              <th scope="row">
                <code>{part.text}</code>
              </th>
              <td>
                {part.error === null ? (
                  <Value value={part.value} type={part.type} />
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
