/** Starts the built app for a test, in either host, on a workspace and user data of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, chromium, type ElectronApplication, type Page } from '@playwright/test';

export type HostKind = 'web' | 'desktop';

export interface App {
  readonly host: HostKind;
  readonly page: Page;
  /** The main process; null in the web host. */
  readonly electron: ElectronApplication | null;
  /** Of the process that serves the page; the engine's process is a child of it. */
  readonly hostPid: number;
  /** Absolute. */
  readonly workspace: string;
  /** Absolute. */
  readonly userData: string;
  /** Ends the app, or kills page and host as a crash would, and starts it again on the same folders; the new page. */
  restart(how?: 'end' | 'kill'): Promise<Page>;
}

interface RunningApp {
  readonly page: Page;
  readonly electron: ElectronApplication | null;
  readonly hostPid: number;
  end(): Promise<void>;
  kill(): Promise<void>;
}

const ROOT = path.resolve(import.meta.dirname, '../..');
const VIEWPORT = { width: 1400, height: 860 };

/** Runs `use` with the app; `watchPage` sees every page before anything is done with it. */
export async function withApp(
  host: HostKind,
  watchPage: (page: Page) => void,
  use: (app: App) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-e2e-'));
  const env = {
    ...(process.env as Record<string, string>),
    MILLRACE_USER_DATA: path.join(folder, 'user-data'),
    MILLRACE_WORKSPACE: path.join(folder, 'workspace'),
  };
  const start = host === 'web' ? startWeb : startDesktop;
  let running = await start(env, watchPage);
  try {
    await use({
      host,
      workspace: env.MILLRACE_WORKSPACE,
      userData: env.MILLRACE_USER_DATA,
      get page() {
        return running.page;
      },
      get electron() {
        return running.electron;
      },
      get hostPid() {
        return running.hostPid;
      },
      async restart(how = 'end') {
        await running[how]();
        running = await start(env, watchPage);
        return running.page;
      },
    });
  } finally {
    await running.end();
    // What a killed app leaves behind may still be writing.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function startWeb(env: Record<string, string>, watchPage: (page: Page) => void): Promise<RunningApp> {
  const server = spawn(process.execPath, ['build/scripts/start.mjs', '--web', '--no-open'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => server.once('exit', resolve));
  const link = await firstLink(server);
  const executablePath = chromiumPath();
  const browser = await chromium.launch({ ...(executablePath === null ? {} : { executablePath }) });
  const page = await browser.newPage({
    viewport: VIEWPORT,
    // What a browser asks its user for, once.
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  watchPage(page);
  await page.goto(link);
  const finish = async (signal: NodeJS.Signals): Promise<void> => {
    server.kill(signal);
    await Promise.all([exited, browser.close()]);
  };
  return {
    page,
    electron: null,
    hostPid: server.pid!,
    async end() {
      await browser.close();
      await finish('SIGTERM');
    },
    kill: () => finish('SIGKILL'),
  };
}

async function startDesktop(env: Record<string, string>, watchPage: (page: Page) => void): Promise<RunningApp> {
  const executablePath = env['MILLRACE_ELECTRON'];
  if (executablePath === undefined) throw new Error('Run the desktop tests with: npm run e2e -- --project desktop');
  const args = JSON.parse(env['MILLRACE_ELECTRON_ARGS'] ?? '[]') as string[];
  // Root cannot have a sandbox; the page's own limits (no Node, isolation) hold without it.
  const app = await _electron.launch({ executablePath, args: [...args, '--no-sandbox'], env });
  const page = await app.firstWindow();
  watchPage(page);
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]!.setContentSize(size.width, size.height),
    VIEWPORT,
  );
  return {
    page,
    electron: app,
    hostPid: app.process().pid!,
    end: () => app.close(),
    async kill() {
      const closed = app.waitForEvent('close');
      app.process().kill('SIGKILL');
      await closed;
    },
  };
}

/** The link that the web host prints. */
async function firstLink(server: ChildProcess): Promise<string> {
  for await (const line of createInterface(server.stdout!)) {
    if (line.startsWith('http://')) return line;
  }
  throw new Error('the web host ended before it printed its link');
}

const CHROMIUMS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The system's browser; null = the one Playwright downloaded, if it did. */
function chromiumPath(): string | null {
  return process.env['MILLRACE_CHROMIUM'] ?? CHROMIUMS.find((file) => existsSync(file)) ?? null;
}
