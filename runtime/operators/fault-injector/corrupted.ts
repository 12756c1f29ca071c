import { columnBuilder } from '../../core/column-builder.ts';
import type { Column } from '../../core/column.ts';
import type { DataType, Value } from '../../core/types.ts';

/** A column with other cells in some rows: NULL, or another value of the type (a NULL stays one). */
export function corrupted(column: Column, length: number, rows: readonly number[], into: 'null' | 'value'): Column {
  const builder = columnBuilder(column.type, length);
  let from = 0;
  for (const row of rows) {
    builder.appendRange(column, from, row);
    if (into === 'null' || column.isNull(row)) builder.appendNull();
    else builder.appendValue(otherValue(column.type, column.value(row)!));
    from = row + 1;
  }
  builder.appendRange(column, from, length);
  return builder.finish();
}

const CENTURY_DAYS = 36_525;
const CENTURY_MS = CENTURY_DAYS * 86_400_000;

/** Never the same, and always one that fits. Throws for types without plain values, which the spec refuses. */
function otherValue(type: DataType, value: Exclude<Value, null>): Value {
  switch (type.kind) {
    case 'BOOLEAN':
      return value === false;
    case 'INT':
      return ~(value as number);
    case 'BIGINT':
      return ~(value as bigint);
    case 'DOUBLE':
      return value === 0 ? NaN : -(value as number);
    case 'DECIMAL':
      return value === 0n ? 1n : -(value as bigint);
    case 'DATE':
      return towards0(value as number, CENTURY_DAYS);
    case 'TIMESTAMP':
      return towards0(value as number, CENTURY_MS);
    case 'STRING':
      return `${[...(value as string)].reverse().join('')}\uFFFD`;
    case 'BYTES':
      return Uint8Array.from([...(value as Uint8Array).toReversed(), 0xff]);
    default:
      throw new Error(`Millrace bug: ${type.kind} has no plain values`);
  }
}

function towards0(value: number, by: number): number {
  return value > 0 ? value - by : value + by;
}
