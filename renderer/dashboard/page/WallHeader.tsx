/** Title, clock, and what the job does, discreetly; what can be done appears with the pointer or the focus. */
import { Contrast, Maximize, Minimize, Moon, Move, Play, Square, Sun } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DASHBOARD_THEMES, setDashboardTheme, type PipelineDocument } from '../../../runtime/graph/index.ts';
import { isTerminal } from '../../../runtime/protocol/job.ts';
import { currentLanguage } from '../../app/i18n/index.ts';
import { useLive, type LiveState } from '../../stores/live-buffer.ts';
import { IconButton } from '../../ui/Button.tsx';
import { formatDuration } from '../../ui/format.ts';
import { Menu } from '../../ui/Menu.tsx';
import { useNow } from '../../ui/use-now.ts';
import { changeDocument, startJob, stopJob } from './wall-actions.ts';
import { useWallStore } from './wall-store.ts';

interface WallHeaderProps {
  readonly document: PipelineDocument;
  readonly isArranging: boolean;
  readonly setArranging: (isArranging: boolean) => void;
}

const THEME_ICONS = { dark: Moon, light: Sun, contrast: Contrast };

export function WallHeader({ document, isArranging, setArranging }: WallHeaderProps): ReactNode {
  const { t } = useTranslation();
  const isActive = useWallStore(({ job }) => job !== null && !isTerminal(job.state));
  const isUsed = usePointer();
  const isFullScreen = useFullScreen();
  const { theme } = document.dashboard;
  const ThemeIcon = THEME_ICONS[theme];
  const toolsClass = isUsed || isArranging ? 'wall-tools is-shown' : 'wall-tools';
  return (
    <header className="wall-header">
      <JobStatus />
      <h1>{document.name}</h1>
      <div className="wall-header-end">
        <div className={toolsClass} role="toolbar" aria-label={t('dashboard:tools')}>
          {isActive ? (
            <IconButton
              label={t('dashboard:stop')}
              icon={<Square size={15} aria-hidden />}
              onClick={() => void stopJob()}
            />
          ) : (
            <IconButton
              label={t('dashboard:run')}
              icon={<Play size={16} aria-hidden />}
              onClick={() => void startJob()}
            />
          )}
          <IconButton
            label={isArranging ? t('dashboard:arranged') : t('dashboard:arrange')}
            icon={<Move size={16} aria-hidden />}
            isPressed={isArranging}
            onClick={() => setArranging(!isArranging)}
          />
          <Menu
            align="end"
            entries={DASHBOARD_THEMES.map((id) => ({
              id,
              label: t(`dashboard:theme.${id}`),
              isChecked: id === theme,
              run: () => changeDocument((before) => setDashboardTheme(before, id)),
            }))}
          >
            <IconButton label={t('dashboard:theme.label')} icon={<ThemeIcon size={16} aria-hidden />} />
          </Menu>
          <IconButton
            label={isFullScreen ? t('dashboard:window') : t('dashboard:fullScreen')}
            icon={isFullScreen ? <Minimize size={16} aria-hidden /> : <Maximize size={16} aria-hidden />}
            onClick={toggleFullScreen}
          />
        </div>
        <Clock />
      </div>
    </header>
  );
}

function selectTimes({ summary }: LiveState): LiveState['summary'] {
  return summary;
}

function JobStatus(): ReactNode {
  const { t } = useTranslation();
  const job = useWallStore((state) => state.job);
  const isConnected = useWallStore((state) => state.isConnected);
  const { lagMs, watermark } = useLive(selectTimes);
  const state = !isConnected ? 'LOST' : (job?.state ?? 'NONE');
  const isActive = job !== null && isConnected && !isTerminal(job.state);
  return (
    <p className="wall-status" role="status">
      <i className={`is-${state.toLowerCase()}`} aria-hidden />
      {t(`dashboard:state.${state}`)}
      {isActive && lagMs !== null && <span>{t('dashboard:lag', { lag: formatDuration(lagMs) })}</span>}
      {isActive && lagMs === null && watermark !== null && (
        <span>
          {t('dashboard:eventTime', { time: new Date(watermark).toISOString().slice(0, 16).replace('T', ' ') })}
        </span>
      )}
    </p>
  );
}

function Clock(): ReactNode {
  const now = new Date(useNow());
  const language = currentLanguage();
  return (
    <time className="wall-clock">
      <b>{now.toLocaleTimeString(language, { hour12: false })}</b>
      <span>{now.toLocaleDateString(language, { weekday: 'short', month: 'short', day: 'numeric' })}</span>
    </time>
  );
}

const USED_FOR_MS = 4000;

/** Whether somebody moved the pointer just now. */
function usePointer(): boolean {
  const [isUsed, setUsed] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onMove = (): void => {
      setUsed(true);
      clearTimeout(timer);
      timer = setTimeout(() => setUsed(false), USED_FOR_MS);
    };
    window.addEventListener('pointermove', onMove);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointermove', onMove);
    };
  }, []);
  return isUsed;
}

function useFullScreen(): boolean {
  const [isFull, setFull] = useState(false);
  useEffect(() => {
    const onChange = (): void => setFull(document.fullscreenElement !== null);
    document.addEventListener('fullscreenchange', onChange);
    return () => document.removeEventListener('fullscreenchange', onChange);
  }, []);
  return isFull;
}

function toggleFullScreen(): void {
  if (document.fullscreenElement === null) void document.documentElement.requestFullscreen();
  else void document.exitFullscreen();
}
