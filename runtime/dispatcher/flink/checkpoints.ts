/** Checkpoints as Flink's REST API tells them (`/jobs/:id/checkpoints`). */
import type { NodeId } from '../../core/ids.ts';
import type { CheckpointReport, CheckpointStatus, RestoreReport, SubtaskCheckpoint } from '../../protocol/job.ts';

export interface FlinkCheckpoint {
  readonly id: number;
  readonly status: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  readonly is_savepoint: boolean;
  readonly trigger_timestamp: number;
  readonly end_to_end_duration: number;
  readonly checkpointed_size: number;
  readonly state_size: number;
  readonly num_subtasks: number;
  readonly num_acknowledged_subtasks: number;
  readonly failure_message?: string | null;
  readonly external_path?: string | null;
}

export interface FlinkCheckpoints {
  readonly history: readonly FlinkCheckpoint[];
  readonly latest: {
    readonly restored?: {
      readonly id: number;
      readonly restore_timestamp: number;
      readonly is_savepoint: boolean;
      readonly external_path?: string | null;
    } | null;
  };
}

/** Of one vertex (`/checkpoints/details/:id/subtasks/:vertex`). */
export interface FlinkVertexCheckpoint {
  readonly subtasks: readonly FlinkSubtaskCheckpoint[];
}

interface FlinkSubtaskCheckpoint {
  readonly index: number;
  readonly status: string;
  readonly start_delay?: number;
  readonly checkpointed_size?: number;
  readonly state_size?: number;
  readonly unaligned_checkpoint?: boolean;
  readonly checkpoint?: { readonly sync: number; readonly async: number };
  readonly alignment?: { readonly duration: number; readonly processed: number; readonly persisted: number };
}

const STATUS: Readonly<Record<FlinkCheckpoint['status'], CheckpointStatus>> = {
  IN_PROGRESS: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
};

export function checkpointReport(one: FlinkCheckpoint, details: readonly SubtaskCheckpoint[]): CheckpointReport {
  const hasEnded = one.status !== 'IN_PROGRESS';
  return {
    id: one.id,
    kind: one.is_savepoint ? 'savepoint' : 'checkpoint',
    status: STATUS[one.status],
    triggeredAt: one.trigger_timestamp,
    durationMs: hasEnded ? one.end_to_end_duration : null,
    sizeBytes: hasEnded ? one.checkpointed_size : null,
    stateBytes: hasEnded ? one.state_size : null,
    acknowledged: one.num_acknowledged_subtasks,
    subtasks: one.num_subtasks,
    failure: one.failure_message ?? null,
    path: one.external_path ?? null,
    details,
  };
}

/** Times and sizes that Flink does not know yet are -1 there. */
export function subtaskCheckpoints(nodeId: NodeId, { subtasks }: FlinkVertexCheckpoint): readonly SubtaskCheckpoint[] {
  return subtasks
    .filter(({ status }) => status === 'completed')
    .map((one): SubtaskCheckpoint => ({
      nodeId,
      subtask: one.index,
      startDelayMs: known(one.start_delay),
      alignmentMs: known(one.alignment?.duration),
      syncMs: known(one.checkpoint?.sync),
      asyncMs: known(one.checkpoint?.async),
      sizeBytes: known(one.checkpointed_size),
      stateBytes: known(one.state_size),
      processedBytes: known(one.alignment?.processed),
      persistedBytes: known(one.alignment?.persisted),
      isUnaligned: one.unaligned_checkpoint ?? false,
    }));
}

function known(value: number | undefined): number {
  return Math.max(0, value ?? 0);
}

export function restoreReport({ latest }: FlinkCheckpoints): RestoreReport | null {
  const { restored } = latest;
  if (restored === null || restored === undefined) return null;
  const { id, restore_timestamp: at, is_savepoint: isSavepoint, external_path: path } = restored;
  return { id, kind: isSavepoint ? 'savepoint' : 'checkpoint', at, path: path ?? '' };
}
