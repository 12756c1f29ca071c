/** Python, and packages that pip fetches once. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { say } from '../core/say.ts';
import { cacheFolder, fetchPatience, madeOnce, ToolMissing } from './cache.ts';

const run = promisify(execFile);
/** What PySpark 4 needs. */
const MIN_MINOR = 10;
/** For 450 MB over a slow line. */
const FETCH_SECONDS = 900;

/** Name of Python 3. Rejects with `ToolMissing`. */
export async function findPython(): Promise<string> {
  const python = process.env.PYTHON ?? 'python3';
  const remedy = say`Install Python 3.${MIN_MINOR} or later, or set PYTHON to one that is there.`;
  const { stdout } = await run(python, ['--version']).catch((cause: unknown) => {
    throw new ToolMissing(say`Python 3.${MIN_MINOR} or later is needed, and "${python}" does not run.`, remedy, cause);
  });
  if (Number(/Python 3\.(\d+)/.exec(stdout)?.[1]) >= MIN_MINOR) return python;
  throw new ToolMissing(say`Python 3.${MIN_MINOR} or later is needed; this is ${stdout.trim()}.`, remedy);
}

/** A folder of the cache with the package and what it needs, for PYTHONPATH. `signal` ends the fetching. Rejects with `ToolMissing`. */
export async function fetchFromPyPI(name: string, version: string, signal?: AbortSignal): Promise<string> {
  return madeOnce(path.join(cacheFolder(), `${name}-${version}`), async (staging) => {
    const args = ['-m', 'pip', 'install', '--quiet', '--no-compile', '--target', staging, `${name}==${version}`];
    const options = { timeout: fetchPatience(FETCH_SECONDS), ...(signal === undefined ? {} : { signal }) };
    await run(await findPython(), args, options).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new ToolMissing(
        say`pip cannot fetch "${name}" ${version}: ${String(cause).slice(0, 300)}`,
        say`See whether the network and the index of pip can be reached. What it has fetched once is used again.`,
        cause,
      );
    });
  });
}
