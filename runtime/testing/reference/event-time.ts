/** Watermarks of a sequence of rows, row by row: the oracle of operators/shared/event-time.ts. */
import { assert } from '../../core/errors.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { Value } from '../../core/types.ts';
import type { EventTimeConfig } from '../../operators/shared/event-time-config.ts';
import { isTimely, rowsOf, type ReferenceEvent, type ReferenceStream } from './streams.ts';

/** Rows read in this order by one subtask, with a watermark behind each row that moves it; in batch mode with none. */
export function timedSequence(
  schema: Schema,
  rows: readonly (readonly Value[])[],
  config: EventTimeConfig,
  isBatch: boolean,
): ReferenceStream {
  const field = fieldIndex(schema, config.field);
  const events: ReferenceEvent[] = [];
  let max = -Infinity;
  for (const values of rows) {
    const eventTime = values[field];
    assert(typeof eventTime === 'number', `a row without ${config.field}`);
    events.push({ type: 'row', values, eventTime });
    if (eventTime <= max) continue;
    max = eventTime;
    events.push({ type: 'watermark', watermark: max - config.maxOutOfOrdernessMs });
  }
  const exact: ReferenceStream = { schema, events, isOrdered: true, clock: 'exact' };
  if (isBatch) return { ...exact, events: rowsOf(exact), clock: 'still' };
  // An idle subtask is not waited for, so what is late depends on how fast others are.
  if (config.idleTimeoutMs > 0) return { ...exact, events: rowsOf(exact), clock: 'unknown' };
  if (config.perRow) return exact;
  // Watermarks that move once a batch are never ahead of those that move with each row.
  return { ...exact, events: rowsOf(exact), clock: isTimely(exact) ? 'timely' : 'unknown' };
}

/** Rows that come in any order, to any subtask. */
export function timedBag(
  schema: Schema,
  rows: readonly (readonly Value[])[],
  config: EventTimeConfig,
  isBatch: boolean,
): ReferenceStream {
  const { events } = timedSequence(schema, rows, { ...config, perRow: false, idleTimeoutMs: 0 }, isBatch);
  if (isBatch) return { schema, events, isOrdered: false, clock: 'still' };
  const times = events.map((event) => (event.type === 'row' ? event.eventTime : NaN));
  const isEver = config.idleTimeoutMs === 0 && Math.min(...times) > Math.max(...times) - config.maxOutOfOrdernessMs;
  return { schema, events, isOrdered: false, clock: isEver || rows.length === 0 ? 'timely' : 'unknown' };
}
