import path from 'node:path';
import { BrowserWindow, nativeTheme } from 'electron';
import { PAGE_URL } from './app-page.ts';
import { WindowStateFile } from './window-state.ts';

/** A page that dies again so soon would die for ever. */
const CRASH_PAUSE_MS = 10_000;

/** The window with the page in it. `preload`: absolute path of the bundle. */
export async function openWindow(preload: string, userData: string): Promise<BrowserWindow> {
  const state = new WindowStateFile(path.join(userData, 'window.json'));
  const { bounds, isMaximized } = await state.read();
  const window = new BrowserWindow({
    ...bounds,
    minWidth: 800,
    minHeight: 500,
    show: false,
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#16181d' : '#ffffff',
    webPreferences: { preload, sandbox: true, contextIsolation: true, nodeIntegration: false, spellcheck: false },
  });
  state.follow(window);
  window.once('ready-to-show', () => {
    if (isMaximized) window.maximize();
    window.show();
  });
  reloadAfterCrash(window);
  // A page with unsaved work may ask to stay; its recovery copies keep all of it.
  window.webContents.on('will-prevent-unload', (event) => event.preventDefault());
  await window.loadURL(PAGE_URL);
  return window;
}

function reloadAfterCrash(window: BrowserWindow): void {
  let lastCrash = -Infinity;
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    const isFirst = performance.now() - lastCrash > CRASH_PAUSE_MS;
    lastCrash = performance.now();
    if (reason !== 'clean-exit' && isFirst) window.reload();
  });
}
