/**
 * The inputs of a task: picks the next element, combines watermarks (minimum over the channels that are neither idle nor ended)
 * and aligns barriers (a channel that delivered one waits for the others). semantics.md §1.1, §2.1.
 */
import { MIN_WATERMARK } from '../core/time.ts';
import type { ChannelReceiver } from './channel.ts';
import type { StreamElement } from './stream-element.ts';

export interface InputChannel {
  readonly receiver: ChannelReceiver;
  /** Index into the operator's inputs. */
  readonly input: number;
}

/** What the gate hands to its task. */
export type GateEvent =
  | { readonly type: 'batch'; readonly input: number; readonly element: StreamElement & { type: 'batch' } }
  | { readonly type: 'watermark'; readonly watermark: number }
  | { readonly type: 'status'; readonly isIdle: boolean }
  | { readonly type: 'barrier'; readonly checkpointId: number; readonly alignmentMs: number }
  | { readonly type: 'end' }
  /** An element was taken that changes nothing for the task yet. */
  | { readonly type: 'absorbed' };

interface ChannelState extends InputChannel {
  watermark: number;
  isIdle: boolean;
  isEnded: boolean;
  /** Delivered the barrier that is being aligned. */
  isAligned: boolean;
}

const ABSORBED: GateEvent = { type: 'absorbed' };

export class InputGate {
  readonly #channels: ChannelState[];
  /** Which channel to look at first: the scheduler's choice. */
  readonly #choose: (count: number) => number;
  readonly #now: () => number;
  #watermark = MIN_WATERMARK;
  #isIdle = false;
  /** A batch that woke the gate: handed out after the change of status. */
  #held: GateEvent | null = null;
  #aligning: { checkpointId: number; startedAt: number; waiting: number } | null = null;

  /** `choose(n)` gives a number in [0, n): round robin in threads, seeded in simulations. */
  constructor(channels: readonly InputChannel[], choose: (count: number) => number, now: () => number) {
    this.#channels = channels.map((channel) => ({
      ...channel,
      watermark: MIN_WATERMARK,
      isIdle: false,
      isEnded: false,
      isAligned: false,
    }));
    this.#choose = choose;
    this.#now = now;
  }

  /** Watermark of each operator input (minimum over its channels), for those who ask what holds a task back. */
  inputWatermarks(inputs: number): number[] {
    const minima = new Array<number>(inputs).fill(Infinity);
    for (const channel of this.#channels) {
      if (!channel.isIdle) minima[channel.input] = Math.min(minima[channel.input]!, channel.watermark);
    }
    return minima;
  }

  /** Whether `next` would find something. */
  get hasNext(): boolean {
    return this.#held !== null || this.#channels.some((channel) => !channel.isAligned && !channel.receiver.isEmpty);
  }

  next(): GateEvent | null {
    if (this.#held !== null) {
      const held = this.#held;
      this.#held = null;
      return held;
    }
    const count = this.#channels.length;
    const first = this.#choose(count);
    for (let i = 0; i < count; i++) {
      const channel = this.#channels[(first + i) % count]!;
      if (channel.isAligned) continue;
      const element = channel.receiver.poll();
      if (element !== null) return this.#take(channel, element);
    }
    return null;
  }

  #take(channel: ChannelState, element: StreamElement): GateEvent {
    switch (element.type) {
      case 'batch': {
        const event: GateEvent = { type: 'batch', input: channel.input, element };
        channel.isIdle = false;
        if (!this.#isIdle) return event;
        this.#held = event;
        return this.#combine();
      }
      case 'watermark':
        channel.isIdle = false;
        channel.watermark = Math.max(channel.watermark, element.watermark);
        return this.#combine();
      case 'status':
        channel.isIdle = element.isIdle;
        return this.#combine();
      case 'barrier':
        return this.#align(channel, element.checkpointId);
      case 'end':
        channel.isEnded = true;
        return this.#channels.every((c) => c.isEnded) ? { type: 'end' } : this.#combine();
    }
  }

  #combine(): GateEvent {
    let minimum = Infinity;
    let active = 0;
    let ended = 0;
    for (const channel of this.#channels) {
      // The last watermark comes just before the end.
      if (channel.watermark === Infinity) ended++;
      else if (!channel.isIdle) {
        active++;
        if (channel.watermark < minimum) minimum = channel.watermark;
      }
    }
    // Ended channels hold nothing back, but do not move time on for idle ones.
    const isIdle = active === 0 && ended < this.#channels.length;
    if (isIdle !== this.#isIdle) {
      this.#isIdle = isIdle;
      // Waking by a watermark: the watermark itself says so downstream.
      if (isIdle || minimum <= this.#watermark) return { type: 'status', isIdle };
    }
    if (isIdle || minimum <= this.#watermark) return ABSORBED;
    this.#watermark = minimum;
    return { type: 'watermark', watermark: minimum };
  }

  #align(channel: ChannelState, checkpointId: number): GateEvent {
    this.#aligning ??= { checkpointId, startedAt: this.#now(), waiting: this.#channels.length };
    if (checkpointId > this.#aligning.checkpointId) {
      // The older checkpoint was given up: its barrier will not come on the other channels before this one.
      this.#release();
      this.#aligning = { checkpointId, startedAt: this.#now(), waiting: this.#channels.length };
    } else if (checkpointId < this.#aligning.checkpointId) {
      return ABSORBED;
    }
    channel.isAligned = true;
    this.#aligning.waiting--;
    if (this.#aligning.waiting > 0) return ABSORBED;
    const alignmentMs = this.#now() - this.#aligning.startedAt;
    this.#release();
    return { type: 'barrier', checkpointId, alignmentMs };
  }

  #release(): void {
    for (const channel of this.#channels) channel.isAligned = false;
    this.#aligning = null;
  }
}
