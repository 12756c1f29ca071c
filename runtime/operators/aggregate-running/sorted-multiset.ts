import type { Json } from '../../core/state.ts';
import type { Primitive } from '../shared/aggregates/distinct-values.ts';
import { sizeOfMember } from '../shared/aggregates/value-codec.ts';
import type { KeptValues } from './signed-values.ts';

const MAX_BLOCK = 512;
const EMPTY_BYTES = 500;
/** Of a value besides its own: its place and its count. */
const PLACE_BYTES = 24;
const DEBT_BYTES = 64;

/** Different values, ascending, and how often each is there; never empty. */
interface Block {
  readonly values: Primitive[];
  readonly counts: number[];
  total: number;
}

/**
 * Values in order, with how often each is there: in sorted blocks, so that the least, the greatest and the one at a rank are found without
 * looking at all. A value that is taken back before it has come is owed, and is not added when it comes, as in Flink's MIN and MAX.
 */
export class SortedMultiset implements KeptValues {
  readonly #compare: (a: Primitive, b: Primitive) => number;
  readonly #maxBlock: number;
  readonly #blocks: Block[] = [];
  /** How often a value was taken back before it came. */
  readonly #owed = new Map<Primitive, number>();
  #size = 0;

  constructor(compare: (a: Primitive, b: Primitive) => number, maxBlock = MAX_BLOCK) {
    this.#compare = compare;
    this.#maxBlock = maxBlock;
  }

  get size(): number {
    return this.#size;
  }

  /** The value at `rank`, from 0, which is below `size`. */
  at(rank: number): Primitive {
    let left = rank;
    let block = 0;
    while (left >= this.#blocks[block]!.total) left -= this.#blocks[block++]!.total;
    const { values, counts } = this.#blocks[block]!;
    let index = 0;
    while (left >= counts[index]!) left -= counts[index++]!;
    return values[index]!;
  }

  /** The greatest value, where there is any. */
  get last(): Primitive {
    return this.#blocks.at(-1)!.values.at(-1)!;
  }

  add(value: Primitive): void {
    const owed = this.#owed.get(value);
    if (owed === undefined) this.#put(value, 1);
    else if (owed === 1) this.#owed.delete(value);
    else this.#owed.set(value, owed - 1);
  }

  #put(value: Primitive, times: number): void {
    this.#size += times;
    const at = this.#blockOf(value);
    const block = this.#blocks[at];
    if (block === undefined) {
      this.#blocks.push({ values: [value], counts: [times], total: times });
      return;
    }
    block.total += times;
    const index = this.#indexIn(block, value);
    if (this.#isAt(block, index, value)) {
      block.counts[index]! += times;
      return;
    }
    block.values.splice(index, 0, value);
    block.counts.splice(index, 0, times);
    if (block.values.length > this.#maxBlock) this.#split(at, block);
  }

  #split(at: number, block: Block): void {
    const half = block.values.length >> 1;
    const counts = block.counts.splice(half);
    const total = counts.reduce((a, b) => a + b, 0);
    block.total -= total;
    this.#blocks.splice(at + 1, 0, { values: block.values.splice(half), counts, total });
  }

  takeBack(value: Primitive): void {
    const at = this.#blockOf(value);
    const block = this.#blocks[at];
    const index = block === undefined ? 0 : this.#indexIn(block, value);
    if (block === undefined || !this.#isAt(block, index, value)) {
      this.#owed.set(value, (this.#owed.get(value) ?? 0) + 1);
      return;
    }
    this.#size--;
    block.total--;
    if (--block.counts[index]! > 0) return;
    block.values.splice(index, 1);
    block.counts.splice(index, 1);
    if (block.values.length === 0) this.#blocks.splice(at, 1);
  }

  /** The last block that begins at or below the value, or the first. */
  #blockOf(value: Primitive): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#compare(this.#blocks[middle]!.values[0]!, value) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Where the first value that is not below this one is. */
  #indexIn({ values }: Block, value: Primitive): number {
    let low = 0;
    let high = values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#compare(values[middle]!, value) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isAt({ values }: Block, index: number, value: Primitive): boolean {
    return index < values.length && this.#compare(values[index]!, value) === 0;
  }

  /** Pairs of a value and how often it is there; below 0 how often it is owed. */
  toJson(write: (value: Primitive) => Json): Json {
    const there = this.#blocks.flatMap(({ values, counts }) => values.map((value, i) => [write(value), counts[i]!]));
    return [...there, ...Array.from(this.#owed, ([value, times]) => [write(value), -times])];
  }

  restore(json: Json, read: (json: Json) => Primitive): void {
    for (const [value, times] of json as readonly (readonly [Json, number])[]) {
      if (times > 0) this.#put(read(value), times);
      else this.#owed.set(read(value), -times);
    }
  }

  get bytes(): number {
    const different = this.#blocks.reduce((sum, { values }) => sum + values.length, 0);
    const own = this.#size === 0 ? 0 : sizeOfMember(this.last);
    return EMPTY_BYTES + different * (PLACE_BYTES + own) + this.#owed.size * DEBT_BYTES;
  }
}
