import {
  DockviewReact,
  type DockviewApi,
  type DockviewReadyEvent,
  type IDockviewPanelHeaderProps,
  type IDockviewPanelProps,
} from 'dockview-react';
import { X } from 'lucide-react';
import {
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type FunctionComponent,
  type ReactNode,
} from 'react';
import { useTranslation } from 'react-i18next';
import { changeSettings, useSettingsStore } from '../stores/settings-store.ts';
import { useRunStore } from '../stores/run-store.ts';
import { ShownContext } from '../stores/shown.ts';
import { useValidation } from '../stores/validation-store.ts';
import { setOpenPanelIds, useViewStore } from '../stores/view-store.ts';
import { Badge } from '../ui/Badge.tsx';
import {
  buildDefaultLayout,
  closeActivePanel,
  DOCK_CLOSE_EVENT,
  DOCK_RESET_EVENT,
  openDockPanel,
  restoreLayout,
  retitlePanels,
} from './dock-layout.ts';
import { PanelBoundary } from './PanelBoundary.tsx';
import { findPanel, panels, type PanelDefinition } from './panels.ts';
import { useTheme } from './theme/theme.ts';
import 'dockview-react/dist/styles/dockview.css';
import './dock.css';

const components: Record<string, FunctionComponent<IDockviewPanelProps>> = Object.fromEntries(
  panels.map((panel) => [panel.id, panelComponent(panel)]),
);

/** A panel is loaded and rendered when it is first shown; until then, and if it fails, only the panel is empty. */
function panelComponent(panel: PanelDefinition): FunctionComponent<IDockviewPanelProps> {
  const Content = lazy(() => panel.load().then((component) => ({ default: component })));
  return function DockPanel({ api }: IDockviewPanelProps) {
    const isVisible = useIsVisible(api);
    const [wasShown, setWasShown] = useState(isVisible);
    if (isVisible && !wasShown) setWasShown(true);
    return (
      <ShownContext value={isVisible}>
        <div className="dock-panel" data-panel={panel.id}>
          <PanelBoundary>
            <Suspense fallback={null}>{wasShown && <Content />}</Suspense>
          </PanelBoundary>
        </div>
      </ShownContext>
    );
  };
}

function useIsVisible(api: IDockviewPanelProps['api']): boolean {
  return useSyncExternalStore(
    useCallback(
      (changed: () => void) => {
        const subscription = api.onDidVisibilityChange(changed);
        return () => subscription.dispose();
      },
      [api],
    ),
    () => api.isVisible,
  );
}

/** Resizing a panel is many layouts: only where it comes to rest is kept. */
const SAVE_DELAY_MS = 600;

/** Canvas, inspector and the panels below: docked, split and resized as the user likes, and remembered. */
export function Dock(): ReactNode {
  const theme = useTheme();
  const [api, setApi] = useState<DockviewApi | null>(null);
  useRequestedPanel(api);
  useLayoutSaved(api);
  useTranslatedTitles(api);

  const onReady = useCallback(({ api: ready }: DockviewReadyEvent) => {
    const { layout } = useSettingsStore.getState().settings;
    if (!restoreLayout(ready, layout)) buildDefaultLayout(ready);
    setOpenPanelIds(ready.panels.map((panel) => panel.id));
    setApi(ready);
  }, []);

  return (
    <DockviewReact
      className="dock"
      theme={{ name: 'millrace', className: 'dock-theme', colorScheme: theme }}
      components={components}
      defaultTabComponent={PanelTab}
      onReady={onReady}
      disableFloatingGroups
    />
  );
}

function useRequestedPanel(api: DockviewApi | null): void {
  const requested = useViewStore((state) => state.requestedPanel);
  const handled = useRef(requested?.serial ?? 0);
  useEffect(() => {
    if (api === null || requested === null || requested.serial === handled.current) return;
    handled.current = requested.serial;
    openDockPanel(api, requested.id);
  }, [api, requested]);
}

/** Tabs show their own text; the titles are what assistive technology hears of the groups. */
function useTranslatedTitles(api: DockviewApi | null): void {
  const { i18n } = useTranslation();
  const { language } = i18n;
  useEffect(() => {
    if (api !== null) retitlePanels(api);
  }, [api, language]);
}

function useLayoutSaved(api: DockviewApi | null): void {
  useEffect(() => {
    if (api === null) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const changed = api.onDidLayoutChange(() => {
      setOpenPanelIds(api.panels.map((panel) => panel.id));
      if (timer !== null) clearTimeout(timer);
      timer = setTimeout(() => changeSettings({ layout: api.toJSON() }), SAVE_DELAY_MS);
    });
    const reset = (): void => buildDefaultLayout(api);
    const closePanel = (): void => closeActivePanel(api);
    window.addEventListener(DOCK_RESET_EVENT, reset);
    window.addEventListener(DOCK_CLOSE_EVENT, closePanel);
    return () => {
      changed.dispose();
      window.removeEventListener(DOCK_RESET_EVENT, reset);
      window.removeEventListener(DOCK_CLOSE_EVENT, closePanel);
      if (timer !== null) clearTimeout(timer);
    };
  }, [api]);
}

function PanelTab({ api }: IDockviewPanelHeaderProps): ReactNode {
  const { t } = useTranslation();
  const panel = findPanel(api.id);
  if (panel === null) return null;
  const Icon = panel.icon;
  const title = t(panel.titleKey);
  return (
    <div className="dock-tab" data-tab={panel.id}>
      <Icon size={14} aria-hidden />
      <span>{title}</span>
      {panel.id === 'problems' && <ProblemCount />}
      {/* For the pointer only: a tab is one control, and the command closes its panel for the keyboard. */}
      <span
        className="dock-tab-close"
        aria-hidden
        title={t('app:dock.close', { panel: title })}
        onPointerDown={(event) => event.stopPropagation()}
        onClick={() => api.close()}
      >
        <X size={12} />
      </span>
    </div>
  );
}

function ProblemCount(): ReactNode {
  const { t } = useTranslation();
  const diagnostics = useValidation()?.diagnostics ?? [];
  const refusals = useRunStore((state) => state.refusals.length);
  const errors = diagnostics.filter((one) => one.severity === 'error').length;
  const count = Math.max(diagnostics.length, refusals);
  if (count === 0) return null;
  return (
    <span title={t('app:status.problems', { count })}>
      <Badge tone={errors > 0 || refusals > 0 ? 'error' : 'warning'}>{count}</Badge>
    </span>
  );
}
