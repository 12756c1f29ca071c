/**
 * The moments of a run that it can start again from. A run goes on from each of them as if it had been restored from it: so what is made
 * again from one is the same as what was, whatever operators keep beside their state. Memory is bounded: over it, older ones thin out.
 */
import { MIN_WATERMARK } from '../core/time.ts';
import type { KeptCheckpoint } from '../engine/deterministic-scheduler.ts';
import type { Moment, RowId } from '../protocol/debug.ts';
import type { ChannelProgress } from './debug-channel.ts';

export interface RunCheckpoint {
  readonly moment: Moment;
  /** Null: the start. */
  readonly kept: KeptCheckpoint | null;
  /** Virtual time, ms since the epoch. */
  readonly now: number;
  readonly nextRow: RowId;
  /** By channel. */
  readonly progress: ReadonlyMap<string, ChannelProgress>;
}

export function startAt(now: number): RunCheckpoint {
  return { moment: 0, kept: null, now, nextRow: 1, progress: new Map() };
}

export function bytesOf({ kept, progress }: RunCheckpoint): number {
  return progress.size * 32 + (kept?.files.reduce((sum, file) => sum + file.length, 0) ?? 0);
}

export class RunCheckpoints {
  readonly #maxBytes: number;
  /** By moment; the first is the start, and stays. */
  #kept: RunCheckpoint[];
  #bytes = 0;

  constructor(start: RunCheckpoint, maxBytes: number) {
    this.#kept = [start];
    this.#maxBytes = maxBytes;
  }

  get moments(): readonly Moment[] {
    return this.#kept.map(({ moment }) => moment);
  }

  get bytes(): number {
    return this.#bytes;
  }

  keep(checkpoint: RunCheckpoint): void {
    const at = this.#kept.findIndex(({ moment }) => moment >= checkpoint.moment);
    if (at >= 0 && this.#kept[at]!.moment === checkpoint.moment) return;
    if (at < 0) this.#kept.push(checkpoint);
    else this.#kept.splice(at, 0, checkpoint);
    this.#bytes += bytesOf(checkpoint);
    while (this.#bytes > this.#maxBytes && this.#kept.length > 2) this.#dropOne(checkpoint.moment);
  }

  /** The newest at or before a moment. */
  before(moment: Moment): RunCheckpoint {
    let found = this.#kept[0]!;
    for (const one of this.#kept) if (one.moment <= moment) found = one;
    return found;
  }

  forgetAfter(moment: Moment): void {
    this.#kept = this.#kept.filter((one, i) => i === 0 || one.moment <= moment);
    this.#bytes = this.#kept.reduce((sum, one) => sum + bytesOf(one), 0);
  }

  /** The one that leaves the smallest gap, for its distance from the newest: so gaps grow with distance, and the way back costs at most its share. */
  #dropOne(newest: Moment): void {
    let best = 1;
    let least = Infinity;
    for (let i = 1; i < this.#kept.length - 1; i++) {
      const gap = this.#kept[i + 1]!.moment - this.#kept[i - 1]!.moment;
      const cost = gap / (newest - this.#kept[i]!.moment + 1);
      if (cost < least) {
        least = cost;
        best = i;
      }
    }
    this.#bytes -= bytesOf(this.#kept[best]!);
    this.#kept.splice(best, 1);
  }
}

/** Event time as the protocol has it. */
export function protocolTime(time: number): number | 'end' | null {
  return time === Infinity ? 'end' : time <= MIN_WATERMARK ? null : time;
}
