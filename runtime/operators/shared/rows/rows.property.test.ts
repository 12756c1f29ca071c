import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatchBuilder, batchOf, type Batch } from '../../../core/batch.ts';
import { columnOf } from '../../../core/column-builder.ts';
import { keyGroupRange } from '../../../core/hash.ts';
import { field } from '../../../core/schema.ts';
import type { Json } from '../../../core/state.ts';
import { INT } from '../../../core/types.ts';
import { createStateBackend } from '../../../engine/state/index.ts';
import { anyRow, anySchema } from '../../../testing/arbitraries.ts';
import { propertyRuns } from '../../../testing/property-runs.ts';
import { rowCodec, rowValues } from './row-values.ts';
import { StoredRows } from './stored-rows.ts';

const someBatches = anySchema(40, 2).chain((schema) =>
  fc
    .array(fc.tuple(anyRow(schema), fc.oneof(fc.constant(NaN), fc.integer())), { minLength: 1, maxLength: 10 })
    .map((rows) =>
      batchOf(
        schema,
        rows.map(([row]) => row),
        rows.map(([, time]) => time),
      ),
    ),
);

/** A batch put into a table's slots, and read out of them again. */
function throughTable(batch: Batch): Batch {
  const state = createStateBackend('memory', {
    keyGroups: keyGroupRange(0, 1),
    subtask: 0,
    parallelism: 1,
    restored: [],
    onMismatch: 'refuse',
    now: () => 0,
  });
  const rows = new StoredRows(batch.schema);
  const table = state.table({ name: 'rows', keys: [field('n', INT)], namespaced: false, columns: rows.columns });
  const slots = new Int32Array(batch.length);
  const numbers = Array.from(slots, (_, i) => i);
  table.slots([columnOf(INT, numbers)], batch.length, null, slots);
  rows.bind(table);
  // Twice, backwards: what was in a slot before must not show.
  for (const row of numbers) rows.set(slots[batch.length - 1 - row]!, batch, row);
  for (const row of numbers) rows.set(slots[row]!, batch, row);
  const builder = new BatchBuilder(batch.schema, batch.length);
  for (const slot of slots) {
    rows.append(slot, builder);
    builder.endRow(rows.eventTimeOf(slot));
  }
  return builder.finish();
}

describe('rows in state', () => {
  it('come out of a table as they went in', () => {
    fc.assert(
      fc.property(someBatches, (batch) => {
        const out = throughTable(batch);
        for (let row = 0; row < batch.length; row++) expect(rowValues(out, row)).toEqual(rowValues(batch, row));
      }),
      propertyRuns(200),
    );
  });

  it('survive JSON as values', () => {
    fc.assert(
      fc.property(someBatches, (batch) => {
        const codec = rowCodec(batch.schema);
        for (let row = 0; row < batch.length; row++) {
          const values = rowValues(batch, row);
          expect(codec.fromJson(JSON.parse(JSON.stringify(codec.toJson(values))) as Json)).toEqual(values);
        }
      }),
      propertyRuns(200),
    );
  });
});
