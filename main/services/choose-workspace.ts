import { mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import type { UserData } from './user-data.ts';
import { Workspace } from './workspace.ts';

/** The folder asked for, `MILLRACE_WORKSPACE`, the one used last if it is still there, or ~/millrace; made when missing. */
export async function chooseWorkspace(userData: UserData, wanted: string | undefined): Promise<Workspace> {
  const folder =
    wanted ?? process.env['MILLRACE_WORKSPACE'] ?? (await lastUsed(userData)) ?? path.join(homedir(), 'millrace');
  await mkdir(folder, { recursive: true });
  return new Workspace(folder);
}

async function lastUsed(userData: UserData): Promise<string | null> {
  const folder = await userData.lastWorkspace();
  if (folder === null) return null;
  const found = await stat(folder).catch(() => null);
  return found?.isDirectory() ? folder : null;
}
