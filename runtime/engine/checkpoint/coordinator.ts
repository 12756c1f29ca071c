/** Bookkeeping of checkpoints: which is under way, who has acknowledged, how each ended. No I/O and no clock of its own. */
import { assert } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import type { CheckpointReport, CheckpointStatus, SubtaskCheckpoint } from '../../protocol/job.ts';

/** A task that has to acknowledge. */
export interface SubtaskId {
  readonly nodeId: NodeId;
  readonly subtask: number;
}

interface Pending {
  readonly id: number;
  readonly kind: CheckpointReport['kind'];
  readonly triggeredAt: number;
  readonly details: SubtaskCheckpoint[];
}

export class CheckpointCoordinator {
  readonly #subtasks: readonly SubtaskId[];
  readonly #now: () => number;
  #lastId: number;
  #pending: Pending | null = null;

  /** `lastId`: of the newest checkpoint there is, so that ids keep growing over restarts. */
  constructor(subtasks: readonly SubtaskId[], lastId: number, now: () => number) {
    this.#subtasks = subtasks;
    this.#lastId = lastId;
    this.#now = now;
  }

  get lastId(): number {
    return this.#lastId;
  }

  get pendingId(): number | null {
    return this.#pending?.id ?? null;
  }

  /** Starts a checkpoint; there is at most one under way. */
  trigger(kind: CheckpointReport['kind']): CheckpointReport {
    assert(this.#pending === null, 'a checkpoint is under way');
    this.#pending = { id: ++this.#lastId, kind, triggeredAt: this.#now(), details: [] };
    return this.#report(this.#pending, 'running', null);
  }

  /** Notes an acknowledgement; false when it comes too late to matter. */
  acknowledge(checkpointId: number, detail: SubtaskCheckpoint): boolean {
    if (this.#pending?.id !== checkpointId) return false;
    this.#pending.details.push(detail);
    return true;
  }

  get isAcknowledged(): boolean {
    return this.#pending !== null && this.#pending.details.length === this.#subtasks.length;
  }

  progress(): CheckpointReport {
    assert(this.#pending !== null, 'no checkpoint is under way');
    return this.#report(this.#pending, 'running', null);
  }

  /** Ends the checkpoint under way. */
  finish(status: 'completed', path: string | null): CheckpointReport;
  finish(status: 'failed' | 'expired', failure: string): CheckpointReport;
  finish(status: 'completed' | 'failed' | 'expired', text: string | null): CheckpointReport {
    assert(this.#pending !== null, 'no checkpoint is under way');
    const report = this.#report(this.#pending, status, text);
    this.#pending = null;
    return report;
  }

  #report(pending: Pending, status: CheckpointStatus, text: string | null): CheckpointReport {
    const { id, kind, triggeredAt, details } = pending;
    const sum = (of: (detail: SubtaskCheckpoint) => number): number | null =>
      status === 'completed' ? details.reduce((bytes, detail) => bytes + of(detail), 0) : null;
    return {
      id,
      kind,
      status,
      triggeredAt,
      durationMs: status === 'running' ? null : this.#now() - triggeredAt,
      sizeBytes: sum((detail) => detail.sizeBytes),
      stateBytes: sum((detail) => detail.stateBytes),
      acknowledged: details.length,
      subtasks: this.#subtasks.length,
      failure: status === 'failed' || status === 'expired' ? text : null,
      path: status === 'completed' ? text : null,
      details: [...details],
    };
  }
}
