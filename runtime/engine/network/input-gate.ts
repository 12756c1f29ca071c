/**
 * The inputs of a task: picks the next element, combines watermarks (minimum over the channels that are neither idle nor ended),
 * and brings the barriers of a checkpoint together. semantics.md §1.1, §2.1.
 *
 * Aligned: a channel that has delivered its barrier waits for the others. Unaligned, once it is `unalignedAt`: the first barrier is
 * taken out of its queue and counts at once, and what is in front of the barriers, queued or still to come, is recorded as it is.
 * At least once: nothing waits and nothing is recorded. A newer barrier takes the place of an older checkpoint that was given up.
 */
import { MIN_WATERMARK } from '../../core/time.ts';
import { batchBytes } from '../../core/wire-batch.ts';
import { ChannelRecording, type RecordedChannel } from './channel-recording.ts';
import type { RestoredChannel } from './channel-restore.ts';
import type { ChannelId } from './channel-state.ts';
import type { ChannelReceiver } from './channel.ts';
import { RestoredReceiver } from './restored-receiver.ts';
import type { Barrier, StreamElement } from './stream-element.ts';

export interface InputChannel {
  readonly receiver: ChannelReceiver;
  /** Index into the operator's inputs. */
  readonly input: number;
  readonly id: ChannelId;
  /** What it starts with. */
  readonly restored: RestoredChannel | null;
}

/** What the gate hands to its task. */
export type GateEvent =
  | { readonly type: 'batch'; readonly input: number; readonly element: StreamElement & { type: 'batch' } }
  | { readonly type: 'watermark'; readonly watermark: number }
  | { readonly type: 'status'; readonly isIdle: boolean }
  | { readonly type: 'latency'; readonly at: number }
  /** Take a snapshot now. The recording may have to go on for a while. */
  | { readonly type: 'barrier'; readonly recording: ChannelRecording }
  | { readonly type: 'end' }
  /** An element was taken that changes nothing for the task yet. */
  | { readonly type: 'absorbed' };

export interface GateOptions {
  /** Gives a number in [0, n): which channel to look at first. Round robin in threads, seeded in simulations. */
  readonly choose: (count: number) => number;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly mode: 'exactly-once' | 'at-least-once';
}

interface ChannelState {
  readonly receiver: ChannelReceiver;
  readonly input: number;
  readonly id: ChannelId;
  watermark: number;
  isIdle: boolean;
  isEnded: boolean;
  /** Delivered its barrier of the checkpoint under way. */
  hasArrived: boolean;
  /** Waits for the barriers of the others. */
  isBlocked: boolean;
  /** Takes what comes in front of its barrier. */
  recorded: RecordedChannel | null;
}

const ABSORBED: GateEvent = { type: 'absorbed' };

export class InputGate {
  readonly #channels: readonly ChannelState[];
  readonly #options: GateOptions;
  #watermark = MIN_WATERMARK;
  #isIdle = false;
  /** A batch that woke the gate: handed out after the change of status. */
  #held: { readonly event: GateEvent; readonly channel: ChannelState; readonly element: StreamElement } | null = null;
  /** Channels start where they were at a checkpoint: to be told first. */
  #isRestored: boolean;
  /** The checkpoint whose barriers are coming in. */
  #current: ChannelRecording | null = null;
  /** Barriers it waits for. */
  #missing = 0;
  /** Newest checkpoint whose barrier has been seen. */
  #newestId = -Infinity;
  /** A barrier that may overtake, under way or in the queues. */
  #expected: Barrier | null = null;

  constructor(channels: readonly InputChannel[], options: GateOptions) {
    this.#channels = channels.map(({ receiver, input, id, restored }) => ({
      receiver:
        restored === null || restored.elements.length === 0
          ? receiver
          : new RestoredReceiver(restored.elements, receiver),
      input,
      id,
      watermark: restored?.watermark ?? MIN_WATERMARK,
      isIdle: restored?.isIdle ?? false,
      isEnded: false,
      hasArrived: false,
      isBlocked: false,
      recorded: null,
    }));
    this.#isRestored = channels.some(({ restored }) => restored !== null);
    this.#options = options;
  }

  /** Watermark of each operator input (minimum over its channels), for those who ask what holds a task back. */
  inputWatermarks(inputs: number): number[] {
    const minima = new Array<number>(inputs).fill(Infinity);
    for (const channel of this.#channels) {
      if (!channel.isIdle) minima[channel.input] = Math.min(minima[channel.input]!, channel.watermark);
    }
    return minima;
  }

  /** When a barrier that has not come through yet may overtake (ms since the epoch); Infinity when there is none. */
  get overtakesAt(): number {
    return this.#expected?.unalignedAt ?? Infinity;
  }

  /** A checkpoint was triggered: its barriers will come. */
  expect(barrier: Barrier): void {
    if (barrier.checkpointId < this.#newestId) return;
    if (barrier.checkpointId === this.#newestId && this.#current === null) return;
    this.#expected = barrier.unalignedAt < Infinity ? barrier : null;
  }

  next(): GateEvent | null {
    if (this.#held !== null) {
      const { event } = this.#held;
      this.#held = null;
      return event;
    }
    if (this.#isRestored) {
      this.#isRestored = false;
      return this.#combine();
    }
    const count = this.#channels.length;
    const first = this.#options.choose(count);
    for (let i = 0; i < count; i++) {
      const channel = this.#channels[(first + i) % count]!;
      if (channel.isBlocked) continue;
      const element = channel.receiver.poll();
      if (element !== null) return this.#take(channel, element);
    }
    return null;
  }

  /** Lets barriers overtake what is in front of them, once it is time; null when there is none to do so. */
  overtake(): GateEvent | null {
    const expected = this.#expected;
    if (expected === null || expected.unalignedAt > this.#options.now()) return null;
    const { checkpointId } = expected;
    const current = this.#current;
    if (current?.barrier.checkpointId === checkpointId) {
      if (!current.isUnaligned) return this.#overtake(current, []);
      return this.#takeOutBarriers(current) ? ABSORBED : null;
    }
    const inFront = this.#channels.map(({ receiver }) =>
      receiver.hasBarrier ? receiver.overtake(checkpointId) : null,
    );
    if (inFront.every((elements) => elements === null)) return null;
    return this.#overtake(this.#begin(expected), inFront);
  }

  #take(channel: ChannelState, element: StreamElement): GateEvent {
    if (this.#current !== null && element.type !== 'barrier') this.#note(this.#current, channel, element);
    switch (element.type) {
      case 'batch': {
        const event: GateEvent = { type: 'batch', input: channel.input, element };
        channel.isIdle = false;
        if (!this.#isIdle) return event;
        this.#held = { event, channel, element };
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
        return this.#meet(channel, element);
      case 'latency':
        return element;
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

  // Barriers

  /** A barrier has come to the front of its channel. */
  #meet(channel: ChannelState, barrier: Barrier): GateEvent {
    const { checkpointId } = barrier;
    let current = this.#current;
    if (current === null || checkpointId > current.barrier.checkpointId) {
      if (checkpointId <= this.#newestId) return ABSORBED;
      current = this.#begin(barrier);
    } else if (checkpointId < current.barrier.checkpointId) return ABSORBED;
    this.#arrive(current, channel);
    if (current.isUnaligned) return ABSORBED;
    if (this.#missing === 0) return { type: 'barrier', recording: current };
    if (barrier.unalignedAt <= this.#options.now()) return this.#overtake(current, []);
    channel.isBlocked = this.#options.mode === 'exactly-once' || barrier.kind === 'savepoint';
    return ABSORBED;
  }

  #begin(barrier: Barrier): ChannelRecording {
    // The older checkpoint was given up: its barrier will not come on the other channels before this one.
    this.#release();
    this.#current?.discard();
    this.#newestId = barrier.checkpointId;
    this.#missing = this.#channels.length;
    this.#current = new ChannelRecording(barrier, this.#options.now());
    this.expect(barrier);
    return this.#current;
  }

  /** The last one completes the recording. */
  #arrive(current: ChannelRecording, channel: ChannelState): void {
    channel.hasArrived = true;
    channel.recorded = null;
    if (--this.#missing > 0) return;
    // Where other tasks have rows under way, a restore must know how far the channels had come here.
    if (!current.isUnaligned && current.barrier.unalignedAt < Infinity) {
      for (const one of this.#channels) this.#record(current, one);
    }
    this.#release();
    this.#current = null;
    if (this.#expected?.checkpointId === current.barrier.checkpointId) this.#expected = null;
    current.complete(this.#options.now());
  }

  #release(): void {
    for (const channel of this.#channels) {
      channel.hasArrived = false;
      channel.isBlocked = false;
      channel.recorded = null;
    }
  }

  /** Turns to recording; `inFront`: what is in front of barriers that were taken out of their queues already. */
  #overtake(current: ChannelRecording, inFront: readonly (readonly StreamElement[] | null)[]): GateEvent {
    current.isUnaligned = true;
    for (const channel of this.#channels) {
      const recorded = this.#record(current, channel);
      channel.isBlocked = false;
      if (channel.hasArrived) continue;
      channel.recorded = recorded;
      if (this.#held?.channel === channel) current.record(recorded, this.#held.element);
    }
    this.#channels.forEach((channel, i) => {
      const elements = inFront[i] ?? null;
      if (elements !== null) this.#arriveBehind(current, channel, elements);
    });
    if (this.#current === current) this.#takeOutBarriers(current);
    return { type: 'barrier', recording: current };
  }

  #record(current: ChannelRecording, { id, watermark, isIdle }: ChannelState): RecordedChannel {
    const recorded: RecordedChannel = { id, watermark, isIdle, elements: [] };
    current.add(recorded);
    return recorded;
  }

  /** Of channels that have got theirs meanwhile; whether there were any. */
  #takeOutBarriers(current: ChannelRecording): boolean {
    let found = false;
    for (const channel of this.#channels) {
      if (channel.hasArrived || this.#current !== current || !channel.receiver.hasBarrier) continue;
      const elements = channel.receiver.overtake(current.barrier.checkpointId);
      if (elements === null) continue;
      this.#arriveBehind(current, channel, elements);
      found = true;
    }
    return found;
  }

  #arriveBehind(current: ChannelRecording, channel: ChannelState, inFront: readonly StreamElement[]): void {
    for (const element of inFront) current.record(channel.recorded!, element);
    this.#arrive(current, channel);
  }

  /** An element is taken while barriers are coming in. */
  #note(current: ChannelRecording, channel: ChannelState, element: StreamElement): void {
    if (element.type === 'batch') current.processedBytes += batchBytes(element.batch);
    if (channel.recorded !== null) current.record(channel.recorded, element);
  }
}
