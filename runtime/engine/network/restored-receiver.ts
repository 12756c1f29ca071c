import type { ChannelReceiver } from './channel.ts';
import type { StreamElement } from './stream-element.ts';

/** A channel that begins with what was under way in it at the checkpoint a job starts from. */
export class RestoredReceiver implements ChannelReceiver {
  readonly #restored: StreamElement[];
  readonly #channel: ChannelReceiver;

  constructor(restored: readonly StreamElement[], channel: ChannelReceiver) {
    this.#restored = [...restored];
    this.#channel = channel;
  }

  get isEmpty(): boolean {
    return this.#restored.length === 0 && this.#channel.isEmpty;
  }

  get hasBarrier(): boolean {
    return this.#channel.hasBarrier;
  }

  poll(): StreamElement | null {
    return this.#restored.length > 0 ? this.#restored.shift()! : this.#channel.poll();
  }

  overtake(checkpointId: number): readonly StreamElement[] | null {
    const inFront = this.#channel.overtake(checkpointId);
    return inFront === null ? null : [...this.#restored, ...inFront];
  }
}
