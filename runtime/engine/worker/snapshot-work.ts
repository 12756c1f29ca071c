import type { NodeId } from '../../core/ids.ts';
import type { SubtaskCheckpoint } from '../../protocol/job.ts';
import type { SharedFile } from '../checkpoint/manifest.ts';
import type { SharedFiles, SharedState } from '../checkpoint/shared-files.ts';
import { encodeTaskState } from '../checkpoint/task-state-file.ts';
import { discardNative, type StateSnapshot } from '../state/index.ts';
import type { TaskSnapshot } from '../task/task.ts';

const NOTHING_SHARED = { files: [], newBytes: 0, allBytes: 0 };

/** Makes a task's file of its snapshot, step by step, while the task goes on. */
export class SnapshotWork {
  readonly #task: { readonly id: NodeId; readonly subtask: number };
  readonly #snapshot: TaskSnapshot;
  readonly #finished = new Map<NodeId, StateSnapshot>();
  #isDiscarded = false;
  #shared: SharedState | null = null;

  constructor(task: { readonly id: NodeId; readonly subtask: number }, snapshot: TaskSnapshot) {
    this.#task = task;
    this.#snapshot = snapshot;
  }

  get checkpointId(): number {
    return this.#snapshot.barrier.checkpointId;
  }

  /** The checkpoint is not wanted any more. */
  get isDiscarded(): boolean {
    return this.#isDiscarded || this.#snapshot.recording.isDiscarded;
  }

  /** Every step is done and every barrier has come. */
  get isReady(): boolean {
    return this.#finished.size === this.#snapshot.operators.size && this.#snapshot.recording.isComplete;
  }

  /** Some of the work; false when only barriers may be missing. Throws StreamError. */
  step(): boolean {
    for (const [id, snapshot] of this.#snapshot.operators) {
      if (this.#finished.has(id)) continue;
      if (!snapshot.step()) this.#finished.set(id, snapshot.result());
      return true;
    }
    return false;
  }

  /** Once every step is done: stores the files that snapshots share. Throws StreamError MR2201. */
  async share(files: SharedFiles): Promise<void> {
    this.#shared = await files.store(this.checkpointId, this.#finished);
  }

  /** Once all barriers have come, or the checkpoint is discarded. */
  recorded(): Promise<void> {
    return this.#snapshot.recording.settled();
  }

  discard(): void {
    if (this.#isDiscarded) return;
    this.#isDiscarded = true;
    for (const [id, snapshot] of this.#snapshot.operators) if (!this.#finished.has(id)) snapshot.discard();
    if (this.#shared === null) for (const { native } of this.#finished.values()) discardNative(native);
  }

  /** Bytes of the file, and what is to be told of it, once it is ready. `asyncMs`: since the snapshot. */
  result(): {
    readonly bytes: Uint8Array;
    /** What it needs beside them. */
    readonly shared: readonly SharedFile[];
    readonly detailAfter: (asyncMs: number) => SubtaskCheckpoint;
  } {
    const { barrier, recording, syncMs } = this.#snapshot;
    const { operators, files, newBytes, allBytes } = this.#shared ?? { ...NOTHING_SHARED, operators: this.#finished };
    const bytes = encodeTaskState(operators, recording.snapshots());
    return {
      bytes,
      shared: files,
      detailAfter: (asyncMs) => ({
        nodeId: this.#task.id,
        subtask: this.#task.subtask,
        startDelayMs: Math.max(0, recording.startedAt - barrier.triggeredAt),
        alignmentMs: recording.alignmentMs,
        syncMs,
        asyncMs,
        sizeBytes: bytes.length + newBytes,
        stateBytes: bytes.length + allBytes,
        processedBytes: recording.processedBytes,
        persistedBytes: recording.persistedBytes,
        isUnaligned: recording.isUnaligned,
      }),
    };
  }
}
