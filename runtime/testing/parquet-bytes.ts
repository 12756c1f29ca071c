import { batchOf } from '../core/batch.ts';
import type { Schema } from '../core/schema.ts';
import type { Value } from '../core/types.ts';
import { ParquetEncoder } from '../formats/parquet/index.ts';

/** A Parquet file of these rows. */
export function parquetBytes(schema: Schema, rows: readonly (readonly Value[])[], rowGroupRows: number): Uint8Array {
  const encoder = new ParquetEncoder(schema, rowGroupRows);
  const body = encoder.encode(batchOf(schema, rows), 0, rows.length);
  return new Uint8Array([...encoder.header, ...body, ...encoder.finish()]);
}
