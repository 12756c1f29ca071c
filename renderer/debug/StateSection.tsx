import { CircleDot } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { BreakpointPlace, DebugPlanInfo, StateEntry, StateTable } from '../../runtime/protocol/debug.ts';
import { formatBytes, formatCount } from '../ui/format.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { SearchInput } from '../ui/fields.tsx';
import { toggled } from './breakpoints.ts';
import { choosePart, searchState } from './debug-look.ts';
import { changeBreakpoints, record, writeSink } from './debug-session.ts';
import { selectIsStopped, SHOWN_ENTRIES, useDebugStore, type DebugView } from './debug-store.ts';
import { useOperatorNames } from './operator-names.ts';
import { Value } from './RowSection.tsx';
import { isTime, namespaceText, timeText } from './sentences.ts';
import { shownValue } from './values.ts';

/** Keyed state, panes and timers of the operator that is looked at, and the watermarks of its inputs. */
export function StateSection({ view: { state, watermarks } }: { readonly view: DebugView }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useOperatorNames();
  const query = useDebugStore((one) => one.stateQuery);
  if (state === null) return <p className="debug-nothing">{t('debug:chooseNode')}</p>;
  const tables = state.tables.filter(({ entries }) => entries > 0);
  const lists = state.lists.filter(({ values }) => values.length > 0);
  const isCut = tables.some(({ shown, entries }) => shown.length >= query.limit && shown.length < entries);
  return (
    <section className="debug-section" aria-label={t('debug:state')}>
      <h3>
        {nameOf(state.nodeId)} <span className="debug-type">{formatBytes(state.bytes)}</span>
        <KeepButton nodeId={state.nodeId} />
      </h3>
      <Parts nodeId={state.nodeId} />
      {watermarks
        .filter(({ nodeId }) => nodeId === state.nodeId)
        .map(({ subtask, watermark, inputs }, _, all) => (
          <p key={subtask} className="debug-nothing">
            {all.length === 1
              ? t('debug:mark.watermark', { time: timeText(watermark, t) })
              : t('debug:watermark', { subtask: subtask + 1, time: timeText(watermark, t) })}
            {(inputs.length > 1 ? inputs : []).map((input, i) => (
              <span key={i} className={input.holdsBack ? 'debug-holds' : undefined}>
                {' · '}
                {t(input.holdsBack ? 'debug:holdsBack' : 'debug:inputAt', {
                  node: nameOf(input.from),
                  time: timeText(input.watermark, t),
                })}
                {input.isIdle && ` (${t('debug:idle')})`}
              </span>
            ))}
          </p>
        ))}
      {(tables.some(({ entries }) => entries > 1) || query.key !== '') && (
        <SearchInput
          label={t('debug:searchKey')}
          value={query.key}
          onChange={(key) => void searchState({ key, limit: SHOWN_ENTRIES })}
        />
      )}
      {tables.map((table) => (
        <Entries key={table.name} nodeId={state.nodeId} table={table} />
      ))}
      {isCut && (
        <Button isSmall tone="quiet" onClick={() => void searchState({ ...query, limit: query.limit + SHOWN_ENTRIES })}>
          {t('debug:moreEntries')}
        </Button>
      )}
      {lists.map(({ name, subtask, values }) => (
        <div key={`${name}-${subtask}`}>
          <h4>{name}</h4>
          <code className="debug-json">{JSON.stringify(values, null, 1)}</code>
        </div>
      ))}
      {tables.length === 0 && lists.length === 0 && <p className="debug-nothing">{t('debug:noState')}</p>}
    </section>
  );
}

/** Of a composite: which of its operators is looked at. */
function Parts({ nodeId }: { readonly nodeId: NodeId }): ReactNode {
  const { t } = useTranslation();
  const plan = useDebugStore((state) => state.plan);
  const parts = partsAround(plan, nodeId);
  if (parts.length < 2) return null;
  return (
    <select
      className="debug-parts"
      aria-label={t('debug:part')}
      value={nodeId}
      onChange={(event) => void choosePart(event.target.value as NodeId)}
    >
      {parts.map((one) => (
        <option key={one.nodeId} value={one.nodeId}>
          {one.label}
        </option>
      ))}
    </select>
  );
}

function partsAround(plan: DebugPlanInfo | null, nodeId: NodeId): DebugPlanInfo['operators'] {
  const outer = plan?.operators.find((one) => one.nodeId === nodeId)?.documentNode;
  return plan?.operators.filter(({ documentNode }) => documentNode === outer) ?? [];
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
      className="debug-end"
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
  const { keys, columns, shown } = table;
  const namespaces = shown.flatMap(({ namespace }) => (namespace === null ? [] : [namespace]));
  return (
    <>
      <h4>
        {table.name}{' '}
        <span className="debug-type">
          {t('debug:entries', { count: table.entries, entries: formatCount(table.entries) })} ·{' '}
          {formatBytes(table.bytes)}
        </span>
      </h4>
      {shown.length === 0 && <p className="debug-nothing">{t('debug:noSuchKey')}</p>}
      {shown.length > 0 && (
        <div className="debug-scroll">
          <table className="debug-entries">
            <thead>
              <tr>
                <td />
                {keys.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
                {namespaces.length > 0 && (
                  // Of timers there is nothing else: it is when they are due.
                  <th scope="col">
                    {t(
                      columns.length === 0
                        ? 'debug:dueAt'
                        : namespaces.every(isTime)
                          ? 'debug:paneAt'
                          : 'debug:namespace',
                    )}
                  </th>
                )}
                {columns.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {shown.map((entry, i) => (
                <tr key={i}>
                  <td>
                    <IconButton
                      isSmall
                      label={t('debug:stopAtKey')}
                      icon={<CircleDot size={13} aria-hidden />}
                      onClick={() => void changeBreakpoints((all) => toggled(all, entryPlace(nodeId, table, entry)))}
                    />
                  </td>
                  {entry.key.map((value, at) => (
                    <td key={at}>
                      <Value value={value} type={keys[at]?.type} />
                    </td>
                  ))}
                  {namespaces.length > 0 && <td>{entry.namespace === null ? '' : namespaceText(entry.namespace)}</td>}
                  {entry.values.map((value, at) => (
                    <td key={at} title={shownValue(value, columns[at]?.type ?? '') ?? 'NULL'}>
                      <Value value={value} type={columns[at]?.type} />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}

function entryPlace(nodeId: NodeId, { name }: StateTable, { key }: StateEntry): BreakpointPlace {
  const texts = key.map((value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return { type: 'state', nodeId, table: name, key: texts };
}
