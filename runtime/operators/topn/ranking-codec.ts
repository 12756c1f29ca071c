import type { Schema } from '../../core/schema.ts';
import type { Json, StateCodec } from '../../core/state.ts';
import { rowCodec, type RowValues } from '../shared/rows/row-values.ts';

const ARRAY_BYTES = 64;
const ELEMENT_BYTES = 8;

/** A ranking as a value in state: its rows in order. */
export function rankingCodec(schema: Schema): StateCodec {
  const row = rowCodec(schema);
  return {
    toJson: (rows) => (rows as readonly RowValues[]).map((one) => row.toJson(one)),
    fromJson: (json) => (json as readonly Json[]).map((one) => row.fromJson(one)),
    sizeOf: (rows) =>
      (rows as readonly RowValues[]).reduce((sum, one) => sum + ELEMENT_BYTES + row.sizeOf(one), ARRAY_BYTES),
  };
}
