/**
 * Files that checkpoints share: tables of databases, which never change. They lie in `shared/` beside the checkpoints, under names that
 * begin with the id of the checkpoint that brought them, and manifests list those they need.
 *
 * Why nothing that is needed is ever removed: a checkpoint takes over files only from those that are complete, and what a database has
 * now and had then, it had all the time between; so the newest complete one lists all that the next one may take over. Files of later
 * checkpoints than that are left alone.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { NodeId } from '../../core/ids.ts';
import { say } from '../../core/say.ts';
import type { NativeFile, NativeSnapshot, StateSnapshot, StoredFile } from '../state/index.ts';
import type { FileStore } from './file-store.ts';
import type { Manifest, SharedFile } from './manifest.ts';
import { damaged, reading, writing } from './storage-errors.ts';

const FOLDER = 'shared';
const NO = Promise.resolve(false);

export interface SharedState {
  /** Without local folders. */
  readonly operators: ReadonlyMap<NodeId, StateSnapshot>;
  /** All that the snapshots need. */
  readonly files: readonly SharedFile[];
  /** Written now. */
  readonly newBytes: number;
  readonly allBytes: number;
}

/** A worker's side: puts files of its databases into the storage, and gets them back. */
export class SharedFiles {
  readonly #location: string;
  readonly #files: FileStore;
  /** Of databases' files, by database and name: where complete checkpoints have them. */
  #known = new Map<string, StoredFile>();
  /** The same of checkpoints that may become complete, by id. */
  readonly #pending = new Map<number, Map<string, StoredFile>>();

  /** `location`: folder or URL with the checkpoints, for messages; `files`: the same. */
  constructor(location: string, files: FileStore) {
    this.#location = location;
    this.#files = files;
  }

  /** Stores what the snapshots' databases have and the storage does not, and removes their local folders. Throws StreamError MR2201. */
  async store(checkpointId: number, operators: ReadonlyMap<NodeId, StateSnapshot>): Promise<SharedState> {
    const stored = new Map<NodeId, StateSnapshot>();
    const files: SharedFile[] = [];
    let newBytes = 0;
    let allBytes = 0;
    for (const [id, snapshot] of operators) {
      const { native } = snapshot;
      if (native === undefined || native.folder === null) {
        stored.set(id, snapshot);
        continue;
      }
      const done: NativeFile[] = [];
      for (const file of native.files) {
        const place = await this.#storeFile(checkpointId, native.folder, file.name);
        done.push({ ...file, stored: place.stored });
        if (place.isNew) newBytes += file.bytes;
        // What is inline is part of the task's file.
        if (place.stored.type !== 'shared') continue;
        allBytes += file.bytes;
        files.push({ name: place.stored.shared, bytes: file.bytes, sha256: place.stored.sha256 });
      }
      await rm(native.folder, { recursive: true, force: true });
      stored.set(id, { ...snapshot, native: { ...native, files: done, folder: null } });
    }
    return { operators: stored, files, newBytes, allBytes };
  }

  async #storeFile(
    checkpointId: number,
    folder: string,
    name: string,
  ): Promise<{ readonly stored: StoredFile; readonly isNew: boolean }> {
    const local = path.join(folder, name);
    if (!isTable(name)) {
      const content = (await readFile(local)).toString('base64');
      return { stored: { type: 'inline', content }, isNew: false };
    }
    const key = `${path.basename(folder)}/${name}`;
    const known = this.#known.get(key);
    const stored = known ?? (await this.#put(local, `${checkpointId}-${path.basename(folder)}-${name}`));
    const pending = this.#pending.get(checkpointId) ?? new Map<string, StoredFile>();
    this.#pending.set(checkpointId, pending.set(key, stored));
    return { stored, isNew: known === undefined };
  }

  async #put(local: string, shared: string): Promise<StoredFile> {
    const bytes = await readFile(local);
    const target = `${FOLDER}/${shared}`;
    const linked = await writing(this.#location, this.#files.link?.(local, target) ?? NO);
    if (!linked) await writing(this.#location, this.#files.write(target, bytes));
    return { type: 'shared', shared, sha256: sha256(bytes) };
  }

  /** The checkpoint is complete: later ones may take over its files. */
  completed(checkpointId: number): void {
    this.#known = this.#pending.get(checkpointId) ?? this.#known;
    for (const id of this.#pending.keys()) if (id <= checkpointId) this.#pending.delete(id);
  }

  /**
   * Puts the files of a restored snapshot into `folder`, which becomes a database's, and names it in the result. `isOurs`: they lie in this
   * storage, so that its next checkpoints may take them over. Throws StreamError MR2202 when one is missing or cut off, MR2206.
   */
  async fetch(native: NativeSnapshot, folder: string, isOurs: boolean): Promise<NativeSnapshot> {
    await mkdir(folder, { recursive: true });
    for (const { name, bytes, stored } of native.files) {
      const local = path.join(folder, name);
      if (stored === null) throw new Error('Millrace bug: a snapshot was restored whose files were not stored');
      if (stored.type === 'inline') {
        await writeFile(local, Buffer.from(stored.content, 'base64'));
        continue;
      }
      await this.#get(stored.shared, local, bytes);
      if (isOurs) this.#known.set(`${path.basename(folder)}/${name}`, stored);
    }
    return { ...native, folder };
  }

  async #get(shared: string, local: string, bytes: number): Promise<void> {
    const source = `${FOLDER}/${shared}`;
    if (await reading(this.#location, this.#files.linkTo?.(source, local) ?? NO)) return;
    const content = await reading(this.#location, this.#files.read(source));
    if (content === null) throw damaged(this.#location, say`${source} is missing`);
    if (content.length !== bytes) throw damaged(this.#location, say`${source} is cut off`);
    await writeFile(local, content);
  }
}

/** Throws StreamError MR2202 when a file that the manifest lists is missing, cut off or changed, MR2206 when that cannot be known. */
export async function verifyShared(location: string, files: FileStore, manifest: Manifest): Promise<void> {
  for (const { name, sha256: expected } of sharedOf(manifest)) {
    const content = await reading(location, files.read(`${FOLDER}/${name}`));
    if (content === null) throw damaged(location, say`${FOLDER}/${name} is missing`);
    if (sha256(content) !== expected) throw damaged(location, say`${FOLDER}/${name} was changed or cut off`);
  }
}

/**
 * Removes the files that checkpoints up to `newest` brought and none of `kept` needs. Throws StreamError MR2201 or MR2206, and what `kept`
 * throws: of a checkpoint that cannot be read nobody knows what it needs.
 */
export async function removeUnused(
  location: string,
  files: FileStore,
  kept: () => Promise<readonly Manifest[]>,
  newest: number,
): Promise<void> {
  const names = await reading(location, files.list(FOLDER));
  const old = names.filter((name) => Number.parseInt(name, 10) <= newest);
  if (old.length === 0) return;
  const needed = new Set((await kept()).flatMap((manifest) => sharedOf(manifest).map(({ name }) => name)));
  for (const name of old) {
    if (!needed.has(name)) await writing(location, files.remove(`${FOLDER}/${name}`), 'removed');
  }
}

function sharedOf(manifest: Manifest): readonly SharedFile[] {
  return manifest.tasks.flatMap(({ shared }) => shared ?? []);
}

function isTable(name: string): boolean {
  return name.endsWith('.sst');
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
