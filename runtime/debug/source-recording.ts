/**
 * What the sources of a session have given, call by call: read from the outside once, and given again whenever a part of the run is
 * made again. The real source lives as long as the session and is only asked for what no run has needed so far.
 */
import type { Batch } from '../core/batch.ts';
import { assert } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import type { SourceStatus } from '../core/operator.ts';

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

/** Of one subtask of a source. */
export class SourceLog {
  readonly #source: RecordedFrom;
  readonly #calls: SourceCall[] = [];

  constructor(source: RecordedFrom) {
    this.#source = source;
  }

  get length(): number {
    return this.#calls.length;
  }

  /** Call number `index`, at most one more than there are: `timerAt` null = a poll. */
  call(index: number, timerAt: number | null, now: number): SourceCall {
    const known = this.#calls[index];
    if (known !== undefined) return known;
    assert(index === this.#calls.length, `source call ${index} after ${this.#calls.length}`);
    const made = timerAt === null ? this.#source.poll(now) : this.#source.fireTimer(timerAt, now);
    this.#calls.push(made);
    return made;
  }
}

/** Of all sources, by node and subtask. */
export class SourceRecording {
  /** First rows of the batches that sources read, as they leave. */
  readonly heads = new WeakSet<Batch>();
  readonly #logs = new Map<string, SourceLog>();

  add(nodeId: NodeId, subtask: number, source: RecordedFrom): void {
    this.#logs.set(`${nodeId}#${subtask}`, new SourceLog(source));
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
