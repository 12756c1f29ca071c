/** What a document's job can start from: the checkpoints of its state folder, and its savepoints. */
import { CheckpointFolder } from '../engine/checkpoint/checkpoint-folder.ts';
import { childLocation, openFileStore, resolveLocation } from '../engine/checkpoint/location.ts';
import { stateBytesOf, type Manifest } from '../engine/checkpoint/manifest.ts';
import { CheckpointStorage } from '../engine/checkpoint/storage.ts';
import { StreamError } from '../core/errors.ts';
import { parseDocument } from '../graph/index.ts';
import type { RestorePoint } from '../protocol/host.ts';

/** `settings.checkpoint.path` of a document in `folder`, absolute or a URL; null when it has none, or cannot be read. */
export function ownStateFolder(text: string, folder: string): string | null {
  const path = parseDocument(text).document?.settings.checkpoint.path;
  return path === undefined ? null : resolveLocation(folder, path);
}

/** Newest first. Broken ones are left out. Rejects with StreamError MR2206 when a place cannot be read. */
export async function restorePoints(stateFolder: string, savepointFolder: string): Promise<RestorePoint[]> {
  const [checkpoints, savepoints] = await Promise.all([checkpointsIn(stateFolder), savepointsIn(savepointFolder)]);
  return [...checkpoints, ...savepoints].sort((a, b) => b.createdAt - a.createdAt || b.id - a.id);
}

async function checkpointsIn(stateFolder: string): Promise<RestorePoint[]> {
  const storage = new CheckpointStorage(stateFolder);
  return pointsOf((await storage.list()).map((id) => storage.locationOf(id)));
}

async function savepointsIn(folder: string): Promise<RestorePoint[]> {
  const names = await openFileStore(folder).list('');
  return pointsOf(names.map((name) => childLocation(folder, name)));
}

async function pointsOf(locations: readonly string[]): Promise<RestorePoint[]> {
  const points = await Promise.all(
    locations.map(async (location) => {
      const manifest = await manifestIn(location);
      if (manifest === null) return [];
      const { kind, id, createdAt } = manifest;
      return [{ kind, id, location, createdAt, stateBytes: stateBytesOf(manifest) }];
    }),
  );
  return points.flat();
}

async function manifestIn(location: string): Promise<Manifest | null> {
  try {
    return await new CheckpointFolder(location).manifest();
  } catch (error) {
    if (error instanceof StreamError && error.code === 'MR2202') return null;
    throw error;
  }
}
