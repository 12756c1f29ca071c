/** The type system of contract.md §1: what a field, an expression or a column can be. */
import { fail, ok, type Result } from './result.ts';
import { say } from './say.ts';

export interface Field {
  readonly name: string;
  readonly type: DataType;
  readonly nullable: boolean;
}

export type DataType =
  | { readonly kind: 'BOOLEAN' }
  | { readonly kind: 'INT' }
  | { readonly kind: 'BIGINT' }
  | { readonly kind: 'DOUBLE' }
  | { readonly kind: 'DECIMAL'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'STRING' }
  | { readonly kind: 'BYTES' }
  | { readonly kind: 'DATE' }
  | { readonly kind: 'TIMESTAMP' }
  /** Literals only, never a column. */
  | { readonly kind: 'INTERVAL' }
  /** The type of a bare NULL, never a column. */
  | { readonly kind: 'NULL' }
  | { readonly kind: 'ARRAY'; readonly element: DataType }
  | { readonly kind: 'MAP'; readonly key: DataType; readonly value: DataType }
  | { readonly kind: 'ROW'; readonly fields: readonly Field[] };

export type TypeKind = DataType['kind'];

export const BOOLEAN: DataType = { kind: 'BOOLEAN' };
export const INT: DataType = { kind: 'INT' };
export const BIGINT: DataType = { kind: 'BIGINT' };
export const DOUBLE: DataType = { kind: 'DOUBLE' };
export const STRING: DataType = { kind: 'STRING' };
export const BYTES: DataType = { kind: 'BYTES' };
export const DATE: DataType = { kind: 'DATE' };
export const TIMESTAMP: DataType = { kind: 'TIMESTAMP' };
export const INTERVAL: DataType = { kind: 'INTERVAL' };
export const NULL: DataType = { kind: 'NULL' };

export function decimal(precision: number, scale: number): DataType {
  return { kind: 'DECIMAL', precision, scale };
}

export function arrayOf(element: DataType): DataType {
  return { kind: 'ARRAY', element };
}

export function mapOf(key: DataType, value: DataType): DataType {
  return { kind: 'MAP', key, value };
}

export function rowOf(fields: readonly Field[]): DataType {
  return { kind: 'ROW', fields };
}

/**
 * A value outside a column, by type: BOOLEAN `boolean`, INT and DOUBLE `number`, BIGINT `bigint`, DECIMAL its unscaled
 * `bigint`, STRING `string`, BYTES `Uint8Array`, DATE days since 1970-01-01 `number`, TIMESTAMP milliseconds since the
 * epoch (UTC) `number`, INTERVAL milliseconds `number`, ARRAY `Value[]`, MAP `Map<Value, Value>`, ROW `Value[]` in field order.
 */
export type Value =
  null | boolean | number | bigint | string | Uint8Array | readonly Value[] | ReadonlyMap<Value, Value>;

export function sameType(a: DataType, b: DataType): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'DECIMAL':
      return b.kind === 'DECIMAL' && a.precision === b.precision && a.scale === b.scale;
    case 'ARRAY':
      return b.kind === 'ARRAY' && sameType(a.element, b.element);
    case 'MAP':
      return b.kind === 'MAP' && sameType(a.key, b.key) && sameType(a.value, b.value);
    case 'ROW':
      return b.kind === 'ROW' && sameFields(a.fields, b.fields);
    default:
      return true;
  }
}

/** Same names, types and nullability, in the same order. */
export function sameFields(a: readonly Field[], b: readonly Field[]): boolean {
  return (
    a.length === b.length &&
    a.every((field, i) => {
      const other = b[i];
      return (
        other !== undefined &&
        field.name === other.name &&
        field.nullable === other.nullable &&
        sameType(field.type, other.type)
      );
    })
  );
}

export function isNumeric(type: DataType): boolean {
  return type.kind === 'INT' || type.kind === 'BIGINT' || type.kind === 'DOUBLE' || type.kind === 'DECIMAL';
}

/** `DECIMAL(10,2)`, `ARRAY<STRING>`, `ROW<a INT, b STRING>`: what a document writes and `parseDataType` reads. */
export function printDataType(type: DataType): string {
  switch (type.kind) {
    case 'DECIMAL':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'ARRAY':
      return `ARRAY<${printDataType(type.element)}>`;
    case 'MAP':
      return `MAP<${printDataType(type.key)},${printDataType(type.value)}>`;
    case 'ROW':
      return `ROW<${type.fields.map((f) => `${printName(f.name)} ${printDataType(f.type)}${f.nullable ? '' : ' NOT NULL'}`).join(', ')}>`;
    default:
      return type.kind;
  }
}

function printName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `\`${name.replaceAll('`', '``')}\``;
}

const SIMPLE = new Map<string, DataType>(
  [BOOLEAN, INT, BIGINT, DOUBLE, STRING, BYTES, DATE, TIMESTAMP].map((t) => [t.kind, t]),
);
const DEFAULT_DECIMAL = decimal(10, 0);
const MAX_PRECISION = 38;

/** Reads a type as a document writes it; the error says what was expected and where. */
export function parseDataType(text: string): Result<DataType> {
  const reader = new TypeReader(text);
  const parsed = reader.type();
  if (!parsed.ok) return parsed;
  return reader.atEnd() ? parsed : fail(reader.expected(say`the end of the type`));
}

class TypeReader {
  #at = 0;
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  expected(what: string): string {
    const found = this.text.slice(this.#at).trim();
    return say`expected ${what} at ${found === '' ? say`the end` : `"${found}"`} in type "${this.text}"`;
  }

  atEnd(): boolean {
    return this.text.slice(this.#at).trim() === '';
  }

  #take(pattern: RegExp): string | null {
    const sticky = new RegExp(`\\s*(${pattern.source})`, 'iy');
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.text);
    if (match === null) return null;
    this.#at = sticky.lastIndex;
    return match[1] ?? null;
  }

  type(): Result<DataType> {
    const word = this.#take(/[a-z]+/)?.toUpperCase();
    if (word === undefined) return fail(this.expected('a type'));
    const simple = SIMPLE.get(word);
    if (simple !== undefined) return ok(simple);
    switch (word) {
      case 'DECIMAL':
        return this.#decimal();
      case 'ARRAY':
        return this.#wrapped((element) => ok(arrayOf(element)));
      case 'MAP':
        return this.#wrapped((key) => {
          if (this.#take(/,/) === null) return fail(this.expected('","'));
          const value = this.type();
          return value.ok ? ok(mapOf(key, value.value)) : value;
        });
      case 'ROW':
        return this.#row();
      default:
        return fail(
          say`unknown type "${word}"; known are ${[...SIMPLE.keys(), 'DECIMAL(p,s)', 'ARRAY<T>', 'MAP<K,V>', 'ROW<name T, …>'].join(', ')}`,
        );
    }
  }

  #decimal(): Result<DataType> {
    if (this.#take(/\(/) === null) return ok(DEFAULT_DECIMAL);
    const precision = Number(this.#take(/\d+/) ?? NaN);
    const scale = this.#take(/,/) === null ? 0 : Number(this.#take(/\d+/) ?? NaN);
    if (this.#take(/\)/) === null) return fail(this.expected('")"'));
    if (!(precision >= 1 && precision <= MAX_PRECISION && scale >= 0 && scale <= precision)) {
      return fail(say`DECIMAL(p,s) needs 1 ≤ p ≤ ${MAX_PRECISION} and 0 ≤ s ≤ p in type "${this.text}"`);
    }
    return ok(decimal(precision, scale));
  }

  #wrapped(rest: (first: DataType) => Result<DataType>): Result<DataType> {
    if (this.#take(/</) === null) return fail(this.expected('"<"'));
    const first = this.type();
    if (!first.ok) return first;
    const result = rest(first.value);
    if (result.ok && this.#take(/>/) === null) return fail(this.expected('">"'));
    return result;
  }

  #row(): Result<DataType> {
    if (this.#take(/</) === null) return fail(this.expected('"<"'));
    const fields: Field[] = [];
    do {
      const raw = this.#take(/[a-z_][a-z0-9_]*|`(?:[^`]|``)*`/);
      if (raw === null) return fail(this.expected(say`a field name`));
      const type = this.type();
      if (!type.ok) return type;
      const name = raw.startsWith('`') ? raw.slice(1, -1).replaceAll('``', '`') : raw;
      fields.push({ name, type: type.value, nullable: this.#take(/NOT\s+NULL/) === null });
    } while (this.#take(/,/) !== null);
    return this.#take(/>/) === null ? fail(this.expected('">"')) : ok(rowOf(fields));
  }
}
