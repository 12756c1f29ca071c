/** Rows of two engines, made comparable: equal values are equal texts, however each engine writes them. */
import { parse, isLosslessNumber } from 'lossless-json';
import { assert } from '../core/errors.ts';
import type { DataType } from '../core/types.ts';
import type { Schema } from '../core/schema.ts';
import type { Row } from './engine.ts';

/** Digits of a DOUBLE that count: sums in another order differ behind them. */
const DOUBLE_DIGITS = 11;

/** A JSON text with every number as it is written. */
export function readJson(text: string): unknown {
  return parse(text, null, { parseNumber: (number) => new Digits(number) });
}

/** A number as it was written. */
class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** A value read by `readJson`, as text or a list, so that equal values are equal whatever engine wrote them. */
export function canonical(type: DataType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  const text = value instanceof Digits ? value.text : isLosslessNumber(value) ? value.toString() : value;
  switch (type.kind) {
    case 'DOUBLE': {
      const number = Number(text);
      return Number.isNaN(number) ? 'NaN' : String(Number(number.toPrecision(DOUBLE_DIGITS)));
    }
    case 'INT':
    case 'BIGINT':
      return String(text);
    case 'DECIMAL':
      return withoutZeros(String(text));
    case 'TIMESTAMP':
      return new Date(String(text)).toISOString();
    case 'ARRAY':
      return (value as unknown[]).map((item) => canonical(type.element, item));
    case 'MAP': {
      const entries = Array.isArray(value) ? (value as [unknown, unknown][]) : Object.entries(value as object);
      const pairs = entries.map(([key, item]) => [canonical(type.key, key), canonical(type.value, item)]);
      return pairs.map((pair) => JSON.stringify(pair)).sort();
    }
    case 'ROW': {
      const items = Array.isArray(value)
        ? value
        : type.fields.map(({ name }) => (value as Record<string, unknown>)[name]);
      return type.fields.map((field, i) => canonical(field.type, items[i]));
    }
    default:
      return text;
  }
}

function withoutZeros(text: string): string {
  const plain = /e/i.test(text) ? Number(text).toFixed(20) : text;
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}

export interface Change {
  readonly kind: string;
  readonly row: Row;
}

export function canonicalRow({ fields }: Schema, values: readonly unknown[]): Row {
  return fields.map(({ type }, i) => canonical(type, values[i]));
}

/** What is left once every change has been made. Throws when a row is taken back that is not there. */
export function finalRows(changes: readonly Change[]): readonly Row[] {
  const counts = new Map<string, number>();
  for (const { kind, row } of changes) {
    const key = JSON.stringify(row);
    const count = (counts.get(key) ?? 0) + (kind.startsWith('+') ? 1 : -1);
    if (count === 0) counts.delete(key);
    else counts.set(key, count);
  }
  return [...counts].flatMap(([key, count]) => {
    assert(count > 0, `${key} was taken back ${-count} times more than it was given`);
    return Array.from({ length: count }, () => JSON.parse(key) as Row);
  });
}

/** Rows that only one of two multisets has, as often as it has them more. */
export function onlyIn(
  expected: readonly Row[],
  actual: readonly Row[],
): { readonly missing: readonly Row[]; readonly unexpected: readonly Row[] } {
  const balance = new Map<string, number>();
  for (const row of actual) {
    const key = JSON.stringify(row);
    balance.set(key, (balance.get(key) ?? 0) + 1);
  }
  const take = (row: Row): boolean => {
    const key = JSON.stringify(row);
    const left = balance.get(key) ?? 0;
    if (left > 0) balance.set(key, left - 1);
    return left > 0;
  };
  const missing = expected.filter((row) => !take(row));
  return { missing, unexpected: actual.filter(take) };
}

const SHOWN_ROWS = 4;

/** The first rows that only one of two multisets has, as JSON; none: they are equal. */
export function difference(expected: readonly Row[], seen: readonly Row[]): readonly string[] {
  const { missing, unexpected } = onlyIn(expected, seen);
  const show = (word: string, rows: readonly Row[]): string[] => [
    ...rows.slice(0, SHOWN_ROWS).map((row) => `${word} ${JSON.stringify(row)}`),
    ...(rows.length > SHOWN_ROWS ? [`${word} ${rows.length - SHOWN_ROWS} more`] : []),
  ];
  return [...show('missing', missing), ...show('unexpected', unexpected)];
}
