/**
 * A set of numbers in order, of which many come and go: sorted blocks of at most a thousand or so. `values` is made of them when it is
 * asked for after a change, but not after a number that came and went: so window operators use their scratch namespace.
 */
const MAX_BLOCK = 1024;

export class SortedNumbers {
  /** None of them empty, but for the only one. */
  #blocks: number[][] = [[]];
  #values: readonly number[] | null = null;
  /** What was added last, and `#values` before that. */
  #added = NaN;
  #valuesBefore: readonly number[] | null = null;

  /** All of them, ascending; later changes do not show. */
  get values(): readonly number[] {
    return (this.#values ??= this.#blocks[0]!.concat(...this.#blocks.slice(1)));
  }

  /** One that is not in it. */
  add(value: number): void {
    this.#valuesBefore = this.#values;
    this.#added = value;
    this.#values = null;
    const at = this.#blockOf(value);
    const block = this.#blocks[at]!;
    if (block.length === 0 || value > block.at(-1)!) block.push(value);
    else block.splice(indexIn(block, value), 0, value);
    if (block.length <= MAX_BLOCK) return;
    // What comes next is mostly larger still: the block in front stays nearly full.
    const from = value === block.at(-1) ? MAX_BLOCK : MAX_BLOCK / 2;
    this.#blocks.splice(at + 1, 0, block.splice(from));
  }

  /** One that is in it. */
  delete(value: number): void {
    this.#values = value === this.#added ? this.#valuesBefore : null;
    this.#added = NaN;
    this.#valuesBefore = null;
    const at = this.#blockOf(value);
    const block = this.#blocks[at]!;
    block.splice(indexIn(block, value), 1);
    if (block.length === 0 && this.#blocks.length > 1) this.#blocks.splice(at, 1);
  }

  clear(): void {
    this.#blocks = [[]];
    this.#values = null;
    this.#added = NaN;
    this.#valuesBefore = null;
  }

  /** The last block that begins at or below `value`, or the first. */
  #blockOf(value: number): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#blocks[middle]![0]! <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Where the first number that is not below `value` is. */
function indexIn(block: readonly number[], value: number): number {
  let low = 0;
  let high = block.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (block[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
