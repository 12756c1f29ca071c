import { CircleCheck, CircleHelp, CircleX, History, LoaderCircle, RefreshCw, Square } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunRecord } from '../../runtime/protocol/run-record.ts';
import { documentName } from '../files/document-files.ts';
import { NothingSeen } from '../run/NothingSeen.tsx';
import { notifyError } from '../stores/notice-store.ts';
import { useRunStore } from '../stores/run-store.ts';
import { IconButton, join } from '../ui/Button.tsx';
import { SearchInput } from '../ui/fields.tsx';
import { formatAge, formatCount, formatDateTime, formatDuration } from '../ui/format.ts';
import { useNow } from '../ui/use-now.ts';
import { RunDetails } from './RunDetails.tsx';
import { outcomeOf, type Outcome } from './outcome.ts';
import { refreshRuns, useRuns } from './runs-store.ts';
import './runs.css';

/** What a running one has given is read again this often. */
const REFRESH_MS = 2000;

/** What runs in this workspace and what ran: how it ended, with what, and how to run it again. */
export function RunsView(): ReactNode {
  const { t } = useTranslation();
  const runs = useRuns((state) => state.runs);
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  useRunsLoaded(runs?.some((run) => outcomeOf(run) === 'running') ?? false);
  if (runs === null) return null;
  if (runs.length === 0) {
    return <NothingSeen icon={<History size={20} />} title={t('runs:none')} hint={t('runs:noneHint')} />;
  }
  const words = query.trim().toLowerCase();
  const shown = runs.filter((run) => run.path.toLowerCase().includes(words));
  const running = shown.filter((run) => outcomeOf(run) === 'running');
  const ended = shown.filter((run) => outcomeOf(run) !== 'running');
  const section = (title: string, of: readonly RunRecord[]): ReactNode =>
    of.length > 0 && (
      <section aria-label={title}>
        <h3>{title}</h3>
        <ul className="ui-list">
          {of.map((run) => (
            <RunItem
              key={run.id}
              run={run}
              isOpen={run.id === chosen}
              onToggle={() => setChosen(run.id === chosen ? null : run.id)}
            />
          ))}
        </ul>
      </section>
    );
  return (
    <div className="ui-side">
      <div className="ui-side-top">
        <SearchInput label={t('runs:search')} value={query} onChange={setQuery} />
        <IconButton
          label={t('runs:refresh')}
          icon={<RefreshCw size={14} aria-hidden />}
          onClick={() => void readRuns()}
        />
      </div>
      <div className="ui-side-list">
        {section(t('runs:running'), running)}
        {section(t('runs:ended'), ended)}
        {shown.length === 0 && <p className="ui-side-none">{t('runs:noMatch')}</p>}
      </div>
    </div>
  );
}

async function readRuns(): Promise<void> {
  await refreshRuns().catch((error: unknown) => notifyError('runs:listFailed', error));
}

/** Reads the list when it is first shown, whenever this page's job changes its state, and while one runs. */
function useRunsLoaded(isAnyRunning: boolean): void {
  const state = useRunStore((run) => run.state);
  useEffect(() => void readRuns(), [state]);
  useEffect(() => {
    if (!isAnyRunning) return undefined;
    const timer = setInterval(() => void refreshRuns().catch(() => undefined), REFRESH_MS);
    return () => clearInterval(timer);
  }, [isAnyRunning]);
}

const ICONS = {
  running: LoaderCircle,
  finished: CircleCheck,
  stopped: Square,
  failed: CircleX,
  lost: CircleHelp,
  detached: CircleHelp,
} as const satisfies Readonly<Record<Outcome, unknown>>;

interface RunItemProps {
  readonly run: RunRecord;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function RunItem({ run, isOpen, onToggle }: RunItemProps): ReactNode {
  const { t } = useTranslation();
  const now = useNow();
  const outcome = outcomeOf(run);
  const Icon = ICONS[outcome];
  const { startedAt, endedAt, rows } = run;
  const lasted = outcome === 'running' ? now - startedAt : endedAt === null ? null : endedAt - startedAt;
  const facts = [
    t(`runs:outcome.${outcome}`),
    ...(lasted === null ? [] : [outcome === 'running' ? formatAge(lasted) : formatDuration(lasted)]),
    t('runs:rows', { count: rows, rows: formatCount(rows) }),
  ];
  return (
    <li className={join('runs-item', `is-${outcome}`, isOpen && 'is-open')}>
      <button
        type="button"
        className="ui-row runs-head"
        aria-expanded={isOpen}
        title={`${run.path}\n${formatDateTime(startedAt)}`}
        onClick={onToggle}
      >
        <Icon size={15} aria-hidden />
        <span className="ui-two-lines">
          <b>
            {documentName(run.path)}
            {run.kind !== 'run' && <em>{t(`runs:kind.${run.kind}`)}</em>}
          </b>
          <small>{facts.join(' · ')}</small>
        </span>
        {endedAt !== null && <time>{t('run:startFrom.ago', { time: ageOf(now - endedAt) })}</time>}
      </button>
      {isOpen && <RunDetails run={run} outcome={outcome} />}
    </li>
  );
}

/** Of the last minutes and hours in the unit that matters only. */
function ageOf(ms: number): string {
  return formatAge(ms).split(' ').slice(0, 2).join(' ');
}
