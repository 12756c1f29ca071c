/** The last seconds of a job as one report: what happens for a moment (a checkpoint, a burst of rows, the start) says nothing about who is slow. */
import type { JobMetrics, SubtaskMetrics } from '../protocol/job.ts';
import { mean, sum } from './observed-job.ts';

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
      queueUsage: mean(recent.map((report) => report.links[i]?.queueUsage ?? link.queueUsage)),
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
  return sum(
    operators.flatMap(({ subtasks }) =>
      subtasks.map(({ numRecordsIn, numRecordsOut }) => numRecordsIn + sum(Object.values(numRecordsOut))),
    ),
  );
}

function averaged(subtask: SubtaskMetrics, all: readonly SubtaskMetrics[]): SubtaskMetrics {
  // What a report has of a time before it may make more than a second of one.
  const shares = SHARES.map((name): [string, number] => [name, Math.min(1000, mean(all.map((one) => one[name])))]);
  const perPort = Object.keys(subtask.numRecordsOutPerSecond).map((port): [string, number] => [
    port,
    mean(all.map((one) => one.numRecordsOutPerSecond[port] ?? 0)),
  ]);
  return {
    ...subtask,
    ...Object.fromEntries(shares),
    numRecordsInPerSecond: mean(all.map((one) => one.numRecordsInPerSecond)),
    numRecordsOutPerSecond: Object.fromEntries(perPort),
  };
}
