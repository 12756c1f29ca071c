/** The rows of a run that were seen last, with their values. */
import type { Batch } from '../core/batch.ts';
import { CHANGE_SIGNS } from '../core/batch.ts';
import { formatValue } from '../formats/index.ts';
import type { DebugRow, RowId } from '../protocol/debug.ts';
import type { RowOrigin } from './history.ts';

/** So many of the newest are kept, and as many of older ones that somebody has looked at. */
const MAX_ROWS = 20_000;

export class RowStore {
  readonly #batches = new Map<RowId, Batch>();

  add(id: RowId, batch: Batch): void {
    this.#batches.set(id, batch);
    this.#batches.delete(id - MAX_ROWS);
    if (this.#batches.size > 2 * MAX_ROWS) this.#batches.clear();
  }

  get(id: RowId): Batch | undefined {
    return this.#batches.get(id);
  }

  forgetFrom(id: RowId): void {
    for (const one of this.#batches.keys()) if (one >= id) this.#batches.delete(one);
  }
}

/** A batch of one row, as it is shown. */
export function viewRow(batch: Batch, { id, nodeId, port, subtask, moment }: Omit<RowOrigin, 'cause'>): DebugRow {
  const eventTime = batch.eventTimes?.[0] ?? NaN;
  return {
    id,
    nodeId,
    port,
    subtask,
    moment,
    values: batch.schema.fields.map(({ type }, i) => formatValue(type, batch.columns[i]!, 0)),
    eventTime: Number.isNaN(eventTime) ? null : eventTime,
    changeKind: CHANGE_SIGNS[batch.kind(0)],
  };
}
