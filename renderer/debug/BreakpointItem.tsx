import { Hash, X } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { BreakpointPlace, BreakpointRequest } from '../../runtime/protocol/debug.ts';
import { ExpressionEditor } from '../code/ExpressionEditor.tsx';
import { useNodeNames } from '../run/node-name.ts';
import { useNodeInfo } from '../stores/validation-store.ts';
import { reveal } from '../stores/view-store.ts';
import { IconButton } from '../ui/Button.tsx';
import { formatEventTimeFull } from '../ui/format.ts';
import { conditionScope, hasRow } from './breakpoint-scope.ts';
import { changed, removed, withCondition, withHits, withMessage, type Hits } from './breakpoints.ts';
import { changeBreakpoints } from './debug-session.ts';
import { useDebugStore } from './debug-store.ts';
import { placeSentence, timeOf } from './sentences.ts';

const MODES = ['enabled', 'disabled', 'log'] as const;

/** A breakpoint: where it is, what it does, on which condition, from which hit on; and how often it was hit. */
export function BreakpointItem({ breakpoint }: { readonly breakpoint: BreakpointRequest }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const state = useDebugStore((one) => one.breakpointStates.get(breakpoint.id));
  const isHit = useDebugStore((one) => one.view?.stop.breakpoints.includes(breakpoint.id) ?? false);
  const [isCounting, setCounting] = useState(false);
  const { id, place, mode } = breakpoint;
  const where = placeSentence(place, { t, nameOf });
  const change = (next: (one: BreakpointRequest) => BreakpointRequest): void =>
    void changeBreakpoints((all) => all.map((one) => (one.id === id ? next(one) : one)));
  return (
    <li className={isHit ? 'debug-breakpoint is-hit' : 'debug-breakpoint'}>
      <span className={`debug-dot is-${mode}`} aria-hidden />
      <button
        type="button"
        className="ui-link"
        onClick={() => place.nodeId !== null && reveal({ nodeId: place.nodeId })}
      >
        {where}
      </button>
      <span className="debug-type">{t('debug:hitCount', { count: state?.hits ?? 0 })}</span>
      <IconButton
        isSmall
        label={t('debug:countHits', { where })}
        icon={<Hash size={13} aria-hidden />}
        isPressed={isCounting}
        onClick={() => setCounting(!isCounting)}
      />
      <IconButton
        isSmall
        label={t('debug:removeBreakpoint', { where })}
        icon={<X size={13} aria-hidden />}
        onClick={() => void changeBreakpoints((all) => removed(all, id))}
      />
      <div className="debug-breakpoint-line">
        <select
          aria-label={t('debug:mode', { where })}
          value={mode}
          onChange={(event) =>
            void changeBreakpoints((all) => changed(all, id, { mode: event.target.value as (typeof MODES)[number] }))
          }
        >
          {MODES.map((one) => (
            <option key={one} value={one}>
              {t(`debug:modes.${one}`)}
            </option>
          ))}
        </select>
        {hasRow(place) && <Condition breakpoint={breakpoint} where={where} onChange={change} />}
        <PlaceInput place={place} where={where} onChange={(next) => change((one) => ({ ...one, place: next }))} />
      </div>
      {(isCounting || breakpoint.hits !== undefined) && (
        <div className="debug-breakpoint-line">
          <HitsInput
            hits={breakpoint.hits ?? null}
            where={where}
            onChange={(hits) => change((one) => withHits(one, hits))}
          />
        </div>
      )}
      {mode === 'log' && (
        <div className="debug-breakpoint-line">
          <Draft
            label={t('debug:message', { where })}
            placeholder={t('debug:messageHint')}
            text={breakpoint.message ?? ''}
            onCommit={(message) => change((one) => withMessage(one, message))}
          />
        </div>
      )}
      {state !== undefined && state.problem !== null && <p className="debug-error">{state.problem}</p>}
    </li>
  );
}

function Condition(props: {
  readonly breakpoint: BreakpointRequest;
  readonly where: string;
  readonly onChange: (next: (one: BreakpointRequest) => BreakpointRequest) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { condition = '', place } = props.breakpoint;
  const info = useNodeInfo(place.nodeId);
  const state = useDebugStore((one) => one.view?.state ?? null);
  const context = useMemo(() => ({ scope: conditionScope(place, info, state), literals: [] }), [place, info, state]);
  return (
    <ExpressionEditor
      label={t('debug:condition', { where: props.where })}
      value={condition}
      context={context}
      placeholder={t('debug:conditionHint')}
      onChange={(text) => props.onChange((one) => withCondition(one, text))}
    />
  );
}

/** What an event is about: a time, a key. */
function PlaceInput(props: {
  readonly place: BreakpointPlace;
  readonly where: string;
  readonly onChange: (place: BreakpointPlace) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { place, where, onChange } = props;
  if (place.type === 'watermark') {
    return (
      <Draft
        label={t('debug:watermarkAt', { where })}
        placeholder={t('debug:watermarkHint')}
        text={place.atLeast === null ? '' : formatEventTimeFull(place.atLeast)}
        isValid={(text) => text.trim() === '' || timeOf(text) !== null}
        onCommit={(text) => onChange({ ...place, atLeast: timeOf(text) })}
      />
    );
  }
  if (place.type !== 'state') return null;
  const { key = [] } = place;
  return (
    <Draft
      label={t('debug:stateKey', { where })}
      placeholder={t('debug:stateKeyHint')}
      text={key.join(', ')}
      onCommit={(text) => {
        const { key: _, ...rest } = place;
        onChange(text.trim() === '' ? rest : { ...rest, key: text.split(',').map((part) => part.trim()) });
      }}
    />
  );
}

function HitsInput(props: {
  readonly hits: Hits | null;
  readonly where: string;
  readonly onChange: (hits: Hits | null) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { hits, where, onChange } = props;
  const [type, setType] = useState<Hits['type']>(hits?.type ?? 'from');
  return (
    <>
      <select
        aria-label={t('debug:hitsType', { where })}
        value={type}
        onChange={(event) => {
          const next = event.target.value as Hits['type'];
          setType(next);
          if (hits !== null) onChange({ ...hits, type: next });
        }}
      >
        {(['from', 'at', 'every'] as const).map((one) => (
          <option key={one} value={one}>
            {t(`debug:hitsTypes.${one}`)}
          </option>
        ))}
      </select>
      <Draft
        className="debug-hits"
        label={t('debug:hitsOf', { where })}
        placeholder="1"
        inputMode="numeric"
        text={String(hits?.n ?? '')}
        isValid={(text) => /^\d*$/.test(text.trim())}
        onCommit={(text) => onChange(text.trim() === '' ? null : { type, n: Number(text) })}
      />
    </>
  );
}

/** Text that counts once it is left, or Enter is pressed; what is not valid is marked and goes back. */
function Draft(props: {
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  readonly className?: string;
  readonly inputMode?: 'numeric';
  readonly isValid?: (text: string) => boolean;
  readonly onCommit: (text: string) => void;
}): ReactNode {
  const { label, placeholder, text, className = 'debug-wide', inputMode, isValid = () => true, onCommit } = props;
  const [draft, setDraft] = useState<string | null>(null);
  const commit = (): void => {
    if (draft !== null && draft !== text && isValid(draft)) onCommit(draft);
    setDraft(null);
  };
  return (
    <input
      className={className}
      aria-label={label}
      aria-invalid={draft !== null && !isValid(draft)}
      placeholder={placeholder}
      title={placeholder}
      inputMode={inputMode}
      value={draft ?? text}
      spellCheck={false}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
