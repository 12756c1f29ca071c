/** `npm run dist`: the desktop app as a folder that runs by itself, in `release/`. Needs the official Electron. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { buildApp, buildRuntime, orExit, ROOT } from './build.mjs';
import { officialElectron } from './electron-binary.mjs';

const electron = officialElectron();
if (electron === null) {
  console.error(
    'Electron cannot be downloaded here, and nothing else may be shipped. Set ELECTRON_OVERRIDE_DIST_PATH to a folder that has it.',
  );
  process.exit(1);
}
await orExit(buildRuntime());
await orExit(buildApp());
const builder = path.join(ROOT, 'node_modules/electron-builder/cli.js');
const options = [
  '--linux',
  'dir',
  '--publish',
  'never',
  '--config',
  'build/electron-builder.yml',
  `-c.electronDist=${path.dirname(electron)}`,
];
process.exit(
  spawnSync(process.execPath, [builder, ...options, ...process.argv.slice(2)], { cwd: ROOT, stdio: 'inherit' })
    .status ?? 1,
);
