import type { NodeId } from '../../runtime/core/ids.ts';
import type { CheckpointReport } from '../../runtime/protocol/job.ts';

export type Part = 'alignment' | 'sync' | 'async';

export interface Lane {
  readonly nodeId: NodeId;
  readonly subtask: number;
  /** Subtasks of the node that have reported. */
  readonly of: number;
  readonly ms: Readonly<Record<Part, number>>;
  readonly totalMs: number;
  /** Of the longest lane, 0 to 1. */
  readonly shares: Readonly<Record<Part, number>>;
  readonly sizeBytes: number;
  /** Far slower than the others. */
  readonly isStraggler: boolean;
}

/** Slower than the median by this factor, and by this much: small differences are no news. */
const STRAGGLER_FACTOR = 2;
const STRAGGLER_MS = 100;

/** The subtasks' times on one scale, in the order they are reported. */
export function lanesOf(checkpoint: CheckpointReport): readonly Lane[] {
  const { details } = checkpoint;
  const totals = details.map((one) => one.alignmentMs + one.syncMs + one.asyncMs);
  const longest = Math.max(1, ...totals);
  const median = totals.toSorted((a, b) => a - b)[Math.floor((totals.length - 1) / 2)] ?? 0;
  return details.map((one, i) => {
    const totalMs = totals[i]!;
    return {
      nodeId: one.nodeId,
      subtask: one.subtask,
      of: details.filter((other) => other.nodeId === one.nodeId).length,
      ms: { alignment: one.alignmentMs, sync: one.syncMs, async: one.asyncMs },
      totalMs,
      shares: { alignment: one.alignmentMs / longest, sync: one.syncMs / longest, async: one.asyncMs / longest },
      sizeBytes: one.sizeBytes,
      isStraggler: details.length > 1 && totalMs > median * STRAGGLER_FACTOR && totalMs - median > STRAGGLER_MS,
    };
  });
}
