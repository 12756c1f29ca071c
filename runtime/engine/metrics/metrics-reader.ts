/** Reads what tasks wrote into shared memory and makes rates of it. */
import type { NodeId } from '../../core/ids.ts';
import type { PhysicalPlan } from '../../compiler/physical-plan.ts';
import type { JobMetrics, LatencySummary, LinkMetrics, OperatorMetrics, SubtaskMetrics } from '../../protocol/job.ts';
import { LATENCY_BUCKETS, LatencyReader } from './latency-histogram.ts';
import { managedMemoryOf } from '../worker/managed-memory.ts';
import {
  BACKPRESSURED_MS,
  BUSY_MS,
  IDLE_MS,
  INPUT_WATERMARK,
  IS_IDLE,
  LATE,
  MetricsLayout,
  OUTPUT_WATERMARK,
  RECORDS_IN,
  STATE_BYTES,
  STATE_ENTRIES,
  WAITING_MS,
  type OperatorSlots,
} from './metrics-layout.ts';
import { alignmentOf } from '../task/watermark-alignment.ts';

export class MetricsReader {
  readonly #plan: PhysicalPlan;
  readonly #layout: MetricsLayout;
  readonly #slots: Float64Array;
  #previous: Float64Array;
  #previousAt: number;
  /** By where the histogram is. */
  readonly #latencies = new Map<number, LatencyReader>();

  constructor(plan: PhysicalPlan, slots: Float64Array, now: number) {
    this.#plan = plan;
    this.#layout = new MetricsLayout(plan);
    this.#slots = slots;
    this.#previous = Float64Array.from(slots);
    this.#previousAt = now;
    for (const { nodeId, parallelism } of this.#layout.operators.values()) {
      for (let subtask = 0; subtask < parallelism; subtask++) {
        const at = this.#layout.latencyAt(nodeId, subtask);
        if (at !== null) this.#latencies.set(at, new LatencyReader(now, this.#histogram(this.#previous, at)));
      }
    }
  }

  /** Totals now, and rates since the last call. `now` in ms since the epoch. */
  read(now: number): JobMetrics {
    const current = Float64Array.from(this.#slots);
    const seconds = Math.max(0.001, (now - this.#previousAt) / 1000);
    const previous = this.#previous;
    const rate = (at: number): number => (current[at]! - previous[at]!) / seconds;
    const operators = [...this.#layout.operators.values()].map((slots): OperatorMetrics => ({
      nodeId: slots.nodeId,
      subtasks: Array.from({ length: slots.parallelism }, (_, subtask) => ({
        ...this.#subtask(slots, subtask, current, rate),
        latency: this.#latency(slots.nodeId, subtask, current, now),
        watermarkAlignmentDrift: this.#drift(slots.nodeId, subtask, current),
      })),
    }));
    this.#previous = current;
    this.#previousAt = now;
    return {
      at: Math.floor(now),
      operators,
      links: this.#links(current),
      memoryBytes: process.memoryUsage.rss(),
      managedMemory: this.#managedMemory(current),
    };
  }

  #managedMemory(current: Float64Array): JobMetrics['managedMemory'] {
    const { usedBytes, budgetBytes } = managedMemoryOf(this.#plan, this.#layout, current);
    return { usedBytes, budgetBytes };
  }

  #latency(nodeId: NodeId, subtask: number, current: Float64Array, now: number): LatencySummary | null {
    const at = this.#layout.latencyAt(nodeId, subtask);
    return at === null ? null : this.#latencies.get(at)!.read(now, this.#histogram(current, at));
  }

  #drift(nodeId: NodeId, subtask: number, current: Float64Array): number | null {
    return alignmentOf(this.#plan, this.#layout, current, nodeId, subtask)?.drift ?? null;
  }

  #histogram(slots: Float64Array, at: number): Float64Array {
    return slots.subarray(at, at + LATENCY_BUCKETS);
  }

  #subtask(
    slots: OperatorSlots,
    subtask: number,
    current: Float64Array,
    rate: (at: number) => number,
  ): Omit<SubtaskMetrics, 'latency' | 'watermarkAlignmentDrift'> {
    const at = this.#layout.at(slots.nodeId, subtask);
    const chainAt = this.#layout.at(slots.chain, subtask);
    const perPort = (value: (portAt: number) => number): Record<string, number> =>
      Object.fromEntries(slots.ports.map((port) => [port, value(this.#layout.portAt(slots.nodeId, subtask, port))]));
    return {
      subtask,
      numRecordsIn: current[at + RECORDS_IN]!,
      numRecordsOut: perPort((portAt) => current[portAt]!),
      numRecordsInPerSecond: rate(at + RECORDS_IN),
      numRecordsOutPerSecond: perPort(rate),
      numLateRecordsDropped: current[at + LATE]!,
      busyTimeMsPerSecond: rate(chainAt + BUSY_MS),
      idleTimeMsPerSecond: rate(chainAt + IDLE_MS),
      backPressuredTimeMsPerSecond: rate(chainAt + BACKPRESSURED_MS),
      waitingTimeMsPerSecond: rate(at + WAITING_MS),
      currentInputWatermark: watermarkOf(current[at + INPUT_WATERMARK]!),
      currentOutputWatermark: watermarkOf(current[at + OUTPUT_WATERMARK]!),
      isIdle: current[at + IS_IDLE] === 1,
      stateSize: current[at + STATE_BYTES]!,
      stateEntries: current[at + STATE_ENTRIES]!,
    };
  }

  #links(current: Float64Array): LinkMetrics[] {
    return this.#plan.links.map((link, index) => {
      const { parallelism } = this.#layout.operators.get(link.from)!;
      const usages = current.subarray(this.#layout.links[index], this.#layout.links[index]! + parallelism);
      return {
        from: link.from,
        fromPort: link.fromPort,
        to: link.to,
        toPort: link.toPort,
        exchange: link.exchange,
        queueUsage: Math.max(...usages),
      };
    });
  }
}

function watermarkOf(value: number): number | 'end' | null {
  if (value === -Infinity) return null;
  return value === Infinity ? 'end' : value;
}
