/** The rows of a run that were seen last, with their values. */
import type { Batch } from '../core/batch.ts';
import { CHANGE_SIGNS } from '../core/batch.ts';
import { formatValue } from '../formats/index.ts';
import type { DebugRow, RowId } from '../protocol/debug.ts';
import type { RowOrigin } from './history.ts';

/** So many places; a power of two. */
const PLACES = 1 << 15;

/** Each row has its place by its id, and gives it up to the next that comes there. */
export class RowStore {
  readonly #ids = new Int32Array(PLACES);
  readonly #batches = new Array<Batch | undefined>(PLACES);

  add(id: RowId, batch: Batch): void {
    const place = id & (PLACES - 1);
    this.#ids[place] = id;
    this.#batches[place] = batch;
  }

  get(id: RowId): Batch | undefined {
    const place = id & (PLACES - 1);
    return this.#ids[place] === id ? this.#batches[place] : undefined;
  }

  forgetFrom(id: RowId): void {
    for (let place = 0; place < PLACES; place++) if (this.#ids[place]! >= id) this.#ids[place] = 0;
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
