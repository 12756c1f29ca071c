/** Schemas as Parquet files declare them, the way Spark and Arrow do: nested types in three levels, instants in UTC. */
import type { SchemaElement } from 'hyparquet-writer';
import { say } from '../../core/say.ts';
import type { Schema } from '../../core/schema.ts';
import { printDataType, type DataType, type Field } from '../../core/types.ts';

const MAX_INT_DIGITS = 9;
const MAX_LONG_DIGITS = 18;

/** The elements of a file's schema, depth first. */
export function parquetElements({ fields }: Schema): SchemaElement[] {
  return [{ name: 'schema', num_children: fields.length }, ...fields.flatMap(elementsOfField)];
}

function elementsOfField({ name, type, nullable }: Field): SchemaElement[] {
  return elementsOf(name, type, nullable ? 'OPTIONAL' : 'REQUIRED');
}

function elementsOf(name: string, type: DataType, repetition: 'OPTIONAL' | 'REQUIRED'): SchemaElement[] {
  const base = { name, repetition_type: repetition } as const;
  switch (type.kind) {
    case 'BOOLEAN':
    case 'DOUBLE':
      return [{ ...base, type: type.kind }];
    case 'INT':
      return [{ ...base, type: 'INT32' }];
    case 'BIGINT':
      return [{ ...base, type: 'INT64' }];
    case 'DECIMAL':
      return [{ ...base, ...decimalElement(type) }];
    case 'STRING':
      return [{ ...base, type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } }];
    case 'BYTES':
      return [{ ...base, type: 'BYTE_ARRAY' }];
    case 'DATE':
      return [{ ...base, type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } }];
    case 'TIMESTAMP':
      return [
        {
          ...base,
          type: 'INT64',
          converted_type: 'TIMESTAMP_MILLIS',
          logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
        },
      ];
    case 'ARRAY':
      return [
        { ...base, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
        { name: 'list', num_children: 1, repetition_type: 'REPEATED' },
        ...elementsOf('element', type.element, 'OPTIONAL'),
      ];
    case 'MAP':
      return [
        { ...base, num_children: 1, converted_type: 'MAP', logical_type: { type: 'MAP' } },
        { name: 'key_value', num_children: 2, repetition_type: 'REPEATED' },
        ...elementsOf('key', type.key, 'REQUIRED'),
        ...elementsOf('value', type.value, 'OPTIONAL'),
      ];
    case 'ROW':
      return [{ ...base, num_children: type.fields.length }, ...type.fields.flatMap(elementsOfField)];
    default:
      throw new Error(`Millrace bug: no Parquet column of type ${type.kind}`);
  }
}

/** The smallest physical type with room for the digits. */
function decimalElement({ precision, scale }: { precision: number; scale: number }): Omit<SchemaElement, 'name'> {
  const annotation = {
    converted_type: 'DECIMAL',
    logical_type: { type: 'DECIMAL', precision, scale },
    precision,
    scale,
  } as const;
  if (precision <= MAX_INT_DIGITS) return { type: 'INT32', ...annotation };
  if (precision <= MAX_LONG_DIGITS) return { type: 'INT64', ...annotation };
  return { type: 'FIXED_LEN_BYTE_ARRAY', type_length: bytesFor(precision), ...annotation };
}

/** Bytes of two's complement that hold `digits` nines. */
function bytesFor(digits: number): number {
  return Math.ceil(((10n ** BigInt(digits)).toString(2).length + 1) / 8);
}

/** Why a schema has no place in a Parquet file; null when it has one. */
export function parquetProblem({ fields }: Schema): string | null {
  if (fields.length === 0) return say`a Parquet file needs a column, and no field is left for it`;
  for (const field of fields) {
    const problem = problemOf(field.type);
    if (problem !== null) return `"${field.name}": ${problem}`;
  }
  return null;
}

function problemOf(type: DataType): string | null {
  switch (type.kind) {
    case 'ARRAY':
      return problemOf(type.element);
    case 'MAP':
      return problemOf(type.key) ?? problemOf(type.value);
    case 'ROW':
      if (type.fields.length === 0) return say`${printDataType(type)} has no field, and a Parquet group needs one`;
      return type.fields.map((field) => problemOf(field.type)).find((problem) => problem !== null) ?? null;
    default:
      return null;
  }
}
