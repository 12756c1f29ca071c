import { seededRandom } from '../core/random.ts';

/** Choices drawn from a seed. */
export class Draw {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** In [0, 1). */
  unit(): number {
    return this.#random();
  }

  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number {
    return min + Math.floor(this.#random() * (max - min + 1));
  }

  chance(probability: number): boolean {
    return this.#random() < probability;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.integer(0, from.length - 1)]!;
  }

  /** One of `[weight, value]`. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.#random() * from.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, value] of from) {
      left -= weight;
      if (left < 0) return value;
    }
    return from.at(-1)![1];
  }

  /** Some of them, at least one, in their order. */
  some<T>(from: readonly T[]): readonly T[] {
    const kept = from.filter(() => this.chance(0.5));
    return kept.length === 0 ? [this.pick(from)] : kept;
  }
}
