/**
 * Who causes backpressure: behind those that are blocked, the first that is not blocked and busy itself. As one reads Flink's
 * dashboard, per branch, with the reason and what helps against it.
 */
import type { NodeId } from '../core/ids.ts';
import { isComposite } from '../core/operator.ts';
import type { AnalyzedNode } from '../compiler/validator.ts';
import type { JobMetrics, SubtaskMetrics } from '../protocol/job.ts';
import {
  isCompositeNode,
  isSourceNode,
  mean,
  most,
  rateSettingOf,
  subtasksOf,
  sum,
  type ObservedJob,
} from './observed-job.ts';
import { recentMetrics } from './recent.ts';
import { tasksOf, type Task, type TaskGraph } from './tasks.ts';

/** A task that is blocked for less of its time than this is not held up. */
const BLOCKED = 0.2;
/** One that is busy for less than this could do more: it is not who the others wait for. */
const BUSY = 0.6;
/** Nobody is blocked in front of what is chained to a source: then it has to be at its limit. */
const AT_LIMIT = 0.8;
/** An operator that has its task wait for more of the time than this is why it is busy. */
const WAITING = 0.3;
/** The fullest channel of an exchange is, on average, fuller than this where rows are not kept up with. */
const QUEUED = 0.2;
/** The busiest subtask against the mean of the others. */
const SKEW = 2;

export type CulpritReason =
  /** Waits for requests to the outside system, or for its own writing: `waiting` of its time, 0 to 1. */
  | { readonly code: 'slowSink'; readonly waiting: number }
  | { readonly code: 'slowLookup'; readonly waiting: number }
  /** Holds rows back, or waits for requests of another kind. */
  | { readonly code: 'waits'; readonly waiting: number }
  /** It is held to this rate, rows/s. */
  | { readonly code: 'rateLimit'; readonly rowsPerSecond: number }
  /** One subtask has far more to do than the others, whose means are given. Shares 0 to 1, rates in rows/s. */
  | {
      readonly code: 'skewedSubtask';
      readonly subtask: number;
      readonly busy: number;
      readonly othersBusy: number;
      readonly rowsPerSecond: number;
      readonly othersRowsPerSecond: number;
      /** Fields whose values deal the rows out; empty where none do. */
      readonly keys: readonly string[];
    }
  /** The processor is what it needs. */
  | { readonly code: 'cpu'; readonly busy: number };

/** What helps. */
export type CulpritRemedy =
  | 'raiseParallelism'
  | 'raiseConcurrency'
  | 'checkOutside'
  | 'cacheLookups'
  | 'raiseRate'
  | 'splitKey'
  | 'lessRows'
  | 'simplify';

export interface Culprit {
  readonly nodeId: NodeId;
  /** The clearest first; at least one. */
  readonly reasons: readonly CulpritReason[];
  /** In the order in which to try them. */
  readonly remedies: readonly CulpritRemedy[];
  /** Share of the time that its busiest subtask is busy, 0 to 1. */
  readonly busy: number;
  /** Rows that it reads per second: what the branch is limited to. */
  readonly rowsPerSecond: number;
  /** Who is held up by it, the first operator of each task. */
  readonly holdsUp: readonly NodeId[];
  /** The others in its task: their times cannot be told apart, so with reason `cpu` it may be one of them. */
  readonly chainedWith: readonly NodeId[];
}

/** None while the job does not run, has only begun, or nobody is held up. */
export function findCulprits(job: ObservedJob): readonly Culprit[] {
  const metrics = job.state === 'RUNNING' ? recentMetrics(job.reports) : null;
  if (metrics === null) return [];
  const graph = tasksOf(job, metrics);
  const heldUp = new Map<Task, Set<NodeId>>();
  const blame = (culprit: Task, who: NodeId): void => {
    heldUp.set(culprit, (heldUp.get(culprit) ?? new Set()).add(who));
  };
  for (const task of graph.tasks) {
    if (task.blocked >= BLOCKED) {
      for (const culprit of slowBehind(task, graph, job)) blame(culprit, task.operators[0]!);
    } else if (limitsItsSource(task, job, metrics)) blame(task, task.operators[0]!);
  }
  return [...heldUp].map(([task, holdsUp]) => describe(task, [...holdsUp], job, metrics));
}

function slowBehind(task: Task, graph: TaskGraph, job: ObservedJob, seen = new Set<Task>()): readonly Task[] {
  const exits = graph.exits.get(task) ?? [];
  const full = exits.filter(({ queueUsage }) => queueUsage === null || queueUsage >= QUEUED);
  const found = new Set<Task>();
  for (const { to } of full.length === 0 ? exits : full) {
    if (seen.has(to)) continue;
    seen.add(to);
    if (to.blocked < BLOCKED) {
      if (to.busy >= BUSY) found.add(to);
      continue;
    }
    const further = slowBehind(to, graph, job, seen);
    for (const one of further) found.add(one);
    // One operator of a composite may be blocked by another of it.
    if (further.length === 0 && (to.busy >= BUSY || isCompositeNode(job.nodes.get(to.operators[0]!)))) found.add(to);
  }
  return [...found];
}

/** Whether a source cannot go on because of an operator in its own task, which no queue shows. */
function limitsItsSource({ operators, busy }: Task, { nodes }: ObservedJob, metrics: JobMetrics): boolean {
  const [head, ...others] = operators;
  if (!isSourceNode(nodes.get(head!)) || busy < AT_LIMIT) return false;
  const { waiting } = mostWaiting(others, metrics);
  if (waiting < AT_LIMIT) return false;
  const wanted = rateSettingOf(nodes.get(head!));
  const sent = sum(subtasksOf(metrics, head!).flatMap((one) => Object.values(one.numRecordsOutPerSecond)));
  return wanted === null || sent < wanted * 0.95;
}

function mostWaiting(operators: readonly NodeId[], metrics: JobMetrics): { nodeId: NodeId | null; waiting: number } {
  let found: { nodeId: NodeId | null; waiting: number } = { nodeId: null, waiting: 0 };
  for (const nodeId of operators) {
    const waiting = most(subtasksOf(metrics, nodeId).map((one) => one.waitingTimeMsPerSecond)) / 1000;
    if (waiting > found.waiting) found = { nodeId, waiting };
  }
  return found;
}

function describe(task: Task, holdsUp: readonly NodeId[], job: ObservedJob, metrics: JobMetrics): Culprit {
  const waits = mostWaiting(task.operators, metrics);
  const head = task.operators[0]!;
  const nodeId = waits.nodeId !== null && waits.waiting >= WAITING ? waits.nodeId : head;
  const node = job.nodes.get(nodeId);
  const subtasks = subtasksOf(metrics, nodeId);
  const waiting = nodeId === waits.nodeId ? waits.waiting : 0;
  const skew = skewOf(subtasksOf(metrics, head), keysOf(job.nodes.get(head)));
  const reasons = [...(skew === null ? [] : [skew]), slownessOf(node, task, waiting)];
  const canSpread = subtasks.length < (node?.traits?.maxParallelism ?? Infinity);
  return {
    nodeId,
    reasons,
    remedies: [...new Set(reasons.flatMap((reason) => REMEDIES[reason.code]))].filter(
      (remedy) => remedy !== 'raiseParallelism' || canSpread,
    ),
    busy: task.busy,
    rowsPerSecond: sum(subtasks.map((one) => one.numRecordsInPerSecond)),
    holdsUp: holdsUp.filter((id) => id !== nodeId),
    chainedWith: task.operators.filter((id) => id !== nodeId),
  };
}

const REMEDIES: Readonly<Record<CulpritReason['code'], readonly CulpritRemedy[]>> = {
  slowSink: ['raiseConcurrency', 'raiseParallelism', 'checkOutside'],
  slowLookup: ['cacheLookups', 'raiseConcurrency', 'checkOutside'],
  waits: ['checkOutside'],
  rateLimit: ['raiseRate'],
  skewedSubtask: ['splitKey', 'lessRows'],
  cpu: ['raiseParallelism', 'lessRows', 'simplify'],
};

function slownessOf(node: AnalyzedNode | undefined, { operators, busy }: Task, waiting: number): CulpritReason {
  const category = node?.spec?.category;
  const rowsPerSecond = rateSettingOf(node);
  if (waiting >= WAITING) {
    if (rowsPerSecond !== null) return { code: 'rateLimit', rowsPerSecond };
    return { code: category === 'sink' ? 'slowSink' : category === 'join' ? 'slowLookup' : 'waits', waiting };
  }
  // Nothing else is in its task: what takes the time is the writing.
  return category === 'sink' && operators.length === 1 ? { code: 'slowSink', waiting } : { code: 'cpu', busy };
}

function skewOf(subtasks: readonly SubtaskMetrics[], keys: readonly string[]): CulpritReason | null {
  if (subtasks.length < 2) return null;
  const top = subtasks.reduce((a, b) => (b.busyTimeMsPerSecond > a.busyTimeMsPerSecond ? b : a));
  const others = subtasks.filter((one) => one !== top);
  const busy = top.busyTimeMsPerSecond / 1000;
  const othersBusy = mean(others.map((one) => one.busyTimeMsPerSecond)) / 1000;
  if (busy < BUSY || busy < othersBusy * SKEW) return null;
  const rowsPerSecond = top.numRecordsInPerSecond;
  const othersRowsPerSecond = mean(others.map((one) => one.numRecordsInPerSecond));
  return {
    code: 'skewedSubtask',
    subtask: top.subtask,
    busy,
    othersBusy,
    rowsPerSecond,
    othersRowsPerSecond,
    keys,
  };
}

/** Fields that rows are dealt out by, in front of the operator. */
function keysOf(node: AnalyzedNode | undefined): readonly string[] {
  if (node === undefined || node.spec === null || node.config === null || isComposite(node.spec)) return [];
  const { spec, config } = node;
  const fields = node.ports.inputs.flatMap(({ name }) => {
    const distribution = spec.distribution?.(config, name);
    return distribution?.type === 'hash' ? distribution.fields : [];
  });
  return [...new Set(fields)];
}
