/** Finds the official Electron, downloading it on first use as its package does. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from './build.mjs';

const PACKAGE = path.join(ROOT, 'node_modules/electron');
const DOWNLOAD_LIMIT_MS = 10 * 60_000;

/** Path of the executable; null when it is not there and cannot be had. */
export function officialElectron({ quiet = false } = {}) {
  if (!existsSync(PACKAGE)) return null;
  if (installed() === null && process.env.ELECTRON_SKIP_BINARY_DOWNLOAD === undefined) {
    if (!quiet) console.error('Electron is not there yet: downloading it …');
    const stdio = quiet ? 'ignore' : ['ignore', 'inherit', 'ignore'];
    spawnSync(process.execPath, ['install.js'], { cwd: PACKAGE, stdio, timeout: DOWNLOAD_LIMIT_MS });
  }
  return installed();
}

function installed() {
  const own = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const name = existsSync(path.join(PACKAGE, 'path.txt'))
    ? readFileSync(path.join(PACKAGE, 'path.txt'), 'utf8')
    : 'electron';
  const executable = path.join(own ?? path.join(PACKAGE, 'dist'), name);
  return existsSync(executable) ? executable : null;
}
