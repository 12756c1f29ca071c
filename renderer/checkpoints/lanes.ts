import type { NodeId } from '../../runtime/core/ids.ts';
import type { CheckpointReport, SubtaskCheckpoint } from '../../runtime/protocol/job.ts';

/** Where a subtask's time went, in order. */
export const PARTS = ['startDelay', 'alignment', 'sync', 'async'] as const;
export type Part = (typeof PARTS)[number];

export interface Lane {
  readonly nodeId: NodeId;
  readonly subtask: number;
  /** Subtasks of the node, as far as is known. */
  readonly of: number;
  readonly ms: Readonly<Record<Part, number>>;
  /** From the trigger to the last byte written. */
  readonly totalMs: number;
  /** Of the longest lane, 0 to 1. */
  readonly shares: Readonly<Record<Part, number>>;
  readonly report: SubtaskCheckpoint;
  /** Far slower than the others. */
  readonly isStraggler: boolean;
}

/** Slower than the median by this factor, and by this much: small differences are no news. */
const STRAGGLER_FACTOR = 2;
const STRAGGLER_MS = 100;

/** The subtasks' times on one scale, in the order they are reported. */
export function lanesOf(checkpoint: CheckpointReport): readonly Lane[] {
  const { details } = checkpoint;
  const totals = details.map((one) => one.startDelayMs + one.alignmentMs + one.syncMs + one.asyncMs);
  const longest = Math.max(1, ...totals);
  const median = totals.toSorted((a, b) => a - b)[Math.floor((totals.length - 1) / 2)] ?? 0;
  return details.map((report, i): Lane => {
    const totalMs = totals[i]!;
    const ms = {
      startDelay: report.startDelayMs,
      alignment: report.alignmentMs,
      sync: report.syncMs,
      async: report.asyncMs,
    };
    return {
      nodeId: report.nodeId,
      subtask: report.subtask,
      of: subtasksOf(details, report.nodeId),
      ms,
      totalMs,
      shares: {
        startDelay: ms.startDelay / longest,
        alignment: ms.alignment / longest,
        sync: ms.sync / longest,
        async: ms.async / longest,
      },
      report,
      isStraggler: details.length > 1 && totalMs > median * STRAGGLER_FACTOR && totalMs - median > STRAGGLER_MS,
    };
  });
}

/** Those that have not reported are known of only when one after them has. */
function subtasksOf(details: readonly SubtaskCheckpoint[], nodeId: NodeId): number {
  return Math.max(...details.filter((one) => one.nodeId === nodeId).map((one) => one.subtask + 1));
}

/** Bytes of rows that were under way: handled between the first barrier and the last, and kept with the checkpoint. */
export function inFlight(checkpoint: CheckpointReport): { readonly processed: number; readonly persisted: number } {
  const total = (of: 'processedBytes' | 'persistedBytes'): number =>
    checkpoint.details.reduce((sum, one) => sum + one[of], 0);
  return { processed: total('processedBytes'), persisted: total('persistedBytes') };
}

/**
 * Ids of those that a job can start from: every completed savepoint, and the completed checkpoints that are kept still.
 * `reports` newest first.
 */
export function restorableIds(reports: readonly CheckpointReport[], retain: number): ReadonlySet<number> {
  const completed = reports.filter((one) => one.status === 'completed' && one.path !== null);
  const kept = completed.filter((one) => one.kind === 'checkpoint').slice(0, retain);
  return new Set([...kept, ...completed.filter((one) => one.kind === 'savepoint')].map((one) => one.id));
}
