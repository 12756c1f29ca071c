/** What a job's checkpoint reports add up to. */
import type { CheckpointReport, RestoreReport } from '../../runtime/protocol/job.ts';

export interface CheckpointHistory {
  /** Newest first, one per id; of a long run only the latest. */
  readonly reports: readonly CheckpointReport[];
  /** Of the whole run, savepoints included; expired ones have failed. */
  readonly counts: CheckpointCounts;
  readonly latest: {
    readonly completed: CheckpointReport | null;
    readonly failed: CheckpointReport | null;
    readonly savepoint: CheckpointReport | null;
    readonly restored: RestoreReport | null;
  };
}

export interface CheckpointCounts {
  readonly triggered: number;
  readonly inProgress: number;
  readonly completed: number;
  readonly failed: number;
  readonly restored: number;
}

export const NO_CHECKPOINTS: CheckpointHistory = {
  reports: [],
  counts: { triggered: 0, inProgress: 0, completed: 0, failed: 0, restored: 0 },
  latest: { completed: null, failed: null, savepoint: null, restored: null },
};

const MAX_REPORTS = 500;

/** A report replaces an earlier one of the same checkpoint; one that had ended before does not change any more. */
export function withCheckpoint(history: CheckpointHistory, report: CheckpointReport): CheckpointHistory {
  const { reports, counts, latest } = history;
  const before = reports.find((one) => one.id === report.id);
  if (before !== undefined && before.status !== 'running') return history;
  const isRunning = report.status === 'running';
  const isCompleted = report.status === 'completed';
  const isFailed = !isRunning && !isCompleted;
  return {
    reports: [report, ...reports.filter((one) => one !== before)].sort((a, b) => b.id - a.id).slice(0, MAX_REPORTS),
    counts: {
      triggered: counts.triggered + (before === undefined ? 1 : 0),
      inProgress: counts.inProgress + (isRunning ? 1 : 0) - (before === undefined ? 0 : 1),
      completed: counts.completed + (isCompleted ? 1 : 0),
      failed: counts.failed + (isFailed ? 1 : 0),
      restored: counts.restored,
    },
    latest: {
      completed: isCompleted && report.kind === 'checkpoint' ? report : latest.completed,
      failed: isFailed ? report : latest.failed,
      savepoint: isCompleted && report.kind === 'savepoint' ? report : latest.savepoint,
      restored: latest.restored,
    },
  };
}

export function withRestore(history: CheckpointHistory, restored: RestoreReport): CheckpointHistory {
  const counts = { ...history.counts, restored: history.counts.restored + 1 };
  return { ...history, counts, latest: { ...history.latest, restored } };
}

/** The attempt is over: nobody will end the checkpoint that it was at. */
export function withoutRunning(history: CheckpointHistory): CheckpointHistory {
  return history.reports
    .filter((one) => one.status === 'running')
    .reduce((after, one) => withCheckpoint(after, { ...one, status: 'failed' }), history);
}
