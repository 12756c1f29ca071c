/** The bytes of a file that were read but are not yet rows, side by side, and where in the file they are. */
export class ByteWindow {
  /** `[start, end)` is what there is. */
  bytes = new Uint8Array(0);
  start = 0;
  end = 0;
  /** Offset in the file of `bytes[0]`. */
  #base: number;

  constructor(offset: number) {
    this.#base = offset;
  }

  /** Offset in the file of `bytes[start]`. */
  get offset(): number {
    return this.#base + this.start;
  }

  get length(): number {
    return this.end - this.start;
  }

  /** Copies the chunk behind what is left. */
  append(chunk: Uint8Array): void {
    const left = this.length;
    const needed = left + chunk.length;
    const kept = this.bytes.subarray(this.start, this.end);
    const into = needed > this.bytes.length ? new Uint8Array(Math.max(needed, left * 2)) : this.bytes;
    into.set(kept, 0);
    into.set(chunk, left);
    this.#base += this.start;
    this.bytes = into;
    this.start = 0;
    this.end = needed;
  }
}
