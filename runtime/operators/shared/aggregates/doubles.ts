/** Numbers of any type as doubles, for the functions that compute in DOUBLE. */
import { readDecimal, type Column } from '../../../core/column.ts';
import type { DataType } from '../../../core/types.ts';

/** Reads cells into one scratch array that it keeps. */
export class DoubleReader {
  readonly #scale: number;
  #out = new Float64Array(0);

  constructor(type: DataType) {
    this.#scale = type.kind === 'DECIMAL' ? 10 ** type.scale : 1;
  }

  /** Cells of `rows[from, to)` at the same indices `[from, to)` of the result, which holds until the next call. */
  read(column: Column, rows: Int32Array, from: number, to: number): Float64Array {
    if (this.#out.length < to) this.#out = new Float64Array(to);
    const out = this.#out;
    const { values } = column;
    if (values instanceof Float64Array) for (let i = from; i < to; i++) out[i] = values[rows[i]!]!;
    else if (values instanceof Int32Array) for (let i = from; i < to; i++) out[i] = values[rows[i]!]!;
    else if (column.type.kind === 'BIGINT')
      for (let i = from; i < to; i++) out[i] = Number((values as BigInt64Array)[rows[i]!]!);
    else for (let i = from; i < to; i++) out[i] = Number(readDecimal(values as BigInt64Array, rows[i]!)) / this.#scale;
    return out;
  }
}
