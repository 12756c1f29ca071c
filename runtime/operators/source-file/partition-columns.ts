/** Columns whose value is in the path of a file, as Hive lays them out: `dt=2026-11-26/hour=03/part-0-0.parquet`. */
import { BatchBuilder, type Batch } from '../../core/batch.ts';
import { columnOf } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import { printDataType, type Field, type Value } from '../../core/types.ts';
import { valueOfText } from '../../formats/index.ts';
import { NULL_PARTITION, partitionsOfPath } from '../shared/partition-path.ts';

/** What a split reads into, and what makes whole rows of that. */
export class PartitionColumns {
  /** Of the fields that are in the file. */
  readonly rows: BatchBuilder;
  readonly #schema: Schema;
  /** One per field: the value of a partition, or the index of the column in the file. */
  readonly #sources: readonly ({ readonly value: Value } | number)[];

  /** `path` is the file's, as messages name it; `required` fields must not be NULL. Throws StreamError MR2103. */
  constructor(schema: Schema, path: string, required: readonly string[], capacity: number) {
    const texts = partitionsOfPath(path);
    const inFile: Field[] = [];
    this.#schema = schema;
    this.#sources = schema.fields.map((field) => {
      const text = texts.get(field.name);
      if (text === undefined) return inFile.push(field) - 1;
      return { value: valueOf(field, text, path, !field.nullable || required.includes(field.name)) };
    });
    this.rows = new BatchBuilder({ fields: inFile }, capacity);
  }

  /** Whole rows of `rows`, which is emptied. */
  finish(): Batch {
    const batch = this.rows.finish();
    const columns = this.#sources.map((source, i) =>
      typeof source === 'number'
        ? batch.columns[source]!
        : constant(this.#schema.fields[i]!, source.value, batch.length),
    );
    return batch.withColumns(this.#schema, columns);
  }
}

function constant(field: Field, value: Value, length: number): Column {
  return columnOf(field.type, new Array<Value>(length).fill(value));
}

function valueOf(field: Field, text: string, path: string, isRequired: boolean): Value {
  const value = text === NULL_PARTITION ? null : valueOfText(field.type, text);
  if (value === undefined)
    throw unfit(path, say`"${field.name}" in its path is not a ${printDataType(field.type)}: ${text}`);
  if (value === null && isRequired) throw unfit(path, say`"${field.name}" in its path is NULL`);
  return value;
}

function unfit(path: string, why: string): StreamError {
  return new StreamError('MR2103', say`${path}: ${why}`, {
    domain: 'user',
    remedy: say`Correct the type in the schema, or take the folder out.`,
  });
}
