import path from 'node:path';
import { BrowserWindow, nativeTheme, type WebPreferences } from 'electron';
import { dashboardAddress } from '../../runtime/protocol/dashboard-address.ts';
import { PAGE_URL } from './app-page.ts';
import { WindowStateFile } from './window-state.ts';

/** A page that dies again so soon would die for ever. */
const CRASH_PAUSE_MS = 10_000;

/** Windows of dashboards, by document. */
const dashboards = new Map<string, BrowserWindow>();

/** A window with the dashboard of a document alone, to be moved to the wall's display; the one there is comes to the front. */
export async function openDashboardWindow(preload: string, document: string): Promise<void> {
  const open = dashboards.get(document);
  if (open !== undefined) return open.focus();
  const window = new BrowserWindow({
    width: 1280,
    height: 760,
    backgroundColor: '#0a0f1c',
    autoHideMenuBar: true,
    webPreferences: pagePreferences(preload),
  });
  dashboards.set(document, window);
  window.on('closed', () => dashboards.delete(document));
  reloadAfterCrash(window);
  await window.loadURL(new URL(dashboardAddress(document), PAGE_URL).href);
}

function pagePreferences(preload: string): WebPreferences {
  return { preload, sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false };
}

/** The window with the page in it, given to `use` before it is read. `preload`: absolute path of the bundle. */
export async function openWindow(
  preload: string,
  userData: string,
  use: (window: BrowserWindow) => void,
): Promise<void> {
  const state = new WindowStateFile(path.join(userData, 'window.json'));
  const { bounds, isMaximized } = await state.read();
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 800,
    minHeight: 500,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#ffffff',
    webPreferences: pagePreferences(preload),
  });
  use(window);
  state.follow(window);
  window.once('ready-to-show', () => {
    if (isMaximized) window.maximize();
    window.show();
  });
  reloadAfterCrash(window);
  // A page with unsaved work may ask to stay; its recovery copies keep all of it.
  window.webContents.on('will-prevent-unload', (event) => event.preventDefault());
  await window.loadURL(PAGE_URL);
}

function reloadAfterCrash(window: BrowserWindow): void {
  let lastCrash = -Infinity;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    const isFirst = performance.now() - lastCrash > CRASH_PAUSE_MS;
    lastCrash = performance.now();
    if (reason !== 'clean-exit' && isFirst) window.reload();
  });
}
