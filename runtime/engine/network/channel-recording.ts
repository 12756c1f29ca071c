/**
 * What a gate does for one checkpoint, from its first barrier to its last: how long that took, how much was handled meanwhile, and
 * the elements that barriers have overtaken, which belong to the checkpoint.
 */
import { batchBytes } from '../../core/wire-batch.ts';
import type { ChannelId, ChannelSnapshot } from './channel-state.ts';
import { snapshotChannel } from './channel-state.ts';
import type { Barrier, StreamElement } from './stream-element.ts';

/** One channel as it was when the task took its snapshot, and what came in it before its barrier. */
export interface RecordedChannel {
  readonly id: ChannelId;
  readonly watermark: number;
  readonly isIdle: boolean;
  readonly elements: StreamElement[];
}

export class ChannelRecording {
  readonly barrier: Barrier;
  /** When the first barrier came, in ms since the epoch. */
  readonly startedAt: number;
  /** From the first barrier to the last. */
  alignmentMs = 0;
  /** Bytes of the rows handled meanwhile. */
  processedBytes = 0;
  /** Bytes of the rows recorded. */
  persistedBytes = 0;
  /** Barriers did not wait for the rows in front of them. */
  isUnaligned = false;
  #state: 'open' | 'complete' | 'discarded' = 'open';
  readonly #channels: RecordedChannel[] = [];
  readonly #listeners: (() => void)[] = [];

  constructor(barrier: Barrier, startedAt: number) {
    this.barrier = barrier;
    this.startedAt = startedAt;
  }

  /** Of a task without input channels. */
  static ofSource(barrier: Barrier, now: number): ChannelRecording {
    const recording = new ChannelRecording(barrier, now);
    recording.complete(now);
    return recording;
  }

  /** Every channel's barrier has come. */
  get isComplete(): boolean {
    return this.#state === 'complete';
  }

  /** The checkpoint was given up for a newer one. */
  get isDiscarded(): boolean {
    return this.#state === 'discarded';
  }

  add(channel: RecordedChannel): void {
    this.#channels.push(channel);
  }

  record(channel: RecordedChannel, element: StreamElement): void {
    if (element.type === 'batch') this.persistedBytes += batchBytes(element.batch);
    else if (element.type !== 'watermark' && element.type !== 'status') return;
    channel.elements.push(element);
  }

  complete(now: number): void {
    this.alignmentMs = Math.max(0, now - this.startedAt);
    this.#settle('complete');
  }

  discard(): void {
    if (this.#state === 'open') this.#settle('discarded');
  }

  /** Settles once it is complete or discarded. */
  settled(): Promise<void> {
    if (this.#state !== 'open') return Promise.resolve();
    return new Promise((resolve) => this.#listeners.push(resolve));
  }

  /** For the task's file, once it is complete. */
  snapshots(): readonly ChannelSnapshot[] {
    return this.#channels.map(snapshotChannel);
  }

  #settle(state: 'complete' | 'discarded'): void {
    this.#state = state;
    for (const listener of this.#listeners.splice(0)) listener();
  }
}
