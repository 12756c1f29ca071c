/**
 * Random numbers that belong to an event: a function of the seed, the event's number and how many were drawn for it before. So an event
 * is the same at any parallelism, in batches of any size and after a restore. (SplitMix32 with Murmur3's finaliser; not for secrets.)
 */
import { mix32, mixWord } from '../../core/hash.ts';

const TWO_32 = 0x1_0000_0000;
const LOG_SPAN = Math.log(1e6);

export class EventRandom {
  readonly #seed: number;
  #state = 0;

  constructor(seed: number) {
    this.#seed = mixWord(seed | 0, Math.floor(seed / TWO_32) | 0);
  }

  /** The next draws are for the event with this number. */
  startEvent(id: number): void {
    this.#state = mix32(mixWord(mixWord(this.#seed, id | 0), (id / TWO_32) | 0));
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    return (mix32(this.#state) >>> 0) / TWO_32;
  }

  /** A whole number in [0, `bound`). */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  /** Log-uniform from 100 to 100 million cents, as Nexmark's prices are. */
  price(): number {
    // e^x takes half as long as 10^x.
    return Math.round(Math.exp(this.next() * LOG_SPAN) * 100);
  }
}
