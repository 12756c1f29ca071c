import {
  Bookmark,
  Bug,
  ChevronDown,
  CircleCheckBig,
  Code,
  Monitor,
  MonitorUp,
  Moon,
  Play,
  Redo2,
  Square,
  Sun,
  Undo2,
  Workflow,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { redoLabel, undoLabel } from '../../runtime/graph/index.ts';
import { selectIsDebugging, useDebugStore } from '../debug/debug-store.ts';
import { ExportMenu } from '../export/ExportMenu.tsx';
import { useActiveDocument } from '../stores/document-store.ts';
import { openDialog } from '../stores/dialog-store.ts';
import { selectCanTakeSavepoint, selectIsActive, setRunSettings, useRunStore } from '../stores/run-store.ts';
import { changeSettings, useSettingsStore } from '../stores/settings-store.ts';
import { setCentreMode, useViewStore } from '../stores/view-store.ts';
import { Button, IconButton } from '../ui/Button.tsx';
import { Segmented } from '../ui/fields.tsx';
import { Menu, type MenuEntry } from '../ui/Menu.tsx';
import { Tooltip } from '../ui/Tooltip.tsx';
import { runCommand } from './commands.ts';
import { DocumentTabs } from './DocumentTabs.tsx';
import { shortcutOf } from './shortcuts.ts';
import { useTheme } from './theme/theme.ts';

export function Toolbar(): ReactNode {
  const { t } = useTranslation();
  const open = useActiveDocument();
  const mode = useViewStore((state) => state.centreMode);
  const undone = open === null ? null : undoLabel(open.history);
  const redone = open === null ? null : redoLabel(open.history);
  return (
    <header className="toolbar">
      <h1 className="toolbar-brand">
        <Logo />
        {t('app:name')}
      </h1>
      <DocumentTabs />
      <div className="toolbar-actions" role="toolbar" aria-label={t('app:toolbar.label')}>
        <IconButton
          label={undone === null ? t('app:commands.undo') : t('app:toolbar.undo', { step: undone })}
          icon={<Undo2 size={16} aria-hidden />}
          shortcut={shortcutOf('edit.undo')}
          disabled={undone === null}
          onClick={() => runCommand('edit.undo')}
        />
        <IconButton
          label={redone === null ? t('app:commands.redo') : t('app:toolbar.redo', { step: redone })}
          icon={<Redo2 size={16} aria-hidden />}
          shortcut={shortcutOf('edit.redo')}
          disabled={redone === null}
          onClick={() => runCommand('edit.redo')}
        />
        <Segmented
          label={t('app:toolbar.view')}
          value={mode}
          onChange={setCentreMode}
          options={[
            { value: 'graph', label: t('app:toolbar.graph'), icon: <Workflow size={14} aria-hidden /> },
            { value: 'code', label: t('app:toolbar.code'), icon: <Code size={14} aria-hidden /> },
          ]}
        />
        <span className="toolbar-gap" />
        <Tooltip text={t('app:toolbar.validateHint')} shortcut={shortcutOf('run.validate')}>
          <Button
            icon={<CircleCheckBig size={14} aria-hidden />}
            disabled={open === null}
            onClick={() => runCommand('run.validate')}
          >
            {t('app:toolbar.validate')}
          </Button>
        </Tooltip>
        <IconButton
          label={t('dashboard:commands.open')}
          icon={<MonitorUp size={16} aria-hidden />}
          shortcut={shortcutOf('view.openDashboard')}
          disabled={open === null}
          onClick={() => runCommand('view.openDashboard')}
        />
        <RunControls isEnabled={open !== null} />
        <DebugButton isEnabled={open !== null} />
        <ExportMenu isEnabled={open !== null} />
        <ThemeMenu />
      </div>
    </header>
  );
}

function DebugButton({ isEnabled }: { readonly isEnabled: boolean }): ReactNode {
  const { t } = useTranslation();
  const isDebugging = useDebugStore(selectIsDebugging);
  if (isDebugging) return null;
  return (
    <Tooltip text={t('debug:startHint')} shortcut={shortcutOf('debug.start')}>
      <Button icon={<Bug size={14} aria-hidden />} disabled={!isEnabled} onClick={() => runCommand('debug.start')}>
        {t('debug:start')}
      </Button>
    </Tooltip>
  );
}

const PARALLELISMS = [1, 2, 4, 8] as const;
const RUNTIME_MODES = ['streaming', 'batch'] as const;

function RunControls({ isEnabled }: { readonly isEnabled: boolean }): ReactNode {
  const { t } = useTranslation();
  const isActive = useRunStore(selectIsActive);
  const state = useRunStore((run) => run.state);
  const settings = useRunStore((run) => run.settings);
  const canTakeSavepoint = useRunStore(selectCanTakeSavepoint);
  const isTakingSavepoint = useRunStore((run) => run.isTakingSavepoint);
  const remote = useRunStore((run) => run.remote);
  if (isActive) {
    const isStopping = state === 'STOPPING';
    return (
      <>
        <Tooltip text={t('app:toolbar.savepointHint')} shortcut={shortcutOf('run.savepoint')}>
          <Button
            icon={<Bookmark size={14} aria-hidden />}
            disabled={!canTakeSavepoint}
            onClick={() => runCommand('run.savepoint')}
          >
            {t(isTakingSavepoint ? 'app:toolbar.takingSavepoint' : 'app:toolbar.savepoint')}
          </Button>
        </Tooltip>
        <span className="toolbar-split">
          <Tooltip
            text={t(remote === null ? 'app:toolbar.stopHint' : 'deploy:stopHint')}
            shortcut={shortcutOf('run.stop')}
          >
            <Button
              tone="primary"
              className="toolbar-run"
              icon={<Square size={12} fill="currentColor" aria-hidden />}
              disabled={isStopping}
              onClick={() => runCommand('run.stop')}
            >
              {isStopping ? t('app:toolbar.stopping') : t('app:toolbar.stop')}
            </Button>
          </Tooltip>
          <Menu
            align="end"
            entries={[
              {
                id: 'stop',
                label: t('app:commands.stop'),
                shortcut: shortcutOf('run.stop'),
                isDisabled: isStopping,
                run: () => runCommand('run.stop'),
              },
              {
                id: 'savepoint',
                label: t('app:commands.stopWithSavepoint'),
                shortcut: shortcutOf('run.stopWithSavepoint'),
                isDisabled: !canTakeSavepoint,
                run: () => runCommand('run.stopWithSavepoint'),
              },
              ...(remote === null
                ? []
                : [{ id: 'detach', label: t('deploy:detach'), run: () => runCommand('run.detach') }]),
              'separator',
              { id: 'cancel', label: t('app:commands.cancel'), isDangerous: true, run: () => runCommand('run.cancel') },
            ]}
          >
            <Button
              tone="primary"
              aria-label={t('app:toolbar.stopMenu')}
              icon={<ChevronDown size={14} aria-hidden />}
            />
          </Menu>
        </span>
      </>
    );
  }
  const entries: MenuEntry[] = [
    { heading: t('inspector:settings.runtimeMode.label') },
    {
      id: 'mode-of-document',
      label: t('app:toolbar.asDocument'),
      isChecked: settings.runtimeMode === null,
      run: () => setRunSettings({ runtimeMode: null }),
    },
    ...RUNTIME_MODES.map((runtimeMode) => ({
      id: runtimeMode,
      label: t(`inspector:settings.runtimeMode.options.${runtimeMode}`),
      isChecked: settings.runtimeMode === runtimeMode,
      run: () => setRunSettings({ runtimeMode }),
    })),
    'separator',
    { heading: t('app:toolbar.parallelism') },
    {
      id: 'document',
      label: t('app:toolbar.asDocument'),
      isChecked: settings.parallelism === null,
      run: () => setRunSettings({ parallelism: null }),
    },
    ...PARALLELISMS.map((parallelism) => ({
      id: String(parallelism),
      label: t('app:toolbar.workers', { count: parallelism }),
      isChecked: settings.parallelism === parallelism,
      run: () => setRunSettings({ parallelism }),
    })),
    'separator',
    {
      id: 'resume',
      label: t('app:toolbar.resume'),
      isChecked: settings.resume,
      run: () => setRunSettings({ resume: !settings.resume }),
    },
    {
      id: 'preview',
      label: t('app:commands.previewRun'),
      shortcut: shortcutOf('run.preview'),
      run: () => runCommand('run.preview'),
    },
    {
      id: 'start-from',
      label: t('app:commands.startFrom'),
      shortcut: shortcutOf('run.startFrom'),
      run: () => runCommand('run.startFrom'),
    },
    'separator',
    { id: 'options', label: t('app:commands.runOptions'), run: () => openDialog({ type: 'run-options' }) },
  ];
  return (
    <span className="toolbar-split">
      <Tooltip text={t('app:toolbar.runHint')} shortcut={shortcutOf('run.start')}>
        <Button
          tone="primary"
          className="toolbar-run"
          icon={<Play size={13} fill="currentColor" aria-hidden />}
          disabled={!isEnabled}
          onClick={() => runCommand('run.start')}
        >
          {t('app:toolbar.run')}
        </Button>
      </Tooltip>
      <Menu align="end" entries={entries}>
        <Button
          tone="primary"
          disabled={!isEnabled}
          aria-label={t('app:toolbar.runMenu')}
          icon={<ChevronDown size={14} aria-hidden />}
        />
      </Menu>
    </span>
  );
}

const THEMES = [
  { id: 'system', Icon: Monitor },
  { id: 'light', Icon: Sun },
  { id: 'dark', Icon: Moon },
] as const;

function ThemeMenu(): ReactNode {
  const { t } = useTranslation();
  const theme = useTheme();
  const chosen = useSettingsStore((state) => state.settings.theme);
  return (
    <Menu
      align="end"
      entries={THEMES.map(({ id }) => ({
        id,
        label: t(`app:theme.${id}`),
        isChecked: chosen === id,
        run: () => changeSettings({ theme: id }),
      }))}
    >
      <IconButton
        label={t('app:theme.label')}
        icon={theme === 'dark' ? <Moon size={16} aria-hidden /> : <Sun size={16} aria-hidden />}
      />
    </Menu>
  );
}

/** A mill's race: water through three gates. */
function Logo(): ReactNode {
  return (
    <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden>
      <rect width="20" height="20" rx="5.5" fill="var(--accent-fill)" />
      <path
        d="M3.5 7.2c2.2 0 2.2-2 4.4-2s2.2 2 4.4 2 2.2-2 4.2-2M3.5 11.2c2.2 0 2.2-2 4.4-2s2.2 2 4.4 2 2.2-2 4.2-2M3.5 15.2c2.2 0 2.2-2 4.4-2s2.2 2 4.4 2 2.2-2 4.2-2"
        fill="none"
        stroke="#fff"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
    </svg>
  );
}
