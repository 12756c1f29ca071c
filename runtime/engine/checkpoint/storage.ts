/** Checkpoints in a folder: `chk-<id>/` with a file per task, and `_metadata` last. */
import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StreamError } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import type { StateSnapshot } from '../state/index.ts';
import { MANIFEST_NAME, parseManifest, printManifest, type Manifest, type TaskFile } from './manifest.ts';
import { decodeTaskState } from './task-state-file.ts';

/** Ids of the completed checkpoints in a state folder, newest first; none when it is not there. */
export async function listCheckpoints(stateFolder: string): Promise<number[]> {
  const names = await readdir(stateFolder).catch(ignoreMissing);
  const ids = (names ?? []).flatMap((name) => /^chk-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  const completed = await Promise.all(
    ids.map(async (id) =>
      (await readFile(join(checkpointFolder(stateFolder, id), MANIFEST_NAME)).catch(ignoreMissing)) ? [id] : [],
    ),
  );
  return completed.flat().sort((a, b) => b - a);
}

export function checkpointFolder(stateFolder: string, id: number): string {
  return join(stateFolder, `chk-${id}`);
}

/** Writes one task's state; returns once it is on disk. Throws StreamError MR2201. */
export async function writeTaskFile(
  stateFolder: string,
  checkpointId: number,
  nodeId: NodeId,
  subtask: number,
  bytes: Uint8Array,
): Promise<TaskFile> {
  const file = `${encodeURIComponent(nodeId)}-${subtask}.state`;
  await writeDurably(checkpointFolder(stateFolder, checkpointId), file, bytes);
  return { nodeId, subtask, file, bytes: bytes.length, sha256: sha256(bytes) };
}

/** Completes a checkpoint; returns its folder. Throws StreamError MR2201. */
export async function writeManifest(stateFolder: string, manifest: Manifest): Promise<string> {
  const folder = checkpointFolder(stateFolder, manifest.id);
  const temporary = `${MANIFEST_NAME}.part`;
  await writeDurably(folder, temporary, new TextEncoder().encode(printManifest(manifest)));
  try {
    await rename(join(folder, temporary), join(folder, MANIFEST_NAME));
  } catch (cause) {
    throw writeFailure(folder, cause);
  }
  return folder;
}

/** Throws StreamError MR2202 (no or broken manifest). */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readFile(join(folder, MANIFEST_NAME), 'utf8').catch((cause: unknown) => {
    throw damaged(folder, `its ${MANIFEST_NAME} cannot be read`, cause);
  });
  const manifest = parseManifest(text);
  if (manifest === null) throw damaged(folder, `its ${MANIFEST_NAME} is not one of this version`);
  return manifest;
}

/** State of all subtasks, by operator. Throws StreamError MR2202 when a file is missing, cut off or changed. */
export async function readCheckpoint(
  folder: string,
): Promise<{ manifest: Manifest; state: Map<NodeId, StateSnapshot[]> }> {
  const manifest = await readManifest(folder);
  const state = new Map<NodeId, StateSnapshot[]>();
  for (const task of manifest.tasks) {
    const bytes = await readFile(join(folder, task.file)).catch((cause: unknown) => {
      throw damaged(folder, `${task.file} cannot be read`, cause);
    });
    if (sha256(bytes) !== task.sha256) throw damaged(folder, `${task.file} was changed or cut off`);
    for (const [nodeId, snapshot] of decodeTaskState(bytes)) {
      const all = state.get(nodeId);
      if (all === undefined) state.set(nodeId, [snapshot]);
      else all.push(snapshot);
    }
  }
  return { manifest, state };
}

export async function removeCheckpoint(stateFolder: string, id: number): Promise<void> {
  await rm(checkpointFolder(stateFolder, id), { recursive: true, force: true });
}

/** Empties a state folder of checkpoints, complete or not: a fresh start. */
export async function clearCheckpoints(stateFolder: string): Promise<void> {
  const names = (await readdir(stateFolder).catch(ignoreMissing)) ?? [];
  for (const name of names) {
    if (/^chk-\d+$/.test(name)) await rm(join(stateFolder, name), { recursive: true, force: true });
  }
}

async function writeDurably(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const handle = await open(join(folder, name), 'w');
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw writeFailure(folder, cause);
  }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function writeFailure(folder: string, cause: unknown): StreamError {
  return new StreamError('MR2201', `The checkpoint in ${folder} could not be written: ${describe(cause)}.`, {
    remedy: 'Check free space and permissions of the state folder, or choose another with --state-dir.',
    cause,
  });
}

function damaged(folder: string, what: string, cause?: unknown): StreamError {
  return new StreamError('MR2202', `The checkpoint in ${folder} is damaged: ${what}.`, { retryable: false, cause });
}

function describe(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function ignoreMissing(cause: NodeJS.ErrnoException): null {
  if (cause.code === 'ENOENT') return null;
  throw cause;
}
