/** Stands between the two ends of a channel and checks what goes through, with books of its own. */
import { CREDITS } from '../engine/network/channel.ts';
import type { Channel } from '../engine/deterministic-scheduler.ts';
import type { StreamElement } from '../engine/network/stream-element.ts';
import { must } from './violation.ts';

export class WatchedChannel implements Channel {
  readonly name: string;
  readonly #channel: Channel;
  readonly #onElement: (element: StreamElement) => void;
  #sent = 0;
  #taken = 0;
  #batches = 0;
  #rows = 0;
  /** Batches went beyond credit since the last barrier. */
  #isOverdrawn = false;
  /** Rows that went before each barrier. */
  readonly #rowsAtBarrier = new Map<number, number>();
  #watermark = -Infinity;
  #barrier = -Infinity;
  #hasEnded = false;

  constructor(name: string, channel: Channel, onElement: (element: StreamElement) => void) {
    this.name = name;
    this.#channel = channel;
    this.#onElement = onElement;
  }

  get hasCredit(): boolean {
    return this.#channel.hasCredit;
  }

  get usage(): number {
    return this.#channel.usage;
  }

  get isEmpty(): boolean {
    return this.#channel.isEmpty;
  }

  get hasBarrier(): boolean {
    return this.#channel.hasBarrier;
  }

  send(element: StreamElement): void {
    this.#note(element);
    must(
      element.type !== 'batch' || this.#batches <= CREDITS,
      'credits',
      () => `${this.#batches} batches are under way in ${this.name}`,
    );
    this.#channel.send(element);
  }

  overdraw(element: StreamElement & { type: 'batch' }): void {
    // So what is beyond credit is never more than what one input element makes.
    must(
      this.#isOverdrawn || this.#batches <= CREDITS,
      'credits',
      () => `${this.name} is overdrawn, before what was overdrawn for the last barrier was worked off`,
    );
    this.#isOverdrawn = true;
    this.#note(element);
    this.#channel.overdraw(element);
  }

  #note(element: StreamElement): void {
    this.#check(element);
    this.#sent++;
    if (element.type === 'batch') {
      this.#batches++;
      this.#rows += element.batch.length;
    } else if (element.type === 'barrier') {
      this.#isOverdrawn = false;
      this.#rowsAtBarrier.set(element.checkpointId, this.#rows);
    }
    this.#onElement(element);
  }

  overtake(checkpointId: number): readonly StreamElement[] | null {
    const inFront = this.#channel.overtake(checkpointId);
    if (inFront !== null) this.#taken++;
    return inFront;
  }

  /** Rows that went before a barrier. */
  rowsBefore(checkpointId: number): number {
    return this.#rowsAtBarrier.get(checkpointId) ?? 0;
  }

  poll(): StreamElement | null {
    const element = this.#channel.poll();
    if (element === null) return null;
    this.#taken++;
    if (element.type === 'batch') this.#batches--;
    return element;
  }

  /** At the end of a job: nothing is left in it, and it would take as much as at the start. */
  checkDrained(): void {
    must(this.#sent === this.#taken, 'credits', () => `${this.#sent - this.#taken} elements were left in ${this.name}`);
    must(
      this.hasCredit && this.usage === 0,
      'credits',
      () => `not all credits of ${this.name} are back: ${this.usage * CREDITS} of ${CREDITS} are in use`,
    );
  }

  #check(element: StreamElement): void {
    must(
      !this.#hasEnded || element.type === 'barrier',
      'channel order',
      () => `a ${element.type} came through ${this.name} after the end`,
    );
    switch (element.type) {
      case 'batch':
        must(
          this.#watermark < Infinity,
          'channel order',
          () => `rows came through ${this.name} after the last watermark`,
        );
        must(element.batch.length > 0, 'channel order', () => `an empty batch came through ${this.name}`);
        break;
      case 'watermark':
        must(
          element.watermark >= this.#watermark,
          'watermarks',
          () => `${this.name} had watermark ${this.#watermark} and got ${element.watermark}`,
        );
        this.#watermark = element.watermark;
        break;
      case 'barrier':
        must(
          element.checkpointId > this.#barrier,
          'channel order',
          () => `barrier ${element.checkpointId} came through ${this.name} after barrier ${this.#barrier}`,
        );
        this.#barrier = element.checkpointId;
        break;
      case 'end':
        must(this.#watermark === Infinity, 'channel order', () => `${this.name} ended before the last watermark`);
        this.#hasEnded = true;
        break;
      case 'status':
      case 'latency':
        break;
    }
  }
}
