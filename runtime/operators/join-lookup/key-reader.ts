/** Keys of rows in the form in which they are found again: equal in a Map when their values are equal. */
import type { Batch } from '../../core/batch.ts';
import type { Value } from '../../core/types.ts';
import type { Key } from './lookup-table.ts';

export type MapKey = string | number | bigint | boolean;

export class KeyReader {
  readonly #fields: readonly number[];

  /** Indexes of the key's fields. */
  constructor(fields: readonly number[]) {
    this.#fields = fields;
  }

  /** Null when a part of the key is NULL: nothing matches it. */
  mapKey({ columns }: Batch, row: number): MapKey | null {
    const fields = this.#fields;
    if (fields.length === 1) return partOf(columns[fields[0]!]!.value(row));
    let text = '';
    for (const field of fields) {
      const part = partOf(columns[field]!.value(row));
      if (part === null) return null;
      const printed = String(part);
      // With its length, so that no two keys give the same text.
      text += `${printed.length}:${printed}`;
    }
    return text;
  }

  values({ columns }: Batch, row: number): Key {
    return this.#fields.map((field) => columns[field]!.value(row));
  }
}

function partOf(value: Value): MapKey | null {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  // Keys are of plain types, `infer` has checked that.
  return value as MapKey | null;
}
