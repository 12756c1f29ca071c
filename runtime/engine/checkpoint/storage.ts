/** Checkpoints of a job: `chk-<id>/` with a file per task, and `_metadata` last. In a folder here or in an HDFS. */
import { createHash } from 'node:crypto';
import { StreamError } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import type { StateSnapshot } from '../state/index.ts';
import { FileStoreError, type FileStore } from './file-store.ts';
import { childLocation, openFileStore } from './location.ts';
import { MANIFEST_NAME, parseManifest, printManifest, type Manifest, type TaskFile } from './manifest.ts';
import { decodeTaskState } from './task-state-file.ts';

const TRIAL_NAME = 'chk-trial';

export interface Checkpoint {
  readonly manifest: Manifest;
  /** Of all subtasks, by operator. */
  readonly state: Map<NodeId, StateSnapshot[]>;
}

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

  /** Ids of the completed checkpoints, newest first. Throws StreamError MR2206. */
  async list(): Promise<number[]> {
    const ids = await this.#ids();
    const areCompleted = await Promise.all(
      ids.map((id) => reading(this.location, this.#files.exists(`${folderOf(id)}/${MANIFEST_NAME}`))),
    );
    return ids.filter((_, i) => areCompleted[i]).sort((a, b) => b - a);
  }

  /** Writes one task's state; returns once it is stored. Throws StreamError MR2201. */
  async writeTaskFile(checkpointId: number, nodeId: NodeId, subtask: number, bytes: Uint8Array): Promise<TaskFile> {
    const file = `${encodeURIComponent(nodeId)}-${subtask}.state`;
    await writing(this.locationOf(checkpointId), this.#files.write(`${folderOf(checkpointId)}/${file}`, bytes));
    return { nodeId, subtask, file, bytes: bytes.length, sha256: sha256(bytes) };
  }

  /** Completes a checkpoint; returns its location. Throws StreamError MR2201. */
  async writeManifest(manifest: Manifest): Promise<string> {
    const location = this.locationOf(manifest.id);
    const final = `${folderOf(manifest.id)}/${MANIFEST_NAME}`;
    const temporary = `${final}.part`;
    await writing(location, this.#files.write(temporary, new TextEncoder().encode(printManifest(manifest))));
    await writing(location, this.#files.rename(temporary, final));
    return location;
  }

  /** Throws StreamError MR2201. */
  async remove(id: number): Promise<void> {
    await writing(this.locationOf(id), this.#files.remove(folderOf(id)), 'removed');
  }

  /**
   * Keeps the newest `count` completed checkpoints. Of those before the newest, the others go, also what was given up and
   * written to nevertheless. Throws StreamError MR2201 or MR2206.
   */
  async retain(count: number): Promise<void> {
    const [ids, completed] = await Promise.all([this.#ids(), this.list()]);
    const kept = completed.slice(0, count);
    for (const id of ids) if (id < (completed[0] ?? 0) && !kept.includes(id)) await this.remove(id);
  }

  /**
   * For a fresh start: removes all checkpoints, complete or not, and writes once, so that a job does not run for hours before
   * it finds that it cannot keep what it does. Throws StreamError MR2201 or MR2206.
   */
  async prepare(): Promise<void> {
    for (const id of await this.#ids()) await this.remove(id);
    const what = `Checkpoints cannot be kept in ${this.location}`;
    await failing('MR2201', what, this.#files.write(TRIAL_NAME, new Uint8Array([1])));
    await failing('MR2201', what, this.#files.remove(TRIAL_NAME));
  }

  async #ids(): Promise<number[]> {
    const names = await reading(this.location, this.#files.list(''));
    return names.flatMap((name) => /^chk-(\d+)$/.exec(name)?.[1] ?? []).map(Number);
  }
}

/** Of the checkpoint in a folder or at a URL. Throws StreamError MR2202 (there is none, or it is broken) or MR2206. */
export async function readManifest(location: string): Promise<Manifest> {
  return manifestIn(location, openFileStore(location));
}

/** Throws StreamError MR2202 when a file is missing, cut off or changed, MR2206 when that cannot be known. */
export async function readCheckpoint(location: string): Promise<Checkpoint> {
  const files = openFileStore(location);
  const manifest = await manifestIn(location, files);
  const state = new Map<NodeId, StateSnapshot[]>();
  for (const task of manifest.tasks) {
    const bytes = await reading(location, files.read(task.file));
    if (bytes === null) throw damaged(location, `${task.file} is missing`);
    if (sha256(bytes) !== task.sha256) throw damaged(location, `${task.file} was changed or cut off`);
    for (const [nodeId, snapshot] of decodeTaskState(bytes)) {
      const all = state.get(nodeId);
      if (all === undefined) state.set(nodeId, [snapshot]);
      else all.push(snapshot);
    }
  }
  return { manifest, state };
}

async function manifestIn(location: string, files: FileStore): Promise<Manifest> {
  const bytes = await reading(location, files.read(MANIFEST_NAME));
  if (bytes === null) throw damaged(location, `it has no ${MANIFEST_NAME}`);
  const manifest = parseManifest(new TextDecoder().decode(bytes));
  if (manifest === null) throw damaged(location, `its ${MANIFEST_NAME} is not one of this version`);
  return manifest;
}

function folderOf(id: number): string {
  return `chk-${id}`;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function damaged(location: string, what: string): StreamError {
  return new StreamError('MR2202', `The checkpoint in ${location} is damaged: ${what}.`, { retryable: false });
}

function writing<T>(location: string, operation: Promise<T>, participle = 'written'): Promise<T> {
  return failing('MR2201', `The checkpoint in ${location} could not be ${participle}`, operation);
}

/** What cannot be read for now may be whole: unlike a damaged checkpoint, it is no reason to take the one before. */
function reading<T>(location: string, operation: Promise<T>): Promise<T> {
  return failing('MR2206', `Checkpoints in ${location} cannot be read`, operation);
}

async function failing<T>(code: string, what: string, operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (cause) {
    if (!(cause instanceof FileStoreError)) throw cause;
    throw new StreamError(code, `${what}: ${cause.message.replace(/\.$/, '')}.`, { remedy: cause.remedy, cause });
  }
}
