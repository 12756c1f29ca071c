/** What is known of a job from outside: its document as it was checked, and what it has reported. */
import type { NodeId } from '../core/ids.ts';
import { isComposite, type Firing } from '../core/operator.ts';
import type { AnalyzedNode } from '../compiler/validator.ts';
import type { Settings } from '../graph/settings.ts';
import type { CheckpointReport, ErrorReport, JobMetrics, JobState, SubtaskMetrics } from '../protocol/job.ts';

export interface ObservedJob {
  /** Of the document that it runs. */
  readonly nodes: ReadonlyMap<NodeId, AnalyzedNode>;
  readonly settings: Pick<Settings, 'checkpoint' | 'runtimeMode'>;
  /** Null: it was never started. */
  readonly state: JobState | null;
  readonly error: Pick<ErrorReport, 'message' | 'nodeId'> | null;
  /** Oldest first; the last few seconds are enough. */
  readonly reports: readonly JobMetrics[];
  /** The newest checkpoint that has completed, and the newest that has not. */
  readonly checkpoints: { readonly completed: CheckpointReport | null; readonly failed: CheckpointReport | null };
}

export type Watermark = SubtaskMetrics['currentOutputWatermark'];

export function isSourceNode(node: AnalyzedNode | undefined): boolean {
  return node !== undefined && node.ports.inputs.length === 0;
}

/** Whether it stands for other operators, so that what is said of it is said of several tasks. */
export function isCompositeNode(node: AnalyzedNode | undefined): boolean {
  return node !== undefined && node.spec !== null && isComposite(node.spec);
}

/** When the operator fires; of a composite, when the first one in it that holds rows back does. Null: it does not wait for any such thing. */
export function firingOf(node: AnalyzedNode): Firing | null {
  const operators = node.expansion?.nodes ?? [node];
  for (const { spec, config } of operators) {
    if (spec === null || config === null || isComposite(spec)) continue;
    const firing = spec.firing?.(config);
    if (firing !== undefined) return firing;
  }
  return null;
}

/** The rate that its config holds it to, rows/s; null: none. */
export function rateSettingOf(node: AnalyzedNode | undefined): number | null {
  if (node === undefined || node.spec === null || node.config === null || isComposite(node.spec)) return null;
  return node.spec.rowsPerSecond?.(node.config) ?? null;
}

const subtasks = new WeakMap<JobMetrics, ReadonlyMap<NodeId, readonly SubtaskMetrics[]>>();

export function subtasksOf(metrics: JobMetrics, id: NodeId): readonly SubtaskMetrics[] {
  let byNode = subtasks.get(metrics);
  if (byNode === undefined) {
    byNode = new Map(metrics.operators.map((operator) => [operator.nodeId, operator.subtasks]));
    subtasks.set(metrics, byNode);
  }
  return byNode.get(id) ?? [];
}

export function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const n of numbers) total += n;
  return total;
}

export function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : sum(numbers) / numbers.length;
}

export function most(numbers: readonly number[]): number {
  return Math.max(0, ...numbers);
}
