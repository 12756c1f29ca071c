import { BatchBuilder, batchOf, type Batch } from '../core/batch.ts';
import type { Schema } from '../core/schema.ts';
import type { Value } from '../core/types.ts';
import { ParquetEncoder, ParquetReader } from '../formats/parquet/index.ts';
import { inferParquetSchema } from '../formats/parquet/infer-parquet-schema.ts';
import { bytesSource } from './bytes-source.ts';

/** A Parquet file of these rows. */
export function parquetBytes(schema: Schema, rows: readonly (readonly Value[])[], rowGroupRows: number): Uint8Array {
  const encoder = new ParquetEncoder(schema, rowGroupRows);
  const body = encoder.encode(batchOf(schema, rows), 0, rows.length);
  return new Uint8Array([...encoder.header, ...body, ...encoder.finish()]);
}

/** All rows of a Parquet file, under the schema that it says it has unless another is given. */
export function readParquet(bytes: Uint8Array, schema: Schema = { fields: inferParquetSchema(bytes) }): Batch {
  const reader = new ParquetReader(bytesSource(bytes), 'file', schema, { rowGroup: 0, row: 0 });
  const rows = new BatchBuilder(schema);
  while (!reader.isDone) reader.read(rows, 100);
  return rows.finish();
}
