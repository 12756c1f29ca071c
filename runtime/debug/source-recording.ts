/**
 * What the sources of a session have given, call by call: read from the outside once, and given again whenever a part of the run is
 * made again. The real source lives as long as the session and is only asked for what no run has needed so far.
 */
import type { Batch } from '../core/batch.ts';
import { assert, StreamError } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import type { SourceStatus } from '../core/operator.ts';
import { say } from '../core/say.ts';
import { batchBytes } from '../core/wire-batch.ts';

/** What a source did during a call, in order. */
export type SourceEffect =
  | { readonly type: 'rows'; readonly port: string; readonly batch: Batch }
  | { readonly type: 'watermark'; readonly watermark: number }
  | { readonly type: 'idle' }
  | { readonly type: 'timer'; readonly at: number }
  | { readonly type: 'late'; readonly rows: number };

export interface SourceCall {
  readonly effects: readonly SourceEffect[];
  /** Null: not a poll. */
  readonly status: SourceStatus | null;
}

/** A source that can be asked for more. */
export interface RecordedFrom {
  /** `now`: virtual time, ms since the epoch. Throws what the source throws. */
  poll(now: number): SourceCall;
  fireTimer(at: number, now: number): SourceCall;
}

/** What all sources of a session may take in memory, in bytes. */
const INPUT_BYTES = 512 << 20;

/** How much of that is taken. */
class InputMemory {
  readonly #limit: number;
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Throws MR2107 once there is no room for more. */
  check(): void {
    if (this.#used < this.#limit) return;
    const mebibytes = (this.#limit / 2 ** 20).toFixed(1);
    throw new StreamError('MR2107', say`The session keeps all that sources give, and its ${mebibytes} MiB are full.`, {
      domain: 'user',
      remedy: say`What was read so far can be stepped through, and recorded; what comes now is not read. Debug a smaller input, or give the session more memory.`,
    });
  }

  add({ effects }: SourceCall): void {
    for (const effect of effects)
      this.#used += effect.type === 'rows' ? batchBytes(effect.batch) + EFFECT_BYTES : EFFECT_BYTES;
  }
}

/** Of an object and its place in lists, about. */
const EFFECT_BYTES = 200;

/** Of one subtask of a source. */
export class SourceLog {
  readonly #source: RecordedFrom;
  readonly #memory: InputMemory;
  readonly #calls: SourceCall[] = [];

  constructor(source: RecordedFrom, memory: InputMemory) {
    this.#source = source;
    this.#memory = memory;
  }

  get length(): number {
    return this.#calls.length;
  }

  get calls(): readonly SourceCall[] {
    return this.#calls;
  }

  /** Call number `index`, at most one more than there are: `timerAt` null = a poll. */
  call(index: number, timerAt: number | null, now: number): SourceCall {
    const known = this.#calls[index];
    if (known !== undefined) return known;
    assert(index === this.#calls.length, `source call ${index} after ${this.#calls.length}`);
    this.#memory.check();
    const made = timerAt === null ? this.#source.poll(now) : this.#source.fireTimer(timerAt, now);
    this.#calls.push(made);
    this.#memory.add(made);
    return made;
  }
}

/** Of all sources, by node and subtask. */
export class SourceRecording {
  /** First rows of the batches that sources read, as they leave. */
  readonly heads = new WeakSet<Batch>();
  readonly #logs = new Map<string, SourceLog>();
  readonly #memory: InputMemory;

  /** `inputBytes`: of memory, for all that sources give. */
  constructor(inputBytes = INPUT_BYTES) {
    this.#memory = new InputMemory(inputBytes);
  }

  add(nodeId: NodeId, subtask: number, source: RecordedFrom): void {
    this.#logs.set(`${nodeId}#${subtask}`, new SourceLog(source, this.#memory));
  }

  has(nodeId: NodeId, subtask: number): boolean {
    return this.#logs.has(`${nodeId}#${subtask}`);
  }

  log(nodeId: NodeId, subtask: number): SourceLog {
    const log = this.#logs.get(`${nodeId}#${subtask}`);
    assert(log !== undefined, `no recording of ${nodeId}#${subtask}`);
    return log;
  }
}
