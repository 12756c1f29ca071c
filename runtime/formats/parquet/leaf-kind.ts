/**
 * What a primitive column of a Parquet file holds: physical type and annotation in one.
 * https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
 */
import type { SchemaElement } from 'hyparquet';
import {
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
} from '../../core/types.ts';

export type LeafKind =
  | { readonly kind: 'BOOLEAN' | 'INT32' | 'UINT32' | 'INT64' | 'UINT64' | 'FLOAT16' | 'FLOAT' | 'DOUBLE' }
  | { readonly kind: 'STRING' | 'BYTES' | 'UUID' | 'DATE' | 'INT96' }
  | { readonly kind: 'DECIMAL'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'TIMESTAMP'; readonly unitsPerMs: bigint };

const UNITS_PER_MS = { MILLIS: 1n, MICROS: 1000n, NANOS: 1_000_000n } as const;

export function leafKind(element: SchemaElement): LeafKind {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    const given = logical?.type === 'DECIMAL' ? logical : element;
    return { kind: 'DECIMAL', precision: given.precision ?? 0, scale: given.scale ?? 0 };
  }
  switch (type) {
    case 'INT32':
      if (converted === 'DATE' || logical?.type === 'DATE') return { kind: 'DATE' };
      return { kind: isUnsigned(element, 32) ? 'UINT32' : 'INT32' };
    case 'INT64':
      if (logical?.type === 'TIMESTAMP') return { kind: 'TIMESTAMP', unitsPerMs: UNITS_PER_MS[logical.unit] };
      if (converted === 'TIMESTAMP_MILLIS') return { kind: 'TIMESTAMP', unitsPerMs: UNITS_PER_MS.MILLIS };
      if (converted === 'TIMESTAMP_MICROS') return { kind: 'TIMESTAMP', unitsPerMs: UNITS_PER_MS.MICROS };
      return { kind: isUnsigned(element, 64) ? 'UINT64' : 'INT64' };
    case 'BYTE_ARRAY':
      return { kind: isText(element) ? 'STRING' : 'BYTES' };
    case 'FIXED_LEN_BYTE_ARRAY':
      if (logical?.type === 'UUID') return { kind: 'UUID' };
      return { kind: logical?.type === 'FLOAT16' ? 'FLOAT16' : 'BYTES' };
    default:
      return { kind: type ?? 'BYTES' };
  }
}

function isUnsigned({ converted_type: converted, logical_type: logical }: SchemaElement, bits: number): boolean {
  if (logical?.type === 'INTEGER') return !logical.isSigned && logical.bitWidth === bits;
  return converted === `UINT_${bits}`;
}

function isText({ converted_type: converted, logical_type: logical }: SchemaElement): boolean {
  const name = logical?.type ?? converted;
  return name === 'STRING' || name === 'UTF8' || name === 'ENUM' || name === 'JSON';
}

/** The type that holds every value of the column. */
export function typeOfLeaf(leaf: LeafKind): DataType {
  switch (leaf.kind) {
    case 'BOOLEAN':
      return BOOLEAN;
    case 'INT32':
      return INT;
    case 'UINT32':
    case 'INT64':
      return BIGINT;
    case 'UINT64':
      return decimal(20, 0);
    case 'FLOAT16':
    case 'FLOAT':
    case 'DOUBLE':
      return DOUBLE;
    case 'DECIMAL':
      return decimal(leaf.precision, leaf.scale);
    case 'STRING':
    case 'UUID':
      return STRING;
    case 'BYTES':
      return BYTES;
    case 'DATE':
      return DATE;
    case 'INT96':
    case 'TIMESTAMP':
      return TIMESTAMP;
  }
}
