/** The last seconds of a job as one report: what happens for a moment (a checkpoint, a burst of rows, the start) says nothing about who is slow. */
import type { JobMetrics, SubtaskMetrics } from '../protocol/job.ts';

/** Reports that are averaged, at most: about three seconds. */
const AVERAGED = 6;
/** With fewer of an attempt it has hardly begun: operators open, code is compiled. */
const FEWEST = 3;

/** Rates, shares and queues are means over the last reports, all else is as in the newest; null while there are too few of this attempt. */
export function recentMetrics(reports: readonly JobMetrics[]): JobMetrics | null {
  const recent = ofThisAttempt(reports.slice(-AVERAGED));
  const latest = recent.at(-1);
  if (latest === undefined || recent.length < FEWEST) return null;
  return {
    ...latest,
    operators: latest.operators.map(({ nodeId, subtasks }, i) => ({
      nodeId,
      subtasks: subtasks.map((subtask, j) => averaged(subtask, recent, i, j)),
    })),
    links: latest.links.map((link, i) => ({
      ...link,
      queueUsage:
        recent.reduce((sum, report) => sum + (report.links[i]?.queueUsage ?? link.queueUsage), 0) / recent.length,
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

/**
 * `subtask`, of the operator at `i` its `j`-th, over `recent`. Runs for every subtask of a job twice a second, beside the canvas: it makes nothing that
 * it does not give.
 */
function averaged(subtask: SubtaskMetrics, recent: readonly JobMetrics[], i: number, j: number): SubtaskMetrics {
  const n = recent.length;
  const numRecordsOutPerSecond = { ...subtask.numRecordsOutPerSecond };
  for (const port in numRecordsOutPerSecond) numRecordsOutPerSecond[port] = 0;
  let [busy, idle, backPressured, waiting, numRecordsInPerSecond] = [0, 0, 0, 0, 0];
  for (const report of recent) {
    const one = report.operators[i]?.subtasks[j] ?? subtask;
    busy += one.busyTimeMsPerSecond;
    idle += one.idleTimeMsPerSecond;
    backPressured += one.backPressuredTimeMsPerSecond;
    waiting += one.waitingTimeMsPerSecond;
    numRecordsInPerSecond += one.numRecordsInPerSecond;
    for (const port in numRecordsOutPerSecond) numRecordsOutPerSecond[port]! += one.numRecordsOutPerSecond[port] ?? 0;
  }
  for (const port in numRecordsOutPerSecond) numRecordsOutPerSecond[port]! /= n;
  // What a report has of a time before it may make more than a second of one.
  return {
    ...subtask,
    busyTimeMsPerSecond: Math.min(1000, busy / n),
    idleTimeMsPerSecond: Math.min(1000, idle / n),
    backPressuredTimeMsPerSecond: Math.min(1000, backPressured / n),
    waitingTimeMsPerSecond: Math.min(1000, waiting / n),
    numRecordsInPerSecond: numRecordsInPerSecond / n,
    numRecordsOutPerSecond,
  };
}
