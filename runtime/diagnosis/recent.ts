/** The last seconds of a job as one report: what happens for a moment (a checkpoint, a burst of rows, the start) says nothing about who is slow. */
import type { JobMetrics, SubtaskMetrics } from '../protocol/job.ts';

/** Reports that are averaged, at most: about three seconds. */
const AVERAGED = 6;
/** With fewer of an attempt it has hardly begun: operators open, code is compiled. */
const FEWEST = 3;

const SHARES = [
  'busyTimeMsPerSecond',
  'idleTimeMsPerSecond',
  'backPressuredTimeMsPerSecond',
  'waitingTimeMsPerSecond',
] as const;

/** Rates, shares and queues are means over the last reports, all else is as in the newest; null while there are too few of this attempt. */
export function recentMetrics(reports: readonly JobMetrics[]): JobMetrics | null {
  const recent = ofThisAttempt(reports.slice(-AVERAGED));
  const latest = recent.at(-1);
  if (latest === undefined || recent.length < FEWEST) return null;
  return {
    ...latest,
    operators: latest.operators.map(({ nodeId, subtasks }, i) => ({
      nodeId,
      subtasks: subtasks.map((subtask, j) =>
        averaged(
          subtask,
          recent.map((report) => report.operators[i]?.subtasks[j] ?? subtask),
        ),
      ),
    })),
    links: latest.links.map((link, i) => ({
      ...link,
      queueUsage: meanOf(recent, (report) => report.links[i]?.queueUsage ?? link.queueUsage),
    })),
  };
}

/** Counters begin anew with every attempt. */
function ofThisAttempt(reports: readonly JobMetrics[]): readonly JobMetrics[] {
  const rows = reports.map(rowsOf);
  let first = 0;
  for (let i = 1; i < rows.length; i++) if (rows[i]! < rows[i - 1]!) first = i;
  return reports.slice(first);
}

function rowsOf({ operators }: JobMetrics): number {
  let rows = 0;
  for (const { subtasks } of operators) {
    for (const { numRecordsIn, numRecordsOut } of subtasks) {
      rows += numRecordsIn;
      for (const port in numRecordsOut) rows += numRecordsOut[port]!;
    }
  }
  return rows;
}

/** Runs for every subtask of a job twice a second, beside the canvas: it makes nothing that it does not give. */
function averaged(subtask: SubtaskMetrics, all: readonly SubtaskMetrics[]): SubtaskMetrics {
  const result = { ...subtask, numRecordsOutPerSecond: { ...subtask.numRecordsOutPerSecond } };
  // What a report has of a time before it may make more than a second of one.
  for (const name of SHARES)
    result[name] = Math.min(
      1000,
      meanOf(all, (one) => one[name]),
    );
  result.numRecordsInPerSecond = meanOf(all, (one) => one.numRecordsInPerSecond);
  for (const port of Object.keys(result.numRecordsOutPerSecond)) {
    result.numRecordsOutPerSecond[port] = meanOf(all, (one) => one.numRecordsOutPerSecond[port] ?? 0);
  }
  return result;
}

function meanOf<T>(all: readonly T[], valueOf: (one: T) => number): number {
  let total = 0;
  for (const one of all) total += valueOf(one);
  return total / all.length;
}
