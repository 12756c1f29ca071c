/** Single rows as values: for operators that look at one row at a time and keep some per key. */
import type { Batch } from '../../../core/batch.ts';
import type { Schema } from '../../../core/schema.ts';
import type { Json, StateCodec } from '../../../core/state.ts';
import type { Value } from '../../../core/types.ts';
import { sizeOfValue, valueFromJson, valueToJson } from '../aggregates/value-codec.ts';

export interface RowValues {
  /** In field order. */
  readonly values: readonly Value[];
  /** ms since the epoch; NaN where the stream has none. */
  readonly eventTime: number;
}

export function rowValues(batch: Batch, row: number): RowValues {
  return { values: batch.row(row), eventTime: batch.eventTimes === null ? NaN : batch.eventTimes[row]! };
}

/** Rows of a schema as state: to JSON and back without loss. */
export function rowCodec({ fields }: Schema): StateCodec {
  return {
    toJson(row) {
      const { values, eventTime } = row as RowValues;
      const time = Number.isNaN(eventTime) ? null : eventTime;
      return [time, ...values.map((value, i) => valueToJson(fields[i]!.type, value))];
    },
    fromJson(json): RowValues {
      const [time, ...values] = json as readonly Json[];
      return {
        values: values.map((value, i) => valueFromJson(fields[i]!.type, value)),
        eventTime: time === null ? NaN : (time as number),
      };
    },
    sizeOf: (row) => (row as RowValues).values.reduce<number>((sum, value) => sum + 8 + sizeOfValue(value), 48),
  };
}
