/** What an output was made of, by content: so that a fresh one is not built again, whatever git does to modification times. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Change how everything is built; not modules of any bundle. */
const ALWAYS = ['package-lock.json', 'build/scripts/build.mjs', 'build/scripts/build-stamp.mjs'];

/** Whether nothing that `stampFile` lists has changed since. */
export async function isFresh(root, stampFile) {
  let stamp;
  try {
    stamp = JSON.parse(await readFile(stampFile, 'utf8'));
  } catch {
    return false;
  }
  const now = await digest(root, Object.keys(stamp.files), stamp.folders);
  return now.names === stamp.names && Object.entries(stamp.files).every(([file, hash]) => now.files[file] === hash);
}

/**
 * Notes `modules` (absolute paths; libraries are covered by the lock file) and the names of all files in `folders`
 * (relative to `root`), where a new file counts although nothing names it. Without a stamp, hence built again, when one was
 * changed after `startedAt` (ms since the epoch): nobody knows which version of it went in.
 */
export async function writeStamp(root, stampFile, modules, folders, startedAt) {
  const own = modules
    .map((file) => path.relative(root, file).replaceAll(path.sep, '/'))
    .filter((file) => !file.startsWith('..') && !file.startsWith('node_modules/'));
  const times = await Promise.all(own.map((file) => stat(path.join(root, file)).then(({ mtimeMs }) => mtimeMs)));
  if (times.some((time) => time >= startedAt)) return rm(stampFile, { force: true });
  const stamp = await digest(root, [...new Set([...own, ...ALWAYS])].sort(), folders);
  await mkdir(path.dirname(stampFile), { recursive: true });
  const draft = `${stampFile}.${process.pid}`;
  await writeFile(draft, JSON.stringify(stamp, null, 1));
  await rename(draft, stampFile);
}

async function digest(root, files, folders) {
  const hashes = await Promise.all(files.map(async (file) => [file, await hashFile(path.join(root, file))]));
  const names = createHash('sha256');
  for (const folder of folders)
    for (const name of await filesIn(path.join(root, folder))) names.update(`${folder}/${name}\n`);
  return { files: Object.fromEntries(hashes), folders, names: names.digest('hex') };
}

async function hashFile(file) {
  const content = await readFile(file).catch(() => null);
  return content === null ? null : createHash('sha256').update(content).digest('hex');
}

async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  return entries.filter((name) => !/\.(test|bench)\.tsx?$/.test(name)).sort();
}
