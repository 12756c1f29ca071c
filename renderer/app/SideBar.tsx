import { useRef, useState, type PointerEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FindView } from '../find/FindView.tsx';
import { PipelinesView } from '../files/PipelinesView.tsx';
import { OutlineView } from '../outline/OutlineView.tsx';
import { Palette } from '../palette/Palette.tsx';
import { RunsView } from '../runs/RunsView.tsx';
import { SettingsView } from '../settings/SettingsView.tsx';
import { changeSettings, useSettingsStore } from '../stores/settings-store.ts';
import { useViewStore, type RailView } from '../stores/view-store.ts';

const MIN_WIDTH = 190;
const MAX_WIDTH = 460;
const KEY_STEP = 16;

const VIEWS: Readonly<Record<RailView, () => ReactNode>> = {
  pipelines: PipelinesView,
  operators: Palette,
  outline: OutlineView,
  search: FindView,
  runs: RunsView,
  settings: SettingsView,
};

/** What the rail has open, beside the canvas. */
export function SideBar(): ReactNode {
  const { t } = useTranslation();
  const view = useViewStore((state) => state.railView);
  const kept = useSettingsStore((state) => state.settings.sideBarWidth);
  /** While it is dragged. */
  const [dragged, setDragged] = useState<number | null>(null);
  const width = dragged ?? kept;
  const left = useRef(0);
  if (view === null) return null;
  const View = VIEWS[view];
  const fitting = (wanted: number): number => Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, wanted));
  const resize = (wanted: number): void => changeSettings({ sideBarWidth: fitting(wanted) });
  const onPointerMove = (event: PointerEvent): void => {
    if (event.buttons === 1) setDragged(fitting(event.clientX - left.current));
  };
  const onPointerUp = (): void => {
    if (dragged !== null) resize(dragged);
    setDragged(null);
  };
  return (
    <aside className="side-bar" style={{ width }} aria-label={t(`app:rail.${view}`)}>
      <h2>{t(`app:rail.${view}`)}</h2>
      <div className="side-bar-content">
        <View />
      </div>
      <div
        className="side-bar-sash"
        role="separator"
        aria-orientation="vertical"
        aria-label={t('app:sideBarWidth')}
        aria-valuenow={width}
        aria-valuemin={MIN_WIDTH}
        aria-valuemax={MAX_WIDTH}
        tabIndex={0}
        onPointerDown={(event) => {
          left.current = event.clientX - width;
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onKeyDown={(event) => {
          if (event.key === 'ArrowLeft') resize(width - KEY_STEP);
          if (event.key === 'ArrowRight') resize(width + KEY_STEP);
        }}
      />
    </aside>
  );
}
