import { ChevronDown, ChevronUp, FolderOpen, Settings2, StickyNote, TestTube } from 'lucide-react';
import { useDeferredValue, useEffect, useMemo, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { shortcutOf } from '../app/shortcuts.ts';
import { usePlaceNames } from '../inspector/form/place-name.ts';
import { useNodeNames } from '../run/node-name.ts';
import { usePacedLive } from '../run/use-paced-live.ts';
import { useActiveDocument, useNode } from '../stores/document-store.ts';
import { useValidation } from '../stores/validation-store.ts';
import { IconButton, join } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { SearchInput } from '../ui/fields.tsx';
import { OperatorIcon } from '../ui/OperatorIcon.tsx';
import { FACT_IDS, wordsOf } from './facts.ts';
import type { Match, MatchKind } from './find-in-pipeline.ts';
import { setCurrent, setQuery, stepped, useFindStore } from './find-store.ts';
import { findMatches, goTo } from './matches.ts';
import { MatchText } from './MatchText.tsx';
import { OtherPipelines } from './OtherPipelines.tsx';
import './find.css';

/** Finds in the pipeline on screen: each match with its place; Enter and Shift+Enter go through them. */
export function FindView(): ReactNode {
  const { t } = useTranslation();
  const { query, current, focusSerial } = useFindStore();
  const matches = useMatches(query);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, [focusSerial]);
  const go = (index: number): void => {
    setCurrent(index);
    const match = matches[index];
    if (match !== undefined) goTo(match);
  };
  const isEmpty = query.trim() === '';
  return (
    <div className="ui-side find">
      <div className="ui-side-top">
        <SearchInput
          ref={input}
          label={t('find:search')}
          value={query}
          onChange={setQuery}
          onKeyDown={(event) => {
            if (event.key === 'Enter') go(stepped(matches, current, event.shiftKey ? -1 : 1));
            if (event.key === 'ArrowDown') focusMatch(0);
          }}
        />
        <IconButton
          label={t('find:previous')}
          shortcut={shortcutOf('edit.findPrevious')}
          icon={<ChevronUp size={15} aria-hidden />}
          disabled={matches.length === 0}
          onClick={() => go(stepped(matches, current, -1))}
        />
        <IconButton
          label={t('find:next')}
          shortcut={shortcutOf('edit.findNext')}
          icon={<ChevronDown size={15} aria-hidden />}
          disabled={matches.length === 0}
          onClick={() => go(stepped(matches, current, 1))}
        />
      </div>
      <p className="find-count" role="status">
        {!isEmpty &&
          (current < 0
            ? t('find:count', { count: matches.length })
            : t('find:position', { at: current + 1, count: matches.length }))}
      </p>
      {isEmpty ? (
        <Examples />
      ) : (
        <div className="ui-side-list">
          <MatchList matches={matches} current={current} onGo={go} />
          <OtherPipelines query={query} />
        </div>
      )}
    </div>
  );
}

/** Looks again when the pipeline changes, and now and then while its job runs. */
function useMatches(query: string): readonly Match[] {
  const { t } = useTranslation();
  const open = useActiveDocument();
  const validation = useValidation();
  const report = usePacedLive(selectReport);
  const wanted = useDeferredValue(query);
  return useMemo(
    () => (open === null ? [] : findMatches(wanted, open.path, open.document, validation, t)),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- live facts are read from the buffer whenever a report has come
    [open, validation, wanted, t, report],
  );
}

function selectReport(state: { readonly metrics: unknown }): unknown {
  return state.metrics;
}

/** What can be looked for besides texts. */
function Examples(): ReactNode {
  const { t } = useTranslation();
  return (
    <div className="find-examples">
      <p>{t('find:hint')}</p>
      <p>{t('find:keywords')}</p>
      <ul className="ui-list">
        {FACT_IDS.map((id) => {
          const word = wordsOf(id, t)[0]!;
          return (
            <li key={id}>
              <button type="button" onClick={() => setQuery(word)}>
                {word}
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface MatchListProps {
  readonly matches: readonly Match[];
  readonly current: number;
  readonly onGo: (index: number) => void;
}

/** Matches in a row that are in one node stand under its name. */
function MatchList({ matches, current, onGo }: MatchListProps): ReactNode {
  const { t } = useTranslation();
  const placeOf = usePlaceNames();
  if (matches.length === 0) return <EmptyState title={t('find:none')} hint={t('find:noneHint')} />;
  return (
    <ul className="ui-list" aria-label={t('find:matches')} onKeyDown={walk}>
      {matches.map((match, i) => {
        const isFirst = i === 0 || match.nodeId === null || matches[i - 1]!.nodeId !== match.nodeId;
        return (
          <li key={i}>
            {isFirst && <Owner match={match} />}
            <button
              type="button"
              className={join('ui-row find-match', i === current && 'is-active')}
              aria-current={i === current ? 'true' : undefined}
              onClick={() => onGo(i)}
            >
              <span className="find-place" title={match.path}>
                {t(`find:kind.${match.kind}`)}
                {match.path !== '' && ` · ${placeOf(match.nodeId, match.path)}`}
              </span>
              <MatchText match={match} />
            </button>
          </li>
        );
      })}
    </ul>
  );
}

const ICONS: Partial<Readonly<Record<MatchKind, typeof StickyNote>>> = {
  note: StickyNote,
  group: FolderOpen,
  test: TestTube,
};

function Owner({ match }: { readonly match: Match }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useNodeNames();
  const type = useNode(match.nodeId)?.type ?? '';
  const Icon = ICONS[match.kind] ?? Settings2;
  return (
    <h3 className="find-owner">
      {match.nodeId === null ? (
        <>
          <Icon size={14} aria-hidden />
          {t(`find:kind.${match.kind}`)}
        </>
      ) : (
        <>
          <OperatorIcon type={type} category={findSpec(type)?.category ?? null} size={16} />
          {nameOf(match.nodeId)}
        </>
      )}
    </h3>
  );
}

function walk(event: React.KeyboardEvent<HTMLUListElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0) return;
  const rows = [...event.currentTarget.querySelectorAll('.find-match')];
  event.preventDefault();
  focusMatch(rows.findIndex((row) => row === document.activeElement) + step);
}

function focusMatch(index: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('.find-match')];
  (rows[index] ?? document.querySelector<HTMLElement>('.find input'))?.focus();
}
