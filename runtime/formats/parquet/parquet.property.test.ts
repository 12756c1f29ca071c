import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { batchOf, BatchBuilder } from '../../core/batch.ts';
import type { Schema } from '../../core/schema.ts';
import type { Value } from '../../core/types.ts';
import { anyRow, anySchema } from '../../testing/arbitraries.ts';
import { bytesSource } from '../../testing/bytes-source.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { ParquetEncoder } from './parquet-encoder.ts';
import { ParquetReader, type ParquetPosition } from './parquet-reader.ts';
import { parquetProblem } from './parquet-schema.ts';

const anyTable = anySchema(5, 3)
  .filter((schema) => parquetProblem(schema) === null)
  .chain((schema) =>
    fc.record({
      schema: fc.constant(schema),
      rows: fc.array(anyRow(schema), { maxLength: 20 }),
      rowGroupRows: fc.integer({ min: 1, max: 8 }),
      /** Where rows come in batches. */
      cut: fc.nat({ max: 20 }),
    }),
  );

describe('parquet', () => {
  it('reads what it wrote, however it is cut, and goes on from any position', () => {
    fc.assert(
      fc.property(anyTable, fc.integer({ min: 1, max: 9 }), ({ schema, rows, rowGroupRows, cut }, limit) => {
        const encoder = new ParquetEncoder(schema, rowGroupRows);
        const batch = batchOf(schema, rows);
        const middle = Math.min(cut, rows.length);
        const bytes = joined([
          encoder.header,
          encoder.encode(batch, 0, middle),
          encoder.encode(batch, middle, rows.length),
          encoder.finish(),
        ]);
        expect(readAll(bytes, schema, limit)).toEqual(rows.map(comparable));
      }),
      propertyRuns(300),
    );
  });

  it('goes on behind a footer, in the same process and in the next one', () => {
    fc.assert(
      fc.property(anyTable, fc.boolean(), ({ schema, rows, rowGroupRows, cut }, isNewProcess) => {
        const batch = batchOf(schema, rows);
        const middle = Math.min(cut, rows.length);
        const first = new ParquetEncoder(schema, rowGroupRows);
        const before = joined([first.header, first.encode(batch, 0, middle), first.finish()]);
        expect(readAll(before, schema, 3)).toEqual(rows.slice(0, middle).map(comparable));
        const second = isNewProcess ? new ParquetEncoder(schema, rowGroupRows) : first;
        if (isNewProcess) second.continueFrom(bytesSource(before), 'f');
        const after = joined([before, second.encode(batch, middle, rows.length), second.finish()]);
        expect(readAll(after, schema, 3)).toEqual(rows.map(comparable));
      }),
      propertyRuns(100),
    );
  });
});

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** All rows, each batch by a new reader from the position of the one before. */
function readAll(bytes: Uint8Array, schema: Schema, limit: number): unknown[] {
  const rows: unknown[] = [];
  let position: ParquetPosition = { rowGroup: 0, row: 0 };
  for (;;) {
    const reader = new ParquetReader(bytesSource(bytes), 'f', schema, position);
    if (reader.isDone) return rows;
    const into = new BatchBuilder(schema);
    reader.read(into, limit);
    const batch = into.finish();
    for (let i = 0; i < batch.length; i++) rows.push(comparable(batch.row(i)));
    position = JSON.parse(JSON.stringify(reader.position)) as ParquetPosition;
  }
}

/** Maps as lists of entries; -0 stays what it is. */
function comparable(value: Value | readonly Value[]): unknown {
  if (value instanceof Map) return [...value].map((entry) => entry.map(comparable));
  return Array.isArray(value) ? value.map(comparable) : value;
}
