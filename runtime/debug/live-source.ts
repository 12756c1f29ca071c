/**
 * A real source, outside any run: it lives as long as the session, and what it does is written down (source-recording.ts). It reads files
 * under the run's virtual time. One that asks for the network is *live*: its clock and timers are real, and it says when it has more.
 */
import type { Batch } from '../core/batch.ts';
import { assert } from '../core/errors.ts';
import type { FileIo } from '../core/file-io.ts';
import type { NodeId } from '../core/ids.ts';
import type { NetworkIo } from '../core/network-io.ts';
import {
  isSource,
  type AnyOperatorFactory,
  type OperatorContext,
  type OperatorPlan,
  type SourceOperator,
} from '../core/operator.ts';
import { seededRandom } from '../core/random.ts';
import type { PhysicalOperator } from '../compiler/physical-plan.ts';
import { createStateBackend } from '../engine/state/index.ts';
import { keyGroupRange } from '../core/hash.ts';
import type { RecordedFrom, SourceCall, SourceEffect } from './source-recording.ts';

/** Rows that a source reads at a time: what a step by batch is. */
const SOURCE_BATCH_ROWS = 256;

/** What sources take from outside. */
export interface Outside {
  readonly files: FileIo;
  readonly network: NetworkIo;
  /** Real time, ms since the epoch. */
  now(): number;
  /** Calls back after `ms` of real time; returns how to stop that. */
  later(ms: number, callback: () => void): () => void;
}

export interface LiveSourceOptions {
  readonly operator: PhysicalOperator;
  readonly subtask: number;
  readonly parallelism: number;
  readonly baseFolder: string;
  readonly create: AnyOperatorFactory;
  readonly outside: Outside;
  readonly seed: number;
  /** It has more, or may have. */
  readonly onArrival: () => void;
}

export class LiveSource implements RecordedFrom {
  readonly nodeId: NodeId;
  readonly subtask: number;
  readonly #options: LiveSourceOptions;
  readonly #operator: SourceOperator;
  readonly #timers = new Set<() => void>();
  #effects: SourceEffect[] = [];
  #now = 0;
  #isCalled = false;
  #isClosed = false;
  /** What a timer in real time threw. */
  #failure: { readonly error: unknown } | null = null;
  /** It has asked for the network. */
  isLive = false;
  hasEnded = false;

  constructor(options: LiveSourceOptions) {
    const { operator, subtask, parallelism, baseFolder } = options;
    this.nodeId = operator.nodeId;
    this.subtask = subtask;
    this.#options = options;
    const plan: OperatorPlan<unknown> = {
      nodeId: operator.nodeId,
      config: operator.config,
      inputs: operator.inputs,
      outputs: operator.outputs,
      subtask,
      parallelism,
      baseFolder,
      batchRows: SOURCE_BATCH_ROWS,
    };
    const made = options.create(plan, this.#context());
    assert(isSource(made), `${operator.nodeId} is no source`);
    this.#operator = made;
  }

  /** `now`: where virtual time starts. */
  async open(now: number): Promise<void> {
    this.#now = now;
    this.#isCalled = true;
    await this.#operator.open?.();
    this.#isCalled = false;
  }

  close(): void {
    this.#isClosed = true;
    for (const stop of this.#timers) stop();
    this.#operator.close?.();
  }

  poll(now: number): SourceCall {
    return this.#record(now, () => {
      this.#operator.onWake?.();
      return this.#operator.poll();
    });
  }

  fireTimer(at: number, now: number): SourceCall {
    return this.#record(now, () => {
      this.#operator.onTimer?.(at);
      return null;
    });
  }

  #record(now: number, call: () => SourceCall['status']): SourceCall {
    if (this.#failure !== null) throw this.#failure.error;
    this.#now = now;
    this.#isCalled = true;
    try {
      const status = call();
      if (status === 'ended') this.hasEnded = true;
      return { effects: this.#effects.splice(0), status };
    } finally {
      this.#isCalled = false;
    }
  }

  #context(): OperatorContext {
    const { operator, subtask, parallelism, outside, seed, onArrival } = this.#options;
    const random = seededRandom(seed);
    const now = (): number => Math.floor(this.isLive ? outside.now() : this.#now);
    const arrive = (): void => {
      // A wake in the middle of a call is seen to by the call's answer.
      if (!this.#isClosed && !this.#isCalled) onArrival();
    };
    const goLive = (): NetworkIo => {
      this.isLive = true;
      return outside.network;
    };
    return {
      clock: { now },
      random,
      state: createStateBackend('memory', {
        keyGroups: keyGroupRange(subtask, parallelism),
        subtask,
        parallelism,
        restored: [],
        onMismatch: 'refuse',
        now,
      }),
      files: outside.files,
      get network() {
        return goLive();
      },
      hasProgress: true,
      output: (port) => ({
        isConnected: operator.outputs[port] !== undefined,
        emit: (batch: Batch) => {
          if (batch.length > 0) this.#effects.push({ type: 'rows', port, batch });
        },
      }),
      emitWatermark: (watermark) => void this.#effects.push({ type: 'watermark', watermark }),
      emitIdle: () => void this.#effects.push({ type: 'idle' }),
      setTimer: (at) => {
        if (this.isLive) this.#later(at - outside.now(), () => this.#operator.onTimer?.(at));
        else this.#effects.push({ type: 'timer', at });
      },
      wake: arrive,
      delay: (ms) => new Promise((resolve) => this.#later(ms, () => resolve())),
      countLate: (rows) => void this.#effects.push({ type: 'late', rows }),
      print: () => undefined,
      publish: () => undefined,
      log: () => undefined,
    };
  }

  #later(ms: number, callback: () => void): void {
    const stop = this.#options.outside.later(Math.max(0, ms), () => {
      this.#timers.delete(stop);
      if (this.#isClosed) return;
      try {
        callback();
      } catch (error) {
        this.#failure = { error };
      }
      this.#options.onArrival();
    });
    this.#timers.add(stop);
  }
}
