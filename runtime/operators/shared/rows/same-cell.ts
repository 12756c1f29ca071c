import { readDecimal, type Column } from '../../../core/column.ts';
import { isSameValue } from './same-value.ts';

/** Whether two cells of a column are the same result: NULL is NULL, NaN is NaN. */
export function isSameCell(column: Column, a: number, b: number): boolean {
  if (column.isNull(a) || column.isNull(b)) return column.isNull(a) && column.isNull(b);
  switch (column.type.kind) {
    case 'INT':
    case 'DATE':
    case 'BIGINT': {
      const values = column.values as Int32Array | BigInt64Array;
      return values[a] === values[b];
    }
    case 'DECIMAL': {
      const words = column.values as BigInt64Array;
      return readDecimal(words, a) === readDecimal(words, b);
    }
    case 'STRING':
    case 'BYTES':
      return sameBytes(column.values as Uint8Array, column.offsets!, a, b);
    default:
      return isSameValue(column.value(a), column.value(b));
  }
}

function sameBytes(bytes: Uint8Array, offsets: Int32Array, a: number, b: number): boolean {
  const startA = offsets[a]!;
  const startB = offsets[b]!;
  const length = offsets[a + 1]! - startA;
  if (offsets[b + 1]! - startB !== length) return false;
  for (let i = 0; i < length; i++) if (bytes[startA + i] !== bytes[startB + i]) return false;
  return true;
}
