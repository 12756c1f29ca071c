/** The tasks of a job as its reports show them: operators that are joined by direct calls share a thread, and with it their times. */
import type { NodeId } from '../core/ids.ts';
import type { JobMetrics, LinkMetrics } from '../protocol/job.ts';
import { isCompositeNode, most, subtasksOf, type ObservedJob } from './observed-job.ts';

export interface Task {
  /** The head first. A composite is one for itself: those in it may be in several. */
  readonly operators: readonly NodeId[];
  /** Shares of a second, 0 to 1, of the subtask that has most of each. */
  readonly busy: number;
  readonly blocked: number;
}

/** What a task waits for when it is blocked. */
export interface Exit {
  readonly to: Task;
  /** 0 to 1; null where there is no queue to look at, into a composite. */
  readonly queueUsage: number | null;
}

export interface TaskGraph {
  readonly tasks: readonly Task[];
  readonly exits: ReadonlyMap<Task, readonly Exit[]>;
}

export function tasksOf({ nodes }: Pick<ObservedJob, 'nodes'>, metrics: JobMetrics): TaskGraph {
  const isChained = ({ exchange, from, to }: LinkMetrics): boolean =>
    exchange === 'chained' && !isCompositeNode(nodes.get(from)) && !isCompositeNode(nodes.get(to));
  const feeders = new Map(metrics.links.filter(isChained).map(({ from, to }) => [to, from]));
  const headOf = (id: NodeId): NodeId => {
    const feeder = feeders.get(id);
    return feeder === undefined ? id : headOf(feeder);
  };
  const members = new Map<NodeId, NodeId[]>();
  for (const { nodeId } of metrics.operators) {
    const head = headOf(nodeId);
    members.set(head, [...(members.get(head) ?? []), nodeId]);
  }
  const byHead = new Map([...members].map(([head, operators]) => [head, taskOf(metrics, head, operators)]));
  const exits = new Map<Task, Exit[]>([...byHead.values()].map((task) => [task, []]));
  for (const link of metrics.links) {
    const from = byHead.get(headOf(link.from));
    const to = byHead.get(headOf(link.to));
    if (from === undefined || to === undefined || from === to) continue;
    exits.get(from)!.push({ to, queueUsage: link.exchange === 'chained' ? null : link.queueUsage });
  }
  return { tasks: [...byHead.values()], exits };
}

function taskOf(metrics: JobMetrics, head: NodeId, operators: readonly NodeId[]): Task {
  const subtasks = subtasksOf(metrics, head);
  return {
    operators: [head, ...operators.filter((id) => id !== head)],
    busy: most(subtasks.map((one) => one.busyTimeMsPerSecond)) / 1000,
    blocked: most(subtasks.map((one) => one.backPressuredTimeMsPerSecond)) / 1000,
  };
}
