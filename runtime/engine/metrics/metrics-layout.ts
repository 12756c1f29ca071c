/**
 * Metrics in shared memory: each subtask of an operator has a few doubles that its task writes and the job manager reads at
 * screen rate. Single writer, and a reader that tolerates the last value, so no atomics are needed.
 */
import type { NodeId } from '../../core/ids.ts';
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import { LATENCY_BUCKETS } from './latency-histogram.ts';

/** Fixed slots of an operator's subtask; the counts of its output ports follow, or, of a sink, its latency histogram. */
export const RECORDS_IN = 0;
export const LATE = 1;
export const STATE_BYTES = 2;
/** -Infinity = none yet, +Infinity = ended. */
export const INPUT_WATERMARK = 3;
export const OUTPUT_WATERMARK = 4;
export const IS_IDLE = 5;
/** ms since the task started, of the chain; on the chain's head only. */
export const BUSY_MS = 6;
export const IDLE_MS = 7;
export const BACKPRESSURED_MS = 8;
/** ms of the chain's busy time in which it waited for what this operator has under way. */
export const WAITING_MS = 9;
export const STATE_ENTRIES = 10;
const FIXED_SLOTS = 11;

export interface OperatorSlots {
  readonly nodeId: NodeId;
  /** Head of its chain, which carries the times. */
  readonly chain: NodeId;
  readonly parallelism: number;
  readonly ports: readonly string[];
  /** Of subtask 0; the next one's follow. */
  readonly offset: number;
  readonly stride: number;
}

/** Where everything is, from the plan alone: both sides work it out for themselves. */
export class MetricsLayout {
  readonly operators: ReadonlyMap<NodeId, OperatorSlots>;
  /** Offset of the queue usage of each link's subtask 0 (of the sender), by index in the plan. */
  readonly links: readonly number[];
  readonly length: number;

  constructor(plan: PhysicalPlan) {
    const operators = new Map<NodeId, OperatorSlots>();
    const byId = new Map(plan.operators.map((o) => [o.nodeId, o]));
    let offset = 0;
    for (const chain of plan.chains) {
      for (const nodeId of chain.operators) {
        const ports = Object.keys(byId.get(nodeId)!.outputs);
        const stride = FIXED_SLOTS + (ports.length > 0 ? ports.length : LATENCY_BUCKETS);
        operators.set(nodeId, { nodeId, chain: chain.id, parallelism: chain.parallelism, ports, offset, stride });
        offset += stride * chain.parallelism;
      }
    }
    this.operators = operators;
    this.links = plan.links.map((link) => {
      const at = offset;
      offset += operators.get(link.from)!.parallelism;
      return at;
    });
    this.length = offset;
  }

  allocate(): Float64Array<SharedArrayBuffer> {
    const slots = new Float64Array(new SharedArrayBuffer(this.length * 8));
    for (const operator of this.operators.values()) {
      for (let subtask = 0; subtask < operator.parallelism; subtask++) {
        slots[this.at(operator.nodeId, subtask) + INPUT_WATERMARK] = -Infinity;
        slots[this.at(operator.nodeId, subtask) + OUTPUT_WATERMARK] = -Infinity;
      }
    }
    return slots;
  }

  at(nodeId: NodeId, subtask: number): number {
    const slots = this.operators.get(nodeId)!;
    return slots.offset + subtask * slots.stride;
  }

  /** Where each subtask's slots are. */
  subtasksOf(nodeId: NodeId): number[] {
    const { offset, stride, parallelism } = this.operators.get(nodeId)!;
    return Array.from({ length: parallelism }, (_, subtask) => offset + subtask * stride);
  }

  /** Latency histogram of a sink's subtask; null for other operators. */
  latencyAt(nodeId: NodeId, subtask: number): number | null {
    return this.operators.get(nodeId)!.ports.length > 0 ? null : this.at(nodeId, subtask) + FIXED_SLOTS;
  }

  portAt(nodeId: NodeId, subtask: number, port: string): number {
    return this.at(nodeId, subtask) + FIXED_SLOTS + this.operators.get(nodeId)!.ports.indexOf(port);
  }
}
