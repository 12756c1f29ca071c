/** `npm start`: the desktop app where it can run, else the same app in the browser. Builds first what is not up to date. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildApp, buildRuntime, DIST, orExit, ROOT } from './build.mjs';
import { officialElectron } from './electron-binary.mjs';

const HELP = `Opens Millrace.

Usage: npm start -- [options]

  --web              serve the app to the browser instead of opening a window
  --port N           port of the web app (default: any free one)
  --workspace DIR    folder with pipelines (default: the one used last, or ~/millrace)
  --no-open          print the link, do not open a browser
  --help             show this help

Without a display, or where Electron cannot be had, the app is served to the browser.
It listens on 127.0.0.1 only, and the link carries a secret token.`;

const OPTIONS = {
  web: { type: 'boolean', default: false },
  port: { type: 'string' },
  workspace: { type: 'string' },
  'no-open': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
};

function readOptions() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    console.error(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
}

/** Why there can be no window; null when there can. */
function noWindowBecause() {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return 'there is no display';
  if (process.getuid?.() === 0) return 'Electron does not run sandboxed as root';
  return null;
}

/** Exit code of the window; null when it could not be opened. */
async function openWindow(electron, workspace) {
  const startedAt = performance.now();
  const args = [ROOT, ...(workspace === undefined ? [] : ['--workspace', path.resolve(workspace)])];
  const code = await new Promise((resolve) => {
    const child = spawn(electron, args, { stdio: 'inherit' });
    child.on('error', () => resolve(null));
    child.on('exit', (exitCode) => resolve(exitCode));
  });
  const couldNotStart = code !== 0 && performance.now() - startedAt < 5000;
  return couldNotStart ? null : code;
}

const options = readOptions();
if (options.help) {
  console.log(HELP);
  process.exit(0);
}
const port = options.port === undefined ? 0 : Number(options.port);
if (!Number.isInteger(port) || port < 0 || port > 65535) {
  console.error(`--port must be a number from 0 to 65535, not "${options.port}"`);
  process.exit(2);
}
await orExit(buildRuntime());
await orExit(buildApp());
if (!options.web) {
  const reason = noWindowBecause();
  const electron = reason === null ? officialElectron() : null;
  if (electron !== null) {
    const code = await openWindow(electron, options.workspace);
    if (code !== null) process.exit(code);
  }
  console.error(
    `No window: ${reason ?? 'Electron could not be downloaded or started'}. Serving the app to the browser instead.`,
  );
}
const { serve } = await import(path.join(DIST, 'main/web.cjs'));
await orExit(
  serve({
    port,
    open: !options['no-open'],
    ...(options.workspace === undefined ? {} : { workspace: options.workspace }),
  }),
);
