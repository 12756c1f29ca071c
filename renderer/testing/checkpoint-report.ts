/** For tests: a completed checkpoint of two subtasks, and what is changed of it. */
import { nodeId } from '../../runtime/core/ids.ts';
import type { CheckpointReport, SubtaskCheckpoint } from '../../runtime/protocol/job.ts';

export function checkpointReport(id: number, change: Partial<CheckpointReport> = {}): CheckpointReport {
  return {
    id,
    kind: 'checkpoint',
    status: 'completed',
    triggeredAt: 0,
    durationMs: 420,
    sizeBytes: 2048,
    stateBytes: 2048,
    acknowledged: 2,
    subtasks: 2,
    failure: null,
    path: `/state/chk-${id}`,
    details: [
      subtaskCheckpoint('clicks', { syncMs: 10, asyncMs: 40 }),
      subtaskCheckpoint('bad', { alignmentMs: 300, syncMs: 20, asyncMs: 100 }),
    ],
    ...change,
  };
}

export function subtaskCheckpoint(node: string, change: Partial<SubtaskCheckpoint> = {}): SubtaskCheckpoint {
  return {
    nodeId: nodeId(node),
    subtask: 0,
    startDelayMs: 0,
    alignmentMs: 0,
    syncMs: 0,
    asyncMs: 0,
    sizeBytes: 1024,
    stateBytes: 1024,
    processedBytes: 0,
    persistedBytes: 0,
    isUnaligned: false,
    ...change,
  };
}
