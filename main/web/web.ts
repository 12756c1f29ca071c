/** Entry of the web host: the app in a browser on this machine. */
import { fork, spawn } from 'node:child_process';
import path from 'node:path';
import { version } from '../../package.json';
import { processIpc } from '../../runtime/protocol/transport.ts';
import { chooseWorkspace } from '../services/choose-workspace.ts';
import { EngineHost } from '../services/engine-host.ts';
import { HostService } from '../services/host-service.ts';
import { Templates } from '../services/templates.ts';
import { UserData, userDataFolder } from '../services/user-data.ts';
import { startWebHost } from './web-host.ts';

export interface ServeOptions {
  /** 0 = any free one. */
  readonly port: number;
  readonly workspace?: string;
  /** Whether to open the link in the user's browser. */
  readonly open: boolean;
}

/** `dist`, seen from the bundle. */
const DIST = path.join(import.meta.dirname, '..');

/** Serves the app until the process is told to end; settles once it is served. */
export async function serve({ port, workspace: wanted, open }: ServeOptions): Promise<void> {
  const userData = new UserData(userDataFolder());
  const service = new HostService({
    workspace: await chooseWorkspace(userData, wanted),
    userData,
    templates: new Templates(path.join(DIST, '../templates')),
    engine: new EngineHost(launchEngine),
    describe: () => ({ kind: 'web', version, systemTheme: null }),
  });
  await service.open();
  const host = await startWebHost(port, path.join(DIST, 'renderer'), service);
  console.log(`Millrace serves ${service.parts.workspace.root}\n${host.link}`);
  if (open) openBrowser(host.link);

  const end = () => void Promise.all([host.close(), service.close()]).then(() => process.exit(0));
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

function launchEngine() {
  const file = path.join(DIST, 'engine/engine-process.cjs');
  return processIpc(fork(file, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
}

const OPENERS: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
};

function openBrowser(link: string): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  // Where there is none, the printed link does.
  spawn(command, [...args, link], { detached: true, stdio: 'ignore' })
    .on('error', () => {})
    .unref();
}
