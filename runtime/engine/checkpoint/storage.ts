/** Checkpoints of a job in its state folder, or at the URL of one in an HDFS: `chk-<id>/`, a `CheckpointFolder` each. */
import { say } from '../../core/say.ts';
import { CheckpointFolder } from './checkpoint-folder.ts';
import type { FileStore } from './file-store.ts';
import { childLocation, openFileStore } from './location.ts';
import type { Manifest } from './manifest.ts';
import { removeUnused, SharedFiles, verifyShared } from './shared-files.ts';
import { failing, reading, writing } from './storage-errors.ts';
import { subfolderStore } from './subfolder-store.ts';

export { readCheckpoint, readManifest, type Checkpoint } from './checkpoint-folder.ts';

const TRIAL_NAME = 'chk-trial';

export class CheckpointStorage {
  /** Absolute folder, or URL. */
  readonly location: string;
  readonly #files: FileStore;

  constructor(location: string, files: FileStore = openFileStore(location)) {
    this.location = location;
    this.#files = files;
  }

  /** Folder or URL of a checkpoint, there or not. */
  locationOf(id: number): string {
    return childLocation(this.location, folderOf(id));
  }

  folder(id: number): CheckpointFolder {
    return new CheckpointFolder(this.locationOf(id), subfolderStore(this.#files, folderOf(id)));
  }

  /** Ids of the completed checkpoints, newest first. Throws StreamError MR2206. */
  async list(): Promise<number[]> {
    const ids = await this.ids();
    const areCompleted = await Promise.all(ids.map((id) => this.folder(id).isComplete()));
    return ids.filter((_, i) => areCompleted[i]).sort((a, b) => b - a);
  }

  /** Throws StreamError MR2201. */
  async remove(id: number): Promise<void> {
    await writing(this.locationOf(id), this.#files.remove(folderOf(id)), 'removed');
  }

  /**
   * Keeps the newest `count` completed checkpoints, and `spared`. Of those before the newest, the others go, also what was given
   * up and written to nevertheless. Throws StreamError MR2201 or MR2206.
   */
  async retain(count: number, spared: number | null = null): Promise<void> {
    const [ids, completed] = await Promise.all([this.ids(), this.list()]);
    const kept = completed.slice(0, count);
    for (const id of ids) {
      if (id < (completed[0] ?? 0) && !kept.includes(id) && id !== spared) await this.remove(id);
    }
    await this.#removeUnused([...kept, ...completed.filter((id) => id === spared)], completed[0] ?? 0);
  }

  /** Shared files that none of the checkpoints needs, and none after `newest` can. */
  async #removeUnused(kept: readonly number[], newest: number): Promise<void> {
    const manifests = (): Promise<Manifest[]> => Promise.all(kept.map((id) => this.folder(id).manifest()));
    await removeUnused(this.location, this.#files, manifests, newest);
  }

  /** Puts and gets the files that checkpoints share. */
  sharedFiles(): SharedFiles {
    return new SharedFiles(this.location, this.#files);
  }

  /** Throws StreamError MR2202 when a file that a checkpoint of this storage shares with others is not whole, or MR2206. */
  async verifyShared(manifest: Manifest): Promise<void> {
    await verifyShared(this.location, this.#files, manifest);
  }

  /** Removes all checkpoints up to `last` but `spared`, complete or not. Throws StreamError MR2201 or MR2206. */
  async clear(last: number, spared: number | null = null): Promise<void> {
    for (const id of await this.ids()) if (id <= last && id !== spared) await this.remove(id);
    await this.#removeUnused(
      (await this.list()).filter((id) => id === spared),
      last,
    );
  }

  /** So that a job does not run for hours before it finds that it cannot keep what it does. Throws StreamError MR2201. */
  async tryToWrite(): Promise<void> {
    const what = say`Checkpoints cannot be kept in ${this.location}`;
    await failing('MR2201', what, this.#files.write(TRIAL_NAME, new Uint8Array([1])));
    await failing('MR2201', what, this.#files.remove(TRIAL_NAME));
  }

  /** Of the checkpoint at `location`, when it is one of this storage; otherwise null. */
  idOf(location: string): number | null {
    const id = /(?:^|[\\/])chk-(\d+)[\\/]*(?:\?.*)?$/.exec(location)?.[1];
    return id !== undefined && this.locationOf(Number(id)) === location.replace(/[\\/]+(?=$|\?)/, '')
      ? Number(id)
      : null;
  }

  /** Of all checkpoints, completed or not, in no order. Throws StreamError MR2206. */
  async ids(): Promise<number[]> {
    const names = await reading(this.location, this.#files.list(''));
    return names.flatMap((name) => /^chk-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  }
}

function folderOf(id: number): string {
  return `chk-${id}`;
}
