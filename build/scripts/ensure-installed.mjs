/** Installs the libraries when they are missing or not those of the lock file. Runs before they are there: Node's built-ins only. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(path.join(ROOT, lockFile), 'utf8')).packages;
  } catch {
    return null;
  }
}

/** npm notes what it has installed in a lock file of the same form. Optional packages may be of another platform. */
function isInstalled() {
  const wanted = packagesOf('package-lock.json');
  const present = packagesOf('node_modules/.package-lock.json');
  if (wanted === null || present === null) return false;
  return Object.entries(wanted).every(
    ([name, { version, optional, devOptional, peer }]) =>
      name === '' || optional || devOptional || peer || present[name]?.version === version,
  );
}

function npm(command) {
  console.error(`Installing libraries: npm ${command}`);
  return spawnSync('npm', [command], { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' }).status === 0;
}

// `npm ci` refuses a lock file that lacks packages of other platforms, which some registries do not have.
if (!isInstalled() && !npm('ci') && !npm('install')) process.exit(1);
