/** Python, and packages that pip fetches once into a cache outside the repository. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { cacheFolder, fetchPatience } from '../../../testing/java.ts';

const run = promisify(execFile);
/** What PySpark 4 needs. */
const MIN_MINOR = 10;
/** For 450 MB over a slow line. */
const FETCH_SECONDS = 900;

/** Python or a package is not on this machine, and cannot be fetched. */
export class PythonMissing extends Error {}

/** Name of Python 3. Rejects with `PythonMissing`. */
export async function findPython(): Promise<string> {
  const python = process.env.PYTHON ?? 'python3';
  const needed = `Python 3.${MIN_MINOR} or later is needed`;
  const { stdout } = await run(python, ['--version']).catch((cause: unknown) => {
    throw new PythonMissing(`${needed}, and ${python} does not run.`, { cause });
  });
  if (Number(/Python 3\.(\d+)/.exec(stdout)?.[1]) >= MIN_MINOR) return python;
  throw new PythonMissing(`${needed}; this is ${stdout.trim()}.`);
}

/** A folder of the cache with the package and what it needs, for PYTHONPATH. Rejects with `PythonMissing`. */
export async function fetchFromPyPI(name: string, version: string): Promise<string> {
  const folder = path.join(cacheFolder(), `${name}-${version}`);
  if (existsSync(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  // Elsewhere first, so that a folder with the right name is complete.
  const staging = await mkdtemp(path.join(cacheFolder(), 'fetching-'));
  try {
    const args = ['-m', 'pip', 'install', '--quiet', '--no-compile', '--target', staging, `${name}==${version}`];
    await run(await findPython(), args, { timeout: fetchPatience(FETCH_SECONDS) }).catch((cause: unknown) => {
      throw new PythonMissing(`pip cannot fetch ${name} ${version}: ${String(cause).slice(0, 300)}`, { cause });
    });
    await rename(staging, folder).catch((cause: NodeJS.ErrnoException) => {
      // Another run was quicker.
      if (!existsSync(folder)) throw cause;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}
