/** Shapes and batches from terse literals. */
import { BatchBuilder, type Batch, type ChangeKind } from '../core/batch.ts';
import { assert } from '../core/errors.ts';
import type { ChangelogMode, Schema, StreamShape } from '../core/schema.ts';
import { parseDataType, type Field } from '../core/types.ts';
import { toValue, type Literal } from './literals.ts';

/** `fields('user STRING, ts TIMESTAMP NOT NULL')` */
export function fields(text: string): readonly Field[] {
  if (text.trim() === '') return [];
  const parsed = parseDataType(`ROW<${text}>`);
  assert(parsed.ok && parsed.value.kind === 'ROW', parsed.ok ? 'a ROW' : parsed.error);
  return parsed.value.fields;
}

export function schema(text: string): Schema {
  return { fields: fields(text) };
}

/** A stream without event time, append only, bounded, unless `overrides` says otherwise. */
export function shape(
  text: string,
  overrides: { eventTime?: boolean; changelog?: ChangelogMode; bounded?: boolean } = {},
): StreamShape {
  return { schema: schema(text), eventTime: false, changelog: 'append', bounded: true, ...overrides };
}

/** A batch of rows of values or of their JSON form (`'2026-01-01T00:00:00Z'` for a TIMESTAMP, `3` for a BIGINT). */
export function batch(
  rowSchema: Schema | string,
  rows: readonly (readonly Literal[])[],
  eventTimes?: readonly (number | string)[],
  kinds?: readonly ChangeKind[],
): Batch {
  const of = typeof rowSchema === 'string' ? schema(rowSchema) : rowSchema;
  const builder = new BatchBuilder(of, rows.length);
  rows.forEach((row, i) => {
    assert(row.length === of.fields.length, `${row.length} cells for ${of.fields.length} fields in row ${i}`);
    const values = of.fields.map((f, c) => toValue(f.type, row[c] ?? null));
    builder.appendRow(values, instant(eventTimes?.[i]), kinds?.[i]);
  });
  return builder.finish();
}

/** Milliseconds since the epoch of `'2026-01-01T00:00:00Z'`. */
export function at(text: string): number {
  const ms = toValue({ kind: 'TIMESTAMP' }, text);
  return ms as number;
}

function instant(time: number | string | undefined): number {
  if (time === undefined) return NaN;
  return typeof time === 'string' ? at(time) : time;
}
