import { CirclePlus, X } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { nodeId } from '../../runtime/core/ids.ts';
import type { BreakpointRequest } from '../../runtime/protocol/debug.ts';
import { useNodeNames } from '../run/node-name.ts';
import { activeDocument, useActiveDocument } from '../stores/document-store.ts';
import { reveal, useSelectedNodeId } from '../stores/view-store.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Menu } from '../ui/Menu.tsx';
import { changed, EVENT_PLACES, eventPlace, removed, toggled, withCondition, withHits } from './breakpoints.ts';
import { selectBreakpoints, setBreakpoints, useDebugStore } from './debug-store.ts';
import { placeSentence } from './sentences.ts';

const MODES = ['enabled', 'disabled', 'log'] as const;

/** All breakpoints of the document: where, in which state, on which condition, how often hit; and what the log ones wrote. */
export function BreakpointsSection(): ReactNode {
  const { t } = useTranslation();
  const path = useActiveDocument()?.path ?? null;
  const breakpoints = useDebugStore((state) => selectBreakpoints(state, path));
  const log = useDebugStore((state) => state.log);
  return (
    <section className="debug-section" aria-label={t('debug:breakpoints')}>
      <h3>
        {t('debug:breakpoints')}
        <AddMenu />
      </h3>
      {breakpoints.length === 0 && <p className="debug-nothing">{t('debug:noBreakpoints')}</p>}
      <ul className="debug-list">
        {breakpoints.map((one) => (
          <Breakpoint key={one.id} breakpoint={one} />
        ))}
      </ul>
      {log.length > 0 && (
        <>
          <h4>{t('debug:log')}</h4>
          <ol className="debug-log" aria-label={t('debug:log')}>
            {log.map((line, i) => (
              <li key={i}>
                <span className="debug-type">@{line.moment}</span> {line.text}
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  );
}

function change(next: (breakpoints: readonly BreakpointRequest[]) => readonly BreakpointRequest[]): void {
  const open = activeDocument();
  if (open === null) return;
  void setBreakpoints(open.path, next(selectBreakpoints(useDebugStore.getState(), open.path)));
}

function AddMenu(): ReactNode {
  const { t } = useTranslation();
  const selected = useSelectedNodeId();
  const nameOf = useNodeNames();
  const everywhere = (['late', 'firing', 'error'] as const).map((type) => ({
    id: `any-${type}`,
    label: placeSentence({ type, nodeId: null }, { t, nameOf }),
    run: () => change((all) => toggled(all, { type, nodeId: null })),
  }));
  const here = selected === null ? null : nodeId(selected);
  const there =
    here === null
      ? []
      : [
          {
            id: 'node',
            label: placeSentence({ type: 'node', nodeId: here }, { t, nameOf }),
            run: () => change((all) => toggled(all, { type: 'node', nodeId: here })),
          },
          ...EVENT_PLACES.map((type) => ({
            id: type,
            label: placeSentence(eventPlace(type, here), { t, nameOf }),
            run: () => change((all) => toggled(all, eventPlace(type, here))),
          })),
          'separator' as const,
        ];
  return (
    <Menu entries={[...there, ...everywhere]} align="end">
      <Button isSmall tone="quiet" icon={<CirclePlus size={13} aria-hidden />}>
        {t('debug:addBreakpoint')}
      </Button>
    </Menu>
  );
}

function Breakpoint({ breakpoint }: { readonly breakpoint: BreakpointRequest }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const state = useDebugStore((one) => one.breakpointStates.get(breakpoint.id));
  const isHit = useDebugStore((one) => one.view?.stop.breakpoints.includes(breakpoint.id) ?? false);
  const [condition, setCondition] = useState(breakpoint.condition ?? '');
  const [hits, setHits] = useState(String(breakpoint.hits?.n ?? ''));
  const where = placeSentence(breakpoint.place, { t, nameOf });
  const { id, place } = breakpoint;
  const commit = (): void =>
    change((all) => all.map((one) => (one.id === id ? withHits(withCondition(one, condition), Number(hits)) : one)));
  return (
    <li className={isHit ? 'debug-breakpoint is-hit' : 'debug-breakpoint'}>
      <span className={`debug-dot is-${breakpoint.mode}`} aria-hidden />
      <button
        type="button"
        className="debug-link"
        onClick={() => place.nodeId !== null && reveal({ nodeId: place.nodeId })}
      >
        {where}
      </button>
      <select
        aria-label={t('debug:mode', { where })}
        value={breakpoint.mode}
        onChange={(event) => change((all) => changed(all, id, { mode: event.target.value as (typeof MODES)[number] }))}
      >
        {MODES.map((mode) => (
          <option key={mode} value={mode}>
            {t(`debug:modes.${mode}`)}
          </option>
        ))}
      </select>
      <input
        className="debug-condition"
        aria-label={t('debug:condition', { where })}
        placeholder={t('debug:conditionHint')}
        value={condition}
        spellCheck={false}
        onChange={(event) => setCondition(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      <input
        className="debug-hits"
        aria-label={t('debug:hitsFrom', { where })}
        placeholder={t('debug:hitsHint')}
        inputMode="numeric"
        value={hits}
        onChange={(event) => setHits(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      <span className="debug-type">{t('debug:hitCount', { count: state?.hits ?? 0 })}</span>
      <IconButton
        isSmall
        label={t('debug:removeBreakpoint', { where })}
        icon={<X size={13} aria-hidden />}
        onClick={() => change((all) => removed(all, id))}
      />
      {state !== undefined && state.problem !== null && <p className="debug-error">{state.problem}</p>}
    </li>
  );
}
