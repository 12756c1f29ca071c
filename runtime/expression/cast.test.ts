import { describe, expect, it } from 'vitest';
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  BYTES,
  DATE,
  decimal,
  DOUBLE,
  INT,
  STRING,
  TIMESTAMP,
  type DataType,
  type Value,
} from '../core/types.ts';
import { conversion } from './cast.ts';
import type { Present } from './operations.ts';

describe('conversion', () => {
  it.each<[Present, DataType, DataType, Value]>([
    [2147483648n, BIGINT, INT, -2147483648],
    [1e20, DOUBLE, INT, 2147483647],
    [-1e20, DOUBLE, BIGINT, -9223372036854775808n],
    [NaN, DOUBLE, INT, 0],
    [-1.9, DOUBLE, INT, -1],
    [199n, decimal(10, 2), INT, 1],
    [1.005, DOUBLE, decimal(5, 2), 101n],
    [Infinity, DOUBLE, decimal(5, 2), null],
    [' 12.7 ', STRING, INT, 12],
    ['3000000000', STRING, INT, null],
    ['1e3', STRING, DOUBLE, 1000],
    ['', STRING, DOUBLE, null],
    ['Yes', STRING, BOOLEAN, true],
    ['maybe', STRING, BOOLEAN, null],
    [true, BOOLEAN, STRING, 'TRUE'],
    [1, DOUBLE, STRING, '1.0'],
    [1e7, DOUBLE, STRING, '1.0E7'],
    [1.5e-5, DOUBLE, STRING, '1.5E-5'],
    [0.001, DOUBLE, STRING, '0.001'],
    ['2026-11-22 15:04', STRING, TIMESTAMP, Date.UTC(2026, 10, 22, 15, 4)],
    ['2026', STRING, TIMESTAMP, null],
    [-1, TIMESTAMP, DATE, -1],
    [0, TIMESTAMP, STRING, '1970-01-01 00:00:00.000'],
    [[1, null], arrayOf(INT), arrayOf(BIGINT), [1n, null]],
    [['1', 'x'], arrayOf(STRING), arrayOf(INT), null],
    [[1, null], arrayOf(INT), STRING, '[1, NULL]'],
    ['é', STRING, BYTES, Uint8Array.of(0xc3, 0xa9)],
  ])('%s from %j to %j is %s', (value, from, to, expected) => {
    expect(conversion(from, to)(value)).toEqual(expected);
  });
});
