/** Values of a SQLite database as those of declared types, and back for keys. SQLite stores what it is given, whatever a column is declared as. */
import { printDecimal } from '../../core/decimal.ts';
import { say } from '../../core/say.ts';
import { printDate } from '../../core/time.ts';
import { printDataType, type DataType, type Field, type Value } from '../../core/types.ts';
import { valueOfText } from '../../formats/index.ts';

export type SqliteValue = number | bigint | string | Uint8Array | null;

/** Throws an Error that says what does not fit. */
export function fromSqlite({ name, type, nullable }: Field, value: SqliteValue): Value {
  if (value === null) {
    if (nullable) return null;
    throw new Error(say`"${name}" is NULL and declared not to be`);
  }
  const converted = valueOf(type, value);
  if (converted !== undefined) return converted;
  const shown = value instanceof Uint8Array ? 'a BLOB' : String(value);
  throw new Error(say`"${name}" is not a ${printDataType(type)}: ${shown}`);
}

function valueOf(type: DataType, value: Exclude<SqliteValue, null>): Value | undefined {
  if (value instanceof Uint8Array) return type.kind === 'BYTES' ? value : undefined;
  switch (type.kind) {
    case 'STRING':
      return String(value);
    case 'BOOLEAN':
      if (typeof value === 'string') return valueOfText(type, value);
      return Number(value) === 1 ? true : Number(value) === 0 ? false : undefined;
    case 'DOUBLE':
      return typeof value === 'string' ? valueOfText(type, value) : Number(value);
    case 'BYTES':
      return undefined;
    case 'DATE':
    case 'TIMESTAMP':
      // A number may be seconds, milliseconds or days.
      return typeof value === 'string' ? valueOfText(type, value) : undefined;
    default:
      return valueOfText(type, String(value));
  }
}

/** What a key's value is compared with; DECIMAL as text, which SQLite turns into a number where the column holds numbers. */
export function toSqlite(type: DataType, value: Exclude<Value, null>): SqliteValue {
  switch (type.kind) {
    case 'BOOLEAN':
      return value === true ? 1 : 0;
    case 'DECIMAL':
      return printDecimal(value as bigint, type.scale);
    case 'DATE':
      return printDate(value as number);
    default:
      return value as SqliteValue;
  }
}
