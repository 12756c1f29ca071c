/** One entry for aggregates that is no state: filled, read and emptied within a call. */
import type { StateColumnSpec } from '../../core/state.ts';
import type { StateColumns } from '../shared/aggregates/accumulator.ts';

export class ScratchEntry implements StateColumns {
  readonly #f64 = new Map<string, Float64Array>();
  readonly #i64 = new Map<string, BigInt64Array>();
  readonly #i32 = new Map<string, Int32Array>();
  readonly #objects = new Map<string, unknown[]>();

  constructor(columns: readonly StateColumnSpec[]) {
    for (const { name, type } of columns) {
      if (type === 'f64') this.#f64.set(name, new Float64Array(1));
      else if (type === 'i64') this.#i64.set(name, new BigInt64Array(1));
      else if (type === 'i32') this.#i32.set(name, new Int32Array(1));
      else this.#objects.set(name, [undefined]);
    }
  }

  clear(): void {
    for (const values of this.#f64.values()) values[0] = 0;
    for (const values of this.#i64.values()) values[0] = 0n;
    for (const values of this.#i32.values()) values[0] = 0;
    for (const values of this.#objects.values()) values[0] = undefined;
  }

  f64(column: string): Float64Array {
    return this.#f64.get(column)!;
  }

  i64(column: string): BigInt64Array {
    return this.#i64.get(column)!;
  }

  i32(column: string): Int32Array {
    return this.#i32.get(column)!;
  }

  objects(column: string): unknown[] {
    return this.#objects.get(column)!;
  }
}
