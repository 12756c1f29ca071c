/** Jobs as diagnosis sees them: with reports that a test writes by hand, or of a whole job under the deterministic scheduler. */
import { validateDocument } from '../compiler/validate.ts';
import { assert } from '../core/errors.ts';
import { MetricsLayout, RECORDS_IN } from '../engine/metrics/metrics-layout.ts';
import type { Task } from '../engine/task/task.ts';
import { readDocument } from '../graph/index.ts';
import type { ObservedJob } from '../diagnosis/index.ts';
import type { JobMetrics, SubtaskMetrics } from '../protocol/job.ts';
import type { MemoryNetwork } from './memory-network.ts';
import { planOf, simulateJob } from './simulated-job.ts';
import { subtaskMetrics } from './subtask-metrics.ts';

const FRAME = { format: 'millrace/pipeline', version: 1, name: 'observed', notes: [], groups: [] };
const REPORT_MS = 500;

/** A job of a document, running unless `change` says otherwise. */
export function observedJob(
  raw: object,
  reports: readonly JobMetrics[],
  change: Partial<ObservedJob> = {},
): ObservedJob {
  const { document } = readDocument({ ...FRAME, ...raw });
  assert(document !== null, 'the document cannot be read');
  return {
    nodes: validateDocument(document).nodes,
    settings: document.settings,
    state: 'RUNNING',
    error: null,
    reports,
    checkpoints: { completed: null, failed: null },
    ...change,
  };
}

/** A subtask that does nothing, and what is changed of it. Shares are of a second, 0 to 1. */
export interface WrittenSubtask extends Partial<SubtaskMetrics> {
  readonly busy?: number;
  readonly blocked?: number;
  readonly waiting?: number;
}

/** What each operator reports, a subtask each; those that are not named do nothing. `queues`: usage of the links into an operator. */
export function writtenReport(
  raw: object,
  operators: Readonly<Record<string, readonly WrittenSubtask[]>>,
  queues: Readonly<Record<string, number>> = {},
  at = 0,
): JobMetrics {
  const plan = planOf(raw);
  return {
    at,
    operators: plan.operators.map((operator) => ({
      nodeId: operator.nodeId,
      subtasks: (operators[operator.nodeId] ?? [{}]).map((written, i) =>
        writtenSubtask(i, Object.keys(operator.outputs), written),
      ),
    })),
    links: plan.links.map(({ from, fromPort, to, toPort, exchange }) => {
      const queueUsage = exchange === 'chained' ? 0 : (queues[to] ?? 0);
      return { from, fromPort, to, toPort, exchange, queueUsage };
    }),
    memoryBytes: 0,
    managedMemory: { usedBytes: 0, budgetBytes: 0 },
  };
}

function writtenSubtask(
  subtask: number,
  ports: readonly string[],
  { busy = 0, blocked = 0, waiting = 0, ...change }: WrittenSubtask,
): SubtaskMetrics {
  const none = Object.fromEntries(ports.map((port) => [port, 0]));
  return subtaskMetrics({
    subtask,
    busyTimeMsPerSecond: busy * 1000,
    idleTimeMsPerSecond: Math.max(0, 1 - busy - blocked) * 1000,
    backPressuredTimeMsPerSecond: blocked * 1000,
    waitingTimeMsPerSecond: waiting * 1000,
    ...change,
    numRecordsOut: { ...none, ...change.numRecordsOut },
    numRecordsOutPerSecond: { ...none, ...change.numRecordsOutPerSecond },
  });
}

export interface ObservedRunOptions {
  /** For how long it is watched, in ms of its clock. */
  readonly forMs: number;
  /** Milliseconds that a row costs an operator (the head of a chain), as if it needed the processor for so long. */
  readonly costs?: Readonly<Record<string, number>>;
  readonly network?: MemoryNetwork;
  /** Called when nothing moves but what is outside. */
  readonly onOutside?: (now: number) => void;
}

/** Runs a job for a while, and gives what it has reported every 500 ms of its clock. */
export async function watchJob(
  raw: object,
  { forMs, costs = {}, network, onOutside }: ObservedRunOptions,
): Promise<ObservedJob> {
  const layout = new MetricsLayout(planOf(raw));
  const handled = new Map<Task, { readonly rows: number; readonly until: number }>();
  const job = await simulateJob(raw, {
    ...(network === undefined ? {} : { network }),
    mayStep(task) {
      const cost = costs[task.id];
      if (cost === undefined) return true;
      const now = job.scheduler.now;
      const rows = job.scheduler.metrics[layout.at(task.id, task.subtask) + RECORDS_IN]!;
      const last = handled.get(task) ?? { rows: 0, until: 0 };
      const until = rows > last.rows ? now + (rows - last.rows) * cost : last.until;
      handled.set(task, { rows, until });
      return now >= until;
    },
  });
  const { scheduler } = job;
  const reports: JobMetrics[] = [];
  let wasOutside = false;
  while (scheduler.now < forMs && !scheduler.isFinished) {
    const outcome = scheduler.step();
    if (outcome === 'held') scheduler.elapse(1);
    if (outcome === 'outside') {
      await scheduler.outside();
      if (wasOutside) {
        scheduler.elapse(1);
        onOutside?.(scheduler.now);
        network?.settle();
      }
    }
    wasOutside = outcome === 'outside';
    if (scheduler.now >= (reports.length + 1) * REPORT_MS) {
      for (const task of scheduler.tasks) task.measure();
      reports.push(job.readMetrics());
    }
  }
  const { isFinished } = scheduler;
  if (isFinished) reports.push(job.readMetrics());
  scheduler.close();
  return observedJob(raw, reports, { state: isFinished ? 'FINISHED' : 'RUNNING' });
}
