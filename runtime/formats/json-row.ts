/** Parsed JSON objects into columns. Keys that the schema does not have are skipped, fields that an object does not have are NULL. */
import type { BatchBuilder } from '../core/batch.ts';
import { say } from '../core/say.ts';
import type { Schema } from '../core/schema.ts';
import type { Value } from '../core/types.ts';
import { isObject, valueOfJson } from './json-value.ts';
import { notNullReason, notOfTypeReason, requiredFields, type ReaderOptions } from './row-reader.ts';

export class JsonRow {
  readonly #schema: Schema;
  readonly #required: readonly boolean[];
  /** Names such as `constructor`, which every object seems to have. */
  readonly #inherited: readonly boolean[];
  readonly #values: Value[];

  constructor(options: Pick<ReaderOptions, 'schema' | 'required'>) {
    const { schema } = options;
    this.#schema = schema;
    this.#required = requiredFields(options);
    this.#inherited = schema.fields.map((f) => f.name in Object.prototype);
    this.#values = schema.fields.map(() => null);
  }

  /** What is wrong with the row; null when it was appended. */
  append(json: unknown, into: BatchBuilder): string | null {
    if (!isObject(json)) return say`is not a JSON object`;
    const { fields } = this.#schema;
    for (let c = 0; c < fields.length; c++) {
      const field = fields[c]!;
      const cell = this.#inherited[c] === true && !Object.hasOwn(json, field.name) ? null : (json[field.name] ?? null);
      const value = cell === null ? null : valueOfJson(field.type, cell);
      if (value === undefined) return notOfTypeReason(field, cellText(cell));
      if (value === null && this.#required[c] === true) return notNullReason(field);
      this.#values[c] = value;
    }
    const { columns } = into;
    for (let c = 0; c < columns.length; c++) columns[c]!.appendValue(this.#values[c]!);
    into.endRow();
    return null;
  }
}

function cellText(cell: unknown): string {
  return valueOfJson({ kind: 'STRING' }, cell) as string;
}
