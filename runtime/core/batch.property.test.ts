import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyRow, anySchema } from '../testing/arbitraries.ts';
import { BatchBuilder, batchOf, type Batch } from './batch.ts';
import type { Schema } from './schema.ts';
import type { Value } from './types.ts';
import { decodeBatch, encodeBatch } from './wire-batch.ts';

const anyRows = anySchema(5, 2).chain((schema) =>
  fc.record({ schema: fc.constant(schema), rows: fc.array(anyRow(schema), { maxLength: 30 }) }),
);

function rowsOf(batch: Batch): Value[][] {
  return Array.from({ length: batch.length }, (_, i) => batch.row(i));
}

function check(property: (sample: { schema: Schema; rows: (readonly Value[])[] }) => void): void {
  fc.assert(fc.property(anyRows, property), { seed: 7, numRuns: 300 });
}

describe('a batch', () => {
  it('gives back the values it was built from', () => {
    check(({ schema, rows }) => {
      expect(rowsOf(batchOf(schema, rows))).toEqual(rows);
    });
  });

  it('is the same after a trip over the wire', () => {
    check(({ schema, rows }) => {
      const sent = batchOf(
        schema,
        rows,
        rows.map((_, i) => 1000 + i),
      );
      const received = decodeBatch(schema, encodeBatch(sent));
      expect(rowsOf(received)).toEqual(rows);
      expect(received.eventTimes?.[rows.length - 1]).toEqual(rows.length === 0 ? undefined : 999 + rows.length);
    });
  });

  it('takes any selection of rows, nulls included', () => {
    check(({ schema, rows }) => {
      const chosen = rows.flatMap((_, i) => (i % 3 === 1 ? [] : [i]));
      const taken = batchOf(schema, rows).take(Int32Array.from(chosen), chosen.length);
      expect(rowsOf(taken)).toEqual(chosen.map((i) => rows[i]));
    });
  });

  it('keeps apart rows with an event time and rows without', () => {
    const builder = new BatchBuilder({ fields: [] });
    for (const time of [NaN, 5, NaN]) builder.appendRow([], time);
    expect([...builder.finish().eventTimes!.subarray(0, 3)]).toEqual([NaN, 5, NaN]);
  });

  it('grows from ranges of other batches, and starts empty again after each', () => {
    check(({ schema, rows }) => {
      const source = batchOf(schema, rows);
      const half = rows.length >> 1;
      const builder = new BatchBuilder(schema, 1);
      builder.appendRange(source, half, rows.length);
      builder.appendRange(source, 0, half);
      expect(rowsOf(builder.finish())).toEqual([...rows.slice(half), ...rows.slice(0, half)]);
      builder.appendRange(source, 0, half);
      expect(rowsOf(builder.finish())).toEqual(rows.slice(0, half));
    });
  });
});
