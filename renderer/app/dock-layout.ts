/** Where panels are until the user moves them, and how a remembered layout is brought back. */
import type { DockviewApi, SerializedDockview } from 'dockview-react';
import { t } from './i18n/index.ts';
import { findPanel, panels } from './panels.ts';

export const DOCK_RESET_EVENT = 'millrace:reset-layout';
export const DOCK_CLOSE_EVENT = 'millrace:close-panel';

const INSPECTOR_WIDTH = 316;
const DOCK_HEIGHT = 232;

export function buildDefaultLayout(api: DockviewApi): void {
  api.clear();
  const canvas = api.addPanel({ id: 'canvas', component: 'canvas', renderer: 'always' });
  lockCentre(api);
  const [first, ...others] = panels.filter((panel) => panel.place === 'bottom');
  if (first !== undefined) {
    api.addPanel({
      id: first.id,
      component: first.id,
      position: { referencePanel: canvas, direction: 'below' },
      initialHeight: DOCK_HEIGHT,
    });
    for (const { id } of others) {
      api.addPanel({ id, component: id, position: { referencePanel: first.id, direction: 'within' }, inactive: true });
    }
  }
  api.addPanel({
    id: 'inspector',
    component: 'inspector',
    position: { referencePanel: canvas, direction: 'right' },
    initialWidth: INSPECTOR_WIDTH,
  });
  canvas.api.setActive();
  retitlePanels(api);
}

/** Gives every panel its name in the user's language. */
export function retitlePanels(api: DockviewApi): void {
  for (const { id } of api.panels) {
    const panel = findPanel(id);
    if (panel !== null) api.getPanel(id)?.api.setTitle(t(panel.titleKey));
  }
}

/** The canvas stays. */
export function closeActivePanel(api: DockviewApi): void {
  const active = api.activePanel;
  if (active !== undefined && active.id !== 'canvas') active.api.close();
}

/** False when there is none, or one that this version cannot use. */
export function restoreLayout(api: DockviewApi, layout: unknown): boolean {
  if (typeof layout !== 'object' || layout === null || !('panels' in layout)) return false;
  const saved = layout as SerializedDockview;
  const known = Object.keys(saved.panels).every((id) => findPanel(id) !== null);
  if (!known || saved.panels['canvas'] === undefined) return false;
  try {
    api.fromJSON(saved);
    lockCentre(api);
    return true;
  } catch {
    return false;
  }
}

/** The canvas has no tab to drag or close, and takes no other panel into its place. */
function lockCentre(api: DockviewApi): void {
  const group = api.getPanel('canvas')?.group;
  if (group === undefined) return;
  group.header.hidden = true;
  group.locked = 'no-drop-target';
}

/** Brings a panel to the front; one that was closed comes back where its neighbours are. */
export function openDockPanel(api: DockviewApi, id: string): void {
  const open = api.getPanel(id);
  if (open !== undefined) return open.api.setActive();
  const panel = findPanel(id);
  if (panel === null) return;
  const title = t(panel.titleKey);
  const neighbour = panels.find((other) => other.place === panel.place && api.getPanel(other.id) !== undefined);
  const canvas = api.getPanel('canvas');
  if (neighbour !== undefined) {
    api.addPanel({ id, title, component: id, position: { referencePanel: neighbour.id, direction: 'within' } });
  } else if (canvas !== undefined) {
    const isRight = panel.place === 'right';
    api.addPanel({
      id,
      title,
      component: id,
      position: { referencePanel: canvas, direction: isRight ? 'right' : 'below' },
      ...(isRight ? { initialWidth: INSPECTOR_WIDTH } : { initialHeight: DOCK_HEIGHT }),
    });
  }
}
