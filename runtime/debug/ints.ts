/** A list of 32-bit integers that grows: what a long run has to remember of each step and row. */
export class Ints {
  #values = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#values.length) {
      const grown = new Int32Array(this.length * 2);
      grown.set(this.#values);
      this.#values = grown;
    }
    this.#values[this.length++] = value;
  }

  at(index: number): number {
    return this.#values[index]!;
  }

  cut(length: number): void {
    this.length = Math.min(this.length, length);
  }
}
