import type { Batch } from '../../core/batch.ts';
import type { OperatorContext } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import { isHashable, RowDraws } from '../shared/row-hash.ts';
import type { Fault } from './spec.ts';

/** Rows of a batch that a fault happens to, ascending; row 0 of the batch is number `first`. */
export type Trigger = (batch: Batch, first: number) => readonly number[];

const NONE: readonly number[] = [];

export interface TriggerOptions {
  readonly seed: number;
  /** Of the faults: each draws other rows. */
  readonly nth: number;
  /** A row that is taken back need not have the time that it came with. */
  readonly hasUpdates: boolean;
}

export function triggerOf(
  { type, when }: Fault,
  schema: Schema,
  { seed, nth, hasUpdates }: TriggerOptions,
  context: OperatorContext,
): Trigger {
  switch (when.type) {
    case 'row': {
      const { row } = when;
      return (batch, first) => (row >= first && row < first + batch.length ? [row - first] : NONE);
    }
    case 'probability': {
      const { probability } = when;
      // Drawn anew each time, so that a job that starts again does not fail at the same row for ever.
      if (type === 'error') return (batch) => rowsWhere(batch.length, () => context.random() < probability);
      const all = schema.fields.flatMap((field, i) => (isHashable(field) ? [i] : []));
      const draws = new RowDraws(all, !hasUpdates, seed + 0x1000 * nth);
      return (batch) => {
        const drawn = draws.draw(batch);
        return rowsWhere(batch.length, (row) => drawn[row]! < probability);
      };
    }
    case 'time':
      // By a timer.
      return () => NONE;
  }
}

function rowsWhere(length: number, isHit: (row: number) => boolean): readonly number[] {
  const rows: number[] = [];
  for (let row = 0; row < length; row++) if (isHit(row)) rows.push(row);
  return rows;
}
