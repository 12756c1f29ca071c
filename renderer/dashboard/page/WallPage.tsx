import { LayoutDashboard, Unplug } from 'lucide-react';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { arrangeTiles } from '../../../runtime/graph/index.ts';
import { isTerminal } from '../../../runtime/protocol/job.ts';
import { said } from '../../app/i18n/said.ts';
import { EmptyState } from '../../ui/EmptyState.tsx';
import { formatClock } from '../../ui/format.ts';
import { TooltipProvider } from '../../ui/Tooltip.tsx';
import { Dashboard } from '../Dashboard.tsx';
import { documentTiles } from '../document-tiles.ts';
import { changeDocument } from './wall-actions.ts';
import './wall-page.css';
import { WallHeader } from './WallHeader.tsx';
import { useWallStore, type WallState } from './wall-store.ts';

export function WallPage(): ReactNode {
  const { t } = useTranslation();
  const document = useWallStore((state) => state.document);
  const problem = useWallStore((state) => state.problem);
  const isStale = useWallStore(selectIsStale);
  const tiles = useMemo(() => (document === null ? [] : documentTiles(document)), [document]);
  const [isArranging, setArranging] = useState(false);
  const theme = document?.dashboard.theme ?? 'dark';
  useEffect(() => {
    // Buttons and menus are the app's; they are to be read on the wall's ground.
    globalThis.document.documentElement.dataset.theme = theme === 'light' ? 'light' : 'dark';
  }, [theme]);
  useEffect(() => {
    if (document !== null) globalThis.document.title = document.name;
  }, [document]);

  if (document === null)
    return (
      <EmptyState
        icon={<Unplug size={20} />}
        title={t('dashboard:connecting')}
        hint={problem === null ? undefined : said(problem)}
      />
    );
  return (
    <TooltipProvider>
      <main className="wall-page">
        <Dashboard
          tiles={tiles}
          dashboard={document.dashboard}
          isArranging={isArranging}
          isStale={isStale}
          onArrange={(places) => changeDocument((before) => arrangeTiles(before, places))}
          header={<WallHeader document={document} isArranging={isArranging} setArranging={setArranging} />}
        />
        {tiles.length === 0 && (
          <div className="wall-empty">
            <EmptyState
              icon={<LayoutDashboard size={20} />}
              title={t('dashboard:empty.title')}
              hint={t('dashboard:empty.hint')}
            />
          </div>
        )}
        <StaleHint />
      </main>
    </TooltipProvider>
  );
}

/** Rows no longer come, and nobody ended the job: a wall that stands still has to say so. */
function selectIsStale({ isConnected, job }: WallState): boolean {
  return !isConnected || job?.state === 'FAILED' || job?.state === 'RESTARTING';
}

function StaleHint(): ReactNode {
  const { t } = useTranslation();
  const isStale = useWallStore(selectIsStale);
  const isConnected = useWallStore((state) => state.isConnected);
  const job = useWallStore((state) => state.job);
  const lastRowsAt = useWallStore((state) => state.lastRowsAt);
  const problem = useWallStore((state) => state.problem);
  if (!isStale && problem === null) return null;
  const why = !isConnected
    ? t('dashboard:stale.reconnecting')
    : problem !== null
      ? said(problem)
      : job !== null && !isTerminal(job.state)
        ? t('dashboard:stale.restarting')
        : said(job?.error?.message ?? '');
  return (
    <div className="wall-stale" role="alert">
      <Unplug aria-hidden />
      <div>
        <b>
          {lastRowsAt === null
            ? t('dashboard:stale.never')
            : t('dashboard:stale.since', { time: formatClock(lastRowsAt) })}
        </b>
        <span>{why}</span>
      </div>
    </div>
  );
}
