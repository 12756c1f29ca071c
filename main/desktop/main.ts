/** Entry of the desktop app. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { app, ipcMain, MessageChannelMain, nativeTheme, utilityProcess, type BrowserWindow } from 'electron';
import type { AppSettings } from '../../runtime/protocol/host.ts';
import { electronPort, utilityProcess as utilityTransport } from '../../runtime/protocol/transport.ts';
import { chooseWorkspace } from '../services/choose-workspace.ts';
import { EngineHost } from '../services/engine-host.ts';
import { HostService } from '../services/host-service.ts';
import { Templates } from '../services/templates.ts';
import { UserData, userDataFolder } from '../services/user-data.ts';
import { isOwnPage, registerAppScheme, servePage } from './app-page.ts';
import { lockDown } from './lock-down.ts';
import { MENU_TEXTS } from './menu-texts.ts';
import { installMenu } from './menu.ts';
import { openDashboardWindow, openWindow } from './window.ts';

/** `dist`, seen from the bundle. */
const DIST = path.join(import.meta.dirname, '..');

async function run(): Promise<void> {
  await app.whenReady();
  lockDown();
  servePage(path.join(DIST, 'renderer'));
  const userData = new UserData(app.getPath('userData'));
  const service = await createService(userData);
  await service.open();
  ipcMain.on('millrace:connect', (event) => {
    if (!isOwnPage(event.senderFrame)) return;
    const { port1, port2 } = new MessageChannelMain();
    service.serve(electronPort(port1));
    event.senderFrame!.postMessage('millrace:port', null, [port2]);
  });
  const preload = path.join(import.meta.dirname, 'preload.cjs');
  ipcMain.on('millrace:dashboard', (event, document: unknown) => {
    if (isOwnPage(event.senderFrame) && typeof document === 'string') void openDashboardWindow(preload, document);
  });
  let window: BrowserWindow | null = null;
  const showEditor = async (): Promise<void> => {
    if (window !== null) {
      if (window.isMinimized()) window.restore();
      return window.focus();
    }
    await openWindow(preload, app.getPath('userData'), (opened) => {
      window = opened;
      opened.on('closed', () => (window = null));
    });
  };
  let language: AppSettings['language'] | null = null;
  await userData.followSettings((settings) => {
    if (settings.language === language) return;
    language = settings.language;
    installMenu(MENU_TEXTS[language], (command) => window?.webContents.send('millrace:command', command));
  });
  app.on('second-instance', () => void showEditor());
  // A dashboard on the wall goes on without the editor: starting the app again brings it back.
  app.on('window-all-closed', () => app.quit());
  closeBeforeQuit(service);
  await showEditor();
}

async function createService(userData: UserData): Promise<HostService> {
  const { values } = parseArgs({
    options: { workspace: { type: 'string' } },
    strict: false,
    args: process.argv.slice(1),
  });
  const wanted = typeof values.workspace === 'string' ? values.workspace : undefined;
  return new HostService({
    workspace: await chooseWorkspace(userData, wanted),
    userData,
    templates: new Templates(
      app.isPackaged ? path.join(process.resourcesPath, 'templates') : path.join(DIST, '../templates'),
    ),
    engine: new EngineHost(() =>
      utilityTransport(
        utilityProcess.fork(path.join(DIST, 'engine/engine-process.cjs'), [], {
          serviceName: 'Millrace engine',
          stdio: 'inherit',
        }),
      ),
    ),
    describe: () => ({
      kind: 'desktop',
      version: app.getVersion(),
      systemTheme: nativeTheme.shouldUseDarkColors ? 'dark' : 'light',
    }),
  });
}

/** Running jobs take a last checkpoint first. */
function closeBeforeQuit(service: HostService): void {
  let isClosed = false;
  app.on('before-quit', (event) => {
    if (isClosed) return;
    event.preventDefault();
    void service.close().finally(() => {
      isClosed = true;
      app.quit();
    });
  });
}

app.setPath('userData', userDataFolder());
registerAppScheme();
if (app.requestSingleInstanceLock()) {
  run().catch((error: unknown) => {
    console.error(error);
    app.exit(1);
  });
} else {
  app.quit();
}
