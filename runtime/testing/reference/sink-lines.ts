/** A row as a file sink writes it, cell by cell. Only for types that sources of tests have. */
import type { Schema } from '../../core/schema.ts';
import type { DataType, Value } from '../../core/types.ts';

/** JSON object or CSV record, without the newline. */
export function printLine(format: 'csv' | 'jsonl', schema: Schema, values: readonly Value[]): string {
  const cells = schema.fields.map((f, i) => jsonOf(f.type, values[i]!));
  if (format === 'jsonl') return `{${schema.fields.map((f, i) => `${JSON.stringify(f.name)}:${cells[i]!}`).join(',')}}`;
  return cells.map((cell, i) => csvOf(schema.fields[i]!.type, cell)).join(',');
}

export function printHeader(schema: Schema): string {
  return schema.fields.map((f) => f.name).join(',');
}

function jsonOf(type: DataType, value: Value): string {
  if (value === null) return 'null';
  switch (type.kind) {
    case 'BOOLEAN':
    case 'INT':
    case 'BIGINT':
    case 'DOUBLE':
      return String(value);
    case 'STRING':
      return JSON.stringify(value);
    case 'TIMESTAMP':
      return JSON.stringify(new Date(value as number).toISOString());
    case 'ARRAY':
      return `[${(value as readonly Value[]).map((element) => jsonOf(type.element, element)).join(',')}]`;
    default:
      throw new Error(`no cells of ${type.kind} here`);
  }
}

/** Quoted where it must be: a comma or quote inside, or text that would be NULL. */
function csvOf(type: DataType, json: string): string {
  if (json === 'null') return '';
  const text = type.kind === 'STRING' || type.kind === 'TIMESTAMP' ? (JSON.parse(json) as string) : json;
  return text === '' || /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
