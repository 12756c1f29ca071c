/** What happened to a run from outside, by the moment it happened at. With it a run that is made again is the same. */
import type { Batch } from '../core/batch.ts';
import type { NodeId } from '../core/ids.ts';
import type { Moment } from '../protocol/debug.ts';

/** A place in the queue of a channel, or the channel. */
export interface ChannelPlace {
  readonly link: number;
  readonly from: number;
  readonly to: number;
}

export type Decision =
  /** A live source has more; `now`: real time then, ms since the epoch; `attempts` to find something to do were in vain before. */
  | {
      readonly type: 'arrival';
      readonly nodeId: NodeId;
      readonly subtask: number;
      readonly now: number;
      readonly attempts: number;
    }
  /** Time went by while nothing came. */
  | { readonly type: 'waited'; readonly attempts: number }
  | { readonly type: 'edit'; readonly channel: ChannelPlace; readonly index: number; readonly row: Batch }
  | { readonly type: 'drop'; readonly channel: ChannelPlace; readonly index: number }
  /** The same row to each of them. */
  | { readonly type: 'inject'; readonly channels: readonly ChannelPlace[]; readonly row: Batch }
  /** Into each of them. */
  | { readonly type: 'watermark'; readonly channels: readonly ChannelPlace[]; readonly watermark: number }
  | { readonly type: 'checkpoint' };

export class DecisionLog {
  readonly #byMoment = new Map<Moment, Decision[]>();

  add(at: Moment, decision: Decision): void {
    const there = this.#byMoment.get(at);
    if (there === undefined) this.#byMoment.set(at, [decision]);
    else there.push(decision);
  }

  at(moment: Moment): readonly Decision[] {
    return this.#byMoment.get(moment) ?? NONE;
  }

  /** Moments at which something that waits was changed by hand. */
  get changes(): readonly Moment[] {
    return [...this.#byMoment]
      .filter(([, decisions]) => decisions.some(({ type }) => BY_HAND.has(type)))
      .map(([moment]) => moment)
      .sort((a, b) => a - b);
  }

  forgetAfter(moment: Moment): void {
    for (const at of this.#byMoment.keys()) if (at > moment) this.#byMoment.delete(at);
  }

  clear(): void {
    this.#byMoment.clear();
  }
}

const NONE: readonly Decision[] = [];
const BY_HAND: ReadonlySet<Decision['type']> = new Set(['edit', 'drop', 'inject', 'watermark']);
