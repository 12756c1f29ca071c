/** Where engines are kept that are fetched once, outside of any workspace. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { StreamError } from '../core/errors.ts';

/** Something that a real engine needs is not on this machine, and cannot be fetched (MR2403). */
export class ToolMissing extends StreamError {
  constructor(message: string, remedy: string, cause?: unknown) {
    super('MR2403', message, { remedy, ...(cause === undefined ? {} : { cause }) });
  }
}

/** The folder for what is fetched: `MILLRACE_CACHE`, or `millrace` in the user's cache. */
export function cacheFolder(): string {
  const { MILLRACE_CACHE, XDG_CACHE_HOME } = process.env;
  return MILLRACE_CACHE ?? path.join(XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'millrace');
}

/** How long a download may take, in ms: `usual` seconds, unless the environment says otherwise, as CI does. */
export function fetchPatience(usual: number): number {
  return Number(process.env.MILLRACE_FETCH_SECONDS ?? usual) * 1000;
}

/** `folder`, which `make` fills where it is not there yet: complete, or not there at all. Whatever else makes it at the same time, one of both stays. */
export async function madeOnce(folder: string, make: (staging: string) => Promise<void>): Promise<string> {
  if (existsSync(folder)) return folder;
  const parent = path.dirname(folder);
  await mkdir(parent, { recursive: true });
  const staging = await mkdtemp(path.join(parent, 'fetching-'));
  try {
    await make(staging);
    await rename(staging, folder).catch((cause: NodeJS.ErrnoException) => {
      // Another run was quicker.
      if (!existsSync(folder)) throw cause;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  return folder;
}
