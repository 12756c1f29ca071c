/** Runs the end-to-end tests: builds, gets an Electron for the desktop project, and gives it a display where there is none. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildApp, buildRuntime, orExit, ROOT } from './build.mjs';
import { electronForTests } from './electron-runtime.mjs';

const args = process.argv.slice(2);
const picksProjects = args.some((arg) => arg.startsWith('--project'));
const withDesktop = !picksProjects || args.some((arg) => /^(--project=)?desktop$/.test(arg));

await orExit(buildRuntime());
await orExit(buildApp());
const env = { ...process.env };
if (withDesktop) {
  const { executable, args: electronArgs, note } = await electronForTests();
  console.log(`Desktop tests run on ${note}`);
  Object.assign(env, { MILLRACE_ELECTRON: executable, MILLRACE_ELECTRON_ARGS: JSON.stringify(electronArgs) });
}
const needsDisplay =
  withDesktop && process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY;
const display = needsDisplay ? ['dbus-run-session', '--', 'xvfb-run', '-a', '-s', '-screen 0 1440x900x24'] : [];
const [command, ...rest] = [
  ...display,
  process.execPath,
  path.join(ROOT, 'node_modules/@playwright/test/cli.js'),
  'test',
  ...args,
];
const child = spawn(command, rest, { cwd: ROOT, env, stdio: 'inherit' });
child.on('error', (error) => {
  console.error(`${command} cannot be started: ${error.message}. On Debian: apt-get install xvfb xauth dbus chromium`);
  process.exit(1);
});
child.on('exit', (code) => process.exit(code ?? 1));
