import type { Schema } from '../../../core/schema.ts';
import type { Json, StateCodec } from '../../../core/state.ts';
import { rowCodec, type RowValues } from './row-values.ts';

const ARRAY_BYTES = 64;
const ELEMENT_BYTES = 8;

/** Some rows as a value in state, in order. */
export function rowListCodec(schema: Schema): StateCodec {
  const row = rowCodec(schema);
  return {
    toJson: (rows) => (rows as readonly RowValues[]).map((one) => row.toJson(one)),
    fromJson: (json) => (json as readonly Json[]).map((one) => row.fromJson(one)),
    sizeOf: (rows) =>
      (rows as readonly RowValues[]).reduce((sum, one) => sum + ELEMENT_BYTES + row.sizeOf(one), ARRAY_BYTES),
  };
}
