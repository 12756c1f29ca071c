/** The dashboard while it is designed: its tiles with the rows of the running job, to be arranged. */
import { ExternalLink, LayoutDashboard, Move } from 'lucide-react';
import { useEffect, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { arrangeTiles, DASHBOARD_THEMES, setDashboardTheme } from '../../runtime/graph/index.ts';
import { runCommand } from '../app/commands.ts';
import { NoPipeline } from '../files/NoPipeline.tsx';
import { edit, usePipeline } from '../stores/document-store.ts';
import { setWatches } from '../stores/run-store.ts';
import { setRailView } from '../stores/view-store.ts';
import { Button } from '../ui/Button.tsx';
import { EmptyState } from '../ui/EmptyState.tsx';
import { Segmented } from '../ui/fields.tsx';
import { Dashboard } from './Dashboard.tsx';
import './dashboard-panel.css';
import { documentTiles, tileWatches } from './document-tiles.ts';

const OWNER = 'dashboard';

export function DashboardPanel(): ReactNode {
  const { t } = useTranslation();
  const document = usePipeline();
  const [isArranging, setArranging] = useState(false);
  const tiles = useMemo(() => (document === null ? [] : documentTiles(document)), [document]);
  const watched = JSON.stringify(tileWatches(tiles));
  useEffect(() => {
    setWatches(OWNER, JSON.parse(watched) as ReturnType<typeof tileWatches>);
    return () => setWatches(OWNER, []);
  }, [watched]);

  if (document === null) return <NoPipeline />;
  if (tiles.length === 0)
    return (
      <EmptyState
        icon={<LayoutDashboard size={20} />}
        title={t('dashboard:empty.title')}
        hint={t('dashboard:empty.hint')}
        actions={<Button onClick={() => setRailView('operators')}>{t('dashboard:empty.operators')}</Button>}
      />
    );
  const { dashboard } = document;
  return (
    <div className="dashboard-panel">
      <div className="dashboard-panel-tools">
        <Button
          isSmall
          aria-pressed={isArranging}
          icon={<Move size={13} aria-hidden />}
          onClick={() => setArranging(!isArranging)}
        >
          {t('dashboard:arrange')}
        </Button>
        <Segmented
          label={t('dashboard:theme.label')}
          value={dashboard.theme}
          options={DASHBOARD_THEMES.map((value) => ({ value, label: t(`dashboard:theme.${value}`) }))}
          onChange={(theme) => edit(t('dashboard:steps.theme'), (before) => setDashboardTheme(before, theme))}
        />
        <span className="dashboard-panel-hint">{isArranging && t('dashboard:arrangeHint')}</span>
        <Button isSmall icon={<ExternalLink size={13} aria-hidden />} onClick={() => runCommand('view.openDashboard')}>
          {t('dashboard:open')}
        </Button>
      </div>
      {/* It may be larger than the panel, and is then scrolled, by keys too. */}
      <div className="dashboard-panel-wall" tabIndex={0} role="group" aria-label={t('dashboard:tiles')}>
        <Dashboard
          tiles={tiles}
          dashboard={dashboard}
          isArranging={isArranging}
          onArrange={(places) => edit(t('dashboard:steps.arrange'), (before) => arrangeTiles(before, places))}
        />
      </div>
    </div>
  );
}
