/** Values of sampled rows as people and programs read them. */
import type { DataType } from '../../runtime/core/types.ts';
import type { SampledRow } from '../../runtime/protocol/job.ts';

/** One line; null stays null, to be drawn apart from the text `NULL`. */
export function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Over several lines where it has parts. */
export function valueInFull(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}

/** A row as JSONL would write it. */
export function rowAsJson(fields: readonly string[], row: SampledRow): Record<string, unknown> {
  return Object.fromEntries(fields.map((field, i) => [field, row.values[i] ?? null]));
}

const RIGHT_ALIGNED: ReadonlySet<DataType['kind']> = new Set(['INT', 'BIGINT', 'DOUBLE', 'DECIMAL']);

export function isRightAligned(type: DataType | undefined): boolean {
  return type !== undefined && RIGHT_ALIGNED.has(type.kind);
}

const WIDTHS: Partial<Readonly<Record<DataType['kind'], number>>> = {
  BOOLEAN: 70,
  INT: 90,
  BIGINT: 120,
  DOUBLE: 120,
  DECIMAL: 120,
  DATE: 100,
  TIMESTAMP: 190,
};
const OTHER_WIDTH = 170;

/** Pixels that hold a usual value, and the column's name. */
export function columnWidth(name: string, type: DataType | undefined): number {
  const forValue = (type === undefined ? undefined : WIDTHS[type.kind]) ?? OTHER_WIDTH;
  return Math.max(forValue, headWidth(name, type));
}

/** Pixels that hold the column's name; of values whose length is known, also them. */
export function narrowestWidth(name: string, type: DataType | undefined): number {
  const hasFixedLength = type?.kind === 'TIMESTAMP' || type?.kind === 'DATE';
  return hasFixedLength ? columnWidth(name, type) : headWidth(name, type);
}

function headWidth(name: string, type: DataType | undefined): number {
  return Math.min(240, (name.length + (type?.kind.length ?? 0)) * 7 + 28);
}
