import { CircleDot } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { BreakpointPlace, StateEntry, StateTable } from '../../runtime/protocol/debug.ts';
import { useNodeNames } from '../run/node-name.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { toggled } from './breakpoints.ts';
import { changeBreakpoints, record, selectIsStopped, useDebugStore, writeSink, type DebugView } from './debug-store.ts';
import { Value } from './RowSection.tsx';
import { timeText } from './sentences.ts';

/** Keyed state, panes and timers of the operator that is looked at, and the watermarks of its inputs. */
export function StateSection({ view: { state, watermarks } }: { readonly view: DebugView }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  if (state === null) return <p className="debug-nothing">{t('debug:chooseNode')}</p>;
  const tables = state.tables.filter(({ entries }) => entries > 0);
  return (
    <section className="debug-section" aria-label={t('debug:state')}>
      <h3>
        {nameOf(state.nodeId)} <span className="debug-type">{formatBytes(state.bytes)}</span>
        <KeepButton nodeId={state.nodeId} />
      </h3>
      {watermarks
        .filter(({ nodeId }) => nodeId === state.nodeId)
        .map(({ subtask, watermark, inputs }) => (
          <p key={subtask} className="debug-nothing">
            {t('debug:watermark', { subtask: subtask + 1, time: timeText(watermark, t) })}
            {inputs.map((input, i) => (
              <span key={i} className={input.holdsBack ? 'debug-holds' : undefined}>
                {' · '}
                {t(input.holdsBack ? 'debug:holdsBack' : 'debug:inputAt', {
                  node: nameOf(input.from),
                  time: timeText(input.watermark, t),
                })}
              </span>
            ))}
          </p>
        ))}
      {tables.map((table) => (
        <Entries key={table.name} nodeId={state.nodeId} table={table} />
      ))}
      {state.lists
        .filter(({ values }) => values.length > 0)
        .map(({ name, subtask, values }) => (
          <div key={`${name}-${subtask}`}>
            <h4>{name}</h4>
            <code className="debug-row-text">{JSON.stringify(values)}</code>
          </div>
        ))}
      {tables.length === 0 && state.lists.every(({ values }) => values.length === 0) && (
        <p className="debug-nothing">{t('debug:noState')}</p>
      )}
    </section>
  );
}

/** Of a sink: write what it was given; of others: keep what they gave, to start from. */
function KeepButton({ nodeId }: { readonly nodeId: NodeId }): ReactNode {
  const { t } = useTranslation();
  const isStopped = useDebugStore(selectIsStopped);
  const isSink = useDebugStore(
    ({ plan }) => plan?.operators.find((operator) => operator.nodeId === nodeId)?.outputs.length === 0,
  );
  return (
    <Button
      isSmall
      tone="quiet"
      disabled={!isStopped}
      title={t(isSink ? 'debug:writeSinkHint' : 'debug:recordHint')}
      onClick={() => void (isSink ? writeSink(nodeId) : record(nodeId))}
    >
      {t(isSink ? 'debug:writeSink' : 'debug:record')}
    </Button>
  );
}

function Entries({ nodeId, table }: { readonly nodeId: NodeId; readonly table: StateTable }): ReactNode {
  const { t } = useTranslation();
  const hasNamespace = table.shown.some(({ namespace }) => namespace !== null);
  return (
    <>
      <h4>
        {table.name}{' '}
        <span className="debug-type">
          {t('debug:entries', { count: table.entries, entries: formatCount(table.entries) })} ·{' '}
          {formatBytes(table.bytes)}
        </span>
      </h4>
      <div className="debug-scroll">
        <table className="debug-entries">
          <thead>
            <tr>
              {table.keys.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              {hasNamespace && <th scope="col">{t('debug:namespace')}</th>}
              {table.columns.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              <td />
            </tr>
          </thead>
          <tbody>
            {table.shown.map((entry, i) => (
              <tr key={i}>
                {entry.key.map((value, at) => (
                  <td key={at}>
                    <Value value={value} />
                  </td>
                ))}
                {hasNamespace && <td>{entry.namespace === null ? '' : namespaceText(entry.namespace)}</td>}
                {entry.values.map((value, at) => (
                  <td key={at}>
                    <Value value={value} />
                  </td>
                ))}
                <td>
                  <IconButton
                    isSmall
                    label={t('debug:stopAtKey')}
                    icon={<CircleDot size={13} aria-hidden />}
                    onClick={() => void changeBreakpoints((all) => toggled(all, entryPlace(nodeId, table, entry)))}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function entryPlace(nodeId: NodeId, { name }: StateTable, { key }: StateEntry): BreakpointPlace {
  const texts = key.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return { type: 'state', nodeId, table: name, key: texts };
}

/** Of times after 2001 as such: a window's start; else a number. */
function namespaceText(namespace: number): string {
  return namespace > 1e12 ? new Date(namespace).toISOString() : String(namespace);
}
