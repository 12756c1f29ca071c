import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, BatchBuilder } from '../core/batch.ts';
import type { Schema } from '../core/schema.ts';
import type { Value } from '../core/types.ts';
import { anyRow, anySchema } from '../testing/arbitraries.ts';
import { createRowReader } from './create-row-reader.ts';
import type { TextFormat } from './file-format.ts';
import type { ReaderPosition } from './row-reader.ts';
import { createRowWriter } from './row-writer.ts';

const FORMATS: readonly TextFormat[] = ['csv', 'jsonl'];

const anyTable = anySchema(5, 2).chain((schema) =>
  fc.record({ schema: fc.constant(schema), rows: fc.array(anyRow(schema), { maxLength: 12 }) }),
);

/** Borders of chunks, as sizes that repeat. */
const anyChunks = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });

describe.each(FORMATS)('%s', (format) => {
  it('reads what it wrote, whatever the chunks', () => {
    fc.assert(
      fc.property(anyTable, anyChunks, fc.integer({ min: 1, max: 5 }), ({ schema, rows }, chunks, limit) => {
        const bytes = write(format, schema, rows);
        expect(readAll(format, schema, bytes, chunks, limit)).toEqual({ rows: comparable(rows), rejected: [] });
      }),
      { numRuns: 300 },
    );
  });

  it('goes on from any position as if it had not stopped', () => {
    fc.assert(
      fc.property(anyTable, anyChunks, fc.nat({ max: 12 }), ({ schema, rows }, chunks, stop) => {
        const bytes = write(format, schema, rows);
        const first = createRowReader({ format, schema, file: 'f' });
        first.push(bytes);
        first.finish();
        const builder = new BatchBuilder(schema);
        first.read(builder, Math.max(1, stop));
        const batch = builder.finish();
        const before = Array.from({ length: batch.length }, (_, i) => batch.row(i));
        const position = JSON.parse(JSON.stringify(first.position)) as ReaderPosition;
        const after = readAll(format, schema, bytes.subarray(position.offset), chunks, 3, position);
        expect([...comparable(before), ...after.rows]).toEqual(comparable(rows));
      }),
    );
  });

  it('never throws on damaged bytes, and rejects rows at their place', () => {
    fc.assert(
      fc.property(
        anyTable,
        anyChunks,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }),
        ({ schema, rows }, chunks, hits) => {
          const bytes = write(format, schema, rows);
          const header = createRowWriter({ format, schema }).header.length;
          for (const [at, byte] of hits)
            if (bytes.length > header) bytes[header + (at % (bytes.length - header))] = byte;
          const whole = readAll(format, schema, bytes, [bytes.length + 1], 100);
          expect(readAll(format, schema, bytes, chunks, 2)).toEqual(whole);
          const starts = whole.rejected.map((one) => one.offset);
          expect(starts).toEqual(starts.toSorted((a, b) => a - b));
          for (const { line, offset } of whole.rejected) {
            expect(line).toBe(1 + bytes.subarray(0, offset).filter((byte) => byte === 0x0a).length);
          }
        },
      ),
    );
  });
});

function write(format: TextFormat, schema: Schema, rows: readonly (readonly Value[])[]): Uint8Array {
  const writer = createRowWriter({ format, schema });
  const body = writer.encode(batchOf(schema, rows));
  const bytes = new Uint8Array(writer.header.length + body.length);
  bytes.set(writer.header);
  bytes.set(body, writer.header.length);
  return bytes;
}

function readAll(
  format: TextFormat,
  schema: Schema,
  bytes: Uint8Array,
  chunks: readonly number[],
  limit: number,
  position?: ReaderPosition,
) {
  const reader = createRowReader({ format, schema, file: 'f', ...(position === undefined ? {} : { position }) });
  const builder = new BatchBuilder(schema);
  for (let at = 0, i = 0; at < bytes.length; at += chunks[i % chunks.length]!, i++) {
    reader.push(bytes.subarray(at, at + chunks[i % chunks.length]!));
    while (reader.read(builder, limit) === limit);
  }
  reader.finish();
  while (reader.read(builder, limit) === limit);
  const batch = builder.finish();
  return {
    rows: comparable(Array.from({ length: batch.length }, (_, i) => batch.row(i))),
    rejected: reader.takeRejected(),
  };
}

/** Maps in the order of their keys: JSON objects do not keep the order of keys that look like integers. */
function comparable(rows: readonly (readonly Value[])[]): unknown[] {
  return rows.map((row) => row.map(sorted));
}

function sorted(value: Value): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!(value instanceof Map)) return value;
  const entries = [...(value as ReadonlyMap<Value, Value>)].map(([key, one]) => [sorted(key), sorted(one)]);
  return entries.toSorted((a, b) => (String(a[0]) < String(b[0]) ? -1 : 1));
}
