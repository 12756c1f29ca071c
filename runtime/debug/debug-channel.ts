/** A channel that can be looked into and changed. It has no credit: the run holds back who would send too much (`isFull`). */
import type { Batch } from '../core/batch.ts';
import { assert } from '../core/errors.ts';
import { CREDITS } from '../engine/network/channel.ts';
import type { Channel, ChannelAddress } from '../engine/deterministic-scheduler.ts';
import type { StreamElement } from '../engine/network/stream-element.ts';
import { MIN_WATERMARK } from '../core/time.ts';
import type { RowId } from '../protocol/debug.ts';
import type { Hand } from './step-probe.ts';

/** How far event time is. */
export interface ChannelProgress {
  /** That was sent, and that the receiver has taken. */
  readonly sent: number;
  readonly watermark: number;
  readonly isIdle: boolean;
}

export const NO_PROGRESS: ChannelProgress = { sent: MIN_WATERMARK, watermark: MIN_WATERMARK, isIdle: false };

export class DebugChannel implements Channel {
  readonly address: ChannelAddress;
  readonly #hand: Hand;
  readonly #sentRow: () => RowId;
  readonly #queue: StreamElement[] = [];
  /** Of each in the queue; 0 for what is no row. */
  readonly #ids: RowId[] = [];
  #rows = 0;
  progress: ChannelProgress;
  /** The receiver has taken the end: what is put in now is never taken. */
  hasEnded = false;

  /** `hand`: of the receiver; `sentRow`: of the row that is being sent. */
  constructor(address: ChannelAddress, hand: Hand, sentRow: () => RowId, progress: ChannelProgress = NO_PROGRESS) {
    this.address = address;
    this.#hand = hand;
    this.#sentRow = sentRow;
    this.progress = progress;
  }

  get elements(): readonly StreamElement[] {
    return this.#queue;
  }

  /** Of the rows among the elements, in the same places. */
  get ids(): readonly RowId[] {
    return this.#ids;
  }

  get isFull(): boolean {
    return this.#rows >= CREDITS;
  }

  readonly hasCredit = true;

  get usage(): number {
    return Math.min(1, this.#rows / CREDITS);
  }

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  get hasBarrier(): boolean {
    return this.#queue.some(({ type }) => type === 'barrier');
  }

  send(element: StreamElement): void {
    // Nobody measures latency here, and steps for it would only be in the way.
    if (element.type === 'latency') return;
    if (element.type !== 'batch') {
      if (element.type === 'watermark') this.progress = { ...this.progress, sent: element.watermark };
      this.#queue.push(element);
      this.#ids.push(0);
      return;
    }
    assert(element.batch.length === 1, 'a debug run sends rows one by one');
    this.#queue.push(element);
    this.#ids.push(this.#sentRow());
    this.#rows++;
  }

  overdraw(element: StreamElement & { type: 'batch' }): void {
    this.send(element);
  }

  poll(): StreamElement | null {
    const element = this.#queue.shift();
    if (element === undefined) return null;
    const id = this.#ids.shift()!;
    if (element.type === 'batch') {
      this.#rows--;
      this.#hand.row = id;
    } else if (element.type === 'watermark') {
      // One that was put in by hand may be ahead of those that come.
      const watermark = Math.max(this.progress.watermark, element.watermark);
      this.progress = { ...this.progress, watermark, isIdle: false };
    } else if (element.type === 'status') this.progress = { ...this.progress, isIdle: element.isIdle };
    else if (element.type === 'end') this.hasEnded = true;
    return element;
  }

  overtake(checkpointId: number): readonly StreamElement[] | null {
    const at = this.#queue.findIndex((element) => element.type === 'barrier' && element.checkpointId === checkpointId);
    if (at === -1) return null;
    this.#queue.splice(at, 1);
    this.#ids.splice(at, 1);
    return this.#queue.slice(0, at);
  }

  /** Puts a row in place of the one at `index`, whose id is answered. */
  replace(index: number, row: Batch, id: RowId): RowId {
    assert(this.#queue[index]?.type === 'batch', `no row waits at place ${index}`);
    const before = this.#ids[index]!;
    this.#queue[index] = { type: 'batch', batch: row };
    this.#ids[index] = id;
    return before;
  }

  /** Takes out what is at `index`. */
  drop(index: number): void {
    const [element] = this.#queue.splice(index, 1);
    this.#ids.splice(index, 1);
    if (element?.type === 'batch') this.#rows--;
  }

  /** In front of all others. */
  inject(row: Batch, id: RowId): void {
    this.#queue.unshift({ type: 'batch', batch: row });
    this.#ids.unshift(id);
    this.#rows++;
  }

  /** In front of all others. */
  injectWatermark(watermark: number): void {
    this.#queue.unshift({ type: 'watermark', watermark });
    this.#ids.unshift(0);
  }
}
