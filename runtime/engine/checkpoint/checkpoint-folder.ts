/** One checkpoint or savepoint: a folder with a file per task, and `_metadata` last. On this machine or in an HDFS. */
import { createHash } from 'node:crypto';
import type { NodeId } from '../../core/ids.ts';
import { say } from '../../core/say.ts';
import type { ChannelSnapshot } from '../network/channel-state.ts';
import type { StateSnapshot } from '../state/index.ts';
import type { FileStore } from './file-store.ts';
import { openFileStore } from './location.ts';
import { MANIFEST_NAME, parseManifest, printManifest, type Manifest, type TaskFile } from './manifest.ts';
import { damaged, reading, writing } from './storage-errors.ts';
import { decodeTaskState } from './task-state-file.ts';

export interface Checkpoint {
  readonly manifest: Manifest;
  /** Of all subtasks, by operator. */
  readonly state: Map<NodeId, StateSnapshot[]>;
  /** Rows under way, of an unaligned one. */
  readonly channels: readonly ChannelSnapshot[];
}

export class CheckpointFolder {
  /** Absolute folder, or URL. */
  readonly location: string;
  readonly #files: FileStore;

  constructor(location: string, files: FileStore = openFileStore(location)) {
    this.location = location;
    this.#files = files;
  }

  /** Writes one task's state; returns once it is stored. Throws StreamError MR2201. */
  async writeTaskFile(nodeId: NodeId, subtask: number, bytes: Uint8Array): Promise<TaskFile> {
    const file = `${encodeURIComponent(nodeId)}-${subtask}.state`;
    await writing(this.location, this.#files.write(file, bytes));
    return { nodeId, subtask, file, bytes: bytes.length, sha256: sha256(bytes) };
  }

  /** Completes the checkpoint. Throws StreamError MR2201. */
  async complete(manifest: Manifest): Promise<void> {
    const temporary = `${MANIFEST_NAME}.part`;
    await writing(this.location, this.#files.write(temporary, new TextEncoder().encode(printManifest(manifest))));
    await writing(this.location, this.#files.rename(temporary, MANIFEST_NAME));
  }

  /** Throws StreamError MR2206. */
  isComplete(): Promise<boolean> {
    return reading(this.location, this.#files.exists(MANIFEST_NAME));
  }

  /** Throws StreamError MR2202 (there is none, or it is broken) or MR2206. */
  async manifest(): Promise<Manifest> {
    const bytes = await reading(this.location, this.#files.read(MANIFEST_NAME));
    if (bytes === null) throw damaged(this.location, say`it has no ${MANIFEST_NAME}`);
    const manifest = parseManifest(new TextDecoder().decode(bytes));
    if (manifest === null) throw damaged(this.location, say`its ${MANIFEST_NAME} is not one of this version`);
    return manifest;
  }

  /** Throws StreamError MR2202 when a file is missing, cut off or changed, MR2206 when that cannot be known. */
  async read(): Promise<Checkpoint> {
    const manifest = await this.manifest();
    const state = new Map<NodeId, StateSnapshot[]>();
    const channels: ChannelSnapshot[] = [];
    for (const task of manifest.tasks) {
      const bytes = await reading(this.location, this.#files.read(task.file));
      if (bytes === null) throw damaged(this.location, say`${task.file} is missing`);
      if (sha256(bytes) !== task.sha256) throw damaged(this.location, say`${task.file} was changed or cut off`);
      const decoded = decodeTaskState(bytes);
      channels.push(...decoded.channels);
      for (const [nodeId, snapshot] of decoded.operators) {
        const all = state.get(nodeId);
        if (all === undefined) state.set(nodeId, [snapshot]);
        else all.push(snapshot);
      }
    }
    return { manifest, state, channels };
  }

  /** Throws StreamError MR2201. */
  async remove(): Promise<void> {
    await writing(this.location, this.#files.remove(''), 'removed');
  }
}

/** Of the checkpoint in a folder or at a URL. Throws as `CheckpointFolder.manifest`. */
export async function readManifest(location: string): Promise<Manifest> {
  return new CheckpointFolder(location).manifest();
}

/** Throws as `CheckpointFolder.read`. */
export async function readCheckpoint(location: string): Promise<Checkpoint> {
  return new CheckpointFolder(location).read();
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
