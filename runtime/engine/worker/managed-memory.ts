/** What the state of a job takes of the memory it is given. Tasks write how much they hold into the shared metrics: every worker sees all. */
import { getHeapStatistics } from 'node:v8';
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import { StreamError } from '../../core/errors.ts';
import type { NodeId } from '../../core/ids.ts';
import { say } from '../../core/say.ts';
import { STATE_BYTES, type MetricsLayout } from '../metrics/metrics-layout.ts';

const MIB = 2 ** 20;

export interface ManagedMemory {
  readonly usedBytes: number;
  readonly budgetBytes: number;
  /** The operator that holds most; null when none holds any. */
  readonly largest: NodeId | null;
  readonly largestBytes: number;
}

export function managedMemoryOf(plan: PhysicalPlan, layout: MetricsLayout, metrics: Float64Array): ManagedMemory {
  let usedBytes = 0;
  let largest: NodeId | null = null;
  let largestBytes = 0;
  for (const { nodeId, parallelism } of layout.operators.values()) {
    let bytes = 0;
    for (let subtask = 0; subtask < parallelism; subtask++) bytes += metrics[layout.at(nodeId, subtask) + STATE_BYTES]!;
    usedBytes += bytes;
    if (bytes > largestBytes) {
      largest = nodeId;
      largestBytes = bytes;
    }
  }
  return { usedBytes, budgetBytes: plan.settings.managedMemoryMb * MIB, largest, largestBytes };
}

/** Throws StreamError MR2008 when state that is all kept in memory has outgrown its budget. RocksDB keeps to its own. */
export function checkManagedMemory(plan: PhysicalPlan, layout: MetricsLayout, metrics: Float64Array): void {
  if (plan.settings.stateBackend !== 'memory') return;
  const { usedBytes, budgetBytes, largest, largestBytes } = managedMemoryOf(plan, layout, metrics);
  if (usedBytes <= budgetBytes) return;
  const error = new StreamError(
    'MR2008',
    say`The job's state takes ${inMib(usedBytes)} of memory, more than the ${inMib(budgetBytes)} of settings.managedMemoryMb. Operator "${largest}" holds most of it: ${inMib(largestBytes)}.`,
    {
      domain: 'user',
      remedy: say`Set settings.stateBackend to "rocksdb", give it more with settings.managedMemoryMb, or let the operator keep less: smaller windows, less allowed lateness, a time to live.`,
    },
  );
  error.nodeId = largest;
  throw error;
}

/** For what is not state. */
const OTHER_HEAP_MIB = 1024;

/**
 * V8 heap that a worker may take, in MiB. State of objects is in it, perhaps all of it in one worker: that must be over its budget, and
 * say so, before V8 ends the worker.
 */
export function workerHeapMb({ settings }: PhysicalPlan): number {
  return Math.max(Math.floor(getHeapStatistics().heap_size_limit / MIB), settings.managedMemoryMb + OTHER_HEAP_MIB);
}

function inMib(bytes: number): string {
  return `${Math.round(bytes / MIB)} MiB`;
}
