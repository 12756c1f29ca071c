/** Operators on whole streams that look at the rows before each: dedup, over. Null where the result depends on the interleaving. */
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { DedupConfig } from '../../operators/dedup/spec.ts';
import type { OverConfig } from '../../operators/over/spec.ts';
import { ReferenceDedup } from './dedup.ts';
import { ReferenceOver } from './over.ts';
import { clockOfAll, isTimely, rowsOf, type ReferenceRow, type ReferenceStream } from './streams.ts';
import { BY_ARRIVAL, withArguments } from './windows.ts';

/** The first row of each key: by event time, or as they come where that is known. */
export function firstOfKeys(input: ReferenceStream, { keys, keep, time }: DedupConfig): ReferenceStream | null {
  const isByEventTime = time === 'event';
  if (keep === 'last' || (isByEventTime ? !isTimely(input) : !input.isOrdered)) return null;
  const indices = keys.map((name) => fieldIndex(input.schema, name));
  const keyOf = ({ values }: Pick<ReferenceRow, 'values'>): string => indices.map((i) => String(values[i])).join(' | ');
  if (isByEventTime && hasTies(input, (row) => `${keyOf(row)} @${row.eventTime}`)) return null;
  const reference = new ReferenceDedup({ keep, time }, keyOf);
  const changes = [...rowsOf(input).flatMap((row) => reference.row(row) ?? []), ...reference.watermark(Infinity)];
  const events = changes.map(({ row }): ReferenceRow => ({ type: 'row', ...row }));
  return { schema: input.schema, events, isOrdered: false, clock: clockOfAll([input]) };
}

/** Results that the order of rows of one time changes cannot be known. */
export function overFrames(
  input: ReferenceStream,
  { partitionBy, frame, aggregates }: OverConfig,
  output: Schema,
): { out: ReferenceStream | null; late: ReferenceStream | null } {
  const keys = partitionBy.map((name) => fieldIndex(input.schema, name));
  const timeOf = (row: ReferenceRow): string =>
    [...keys.map((key) => String(row.values[key])), row.eventTime].join('|');
  const isByArrival = frame.type === 'rows' || aggregates.some(({ fn }) => BY_ARRIVAL.has(fn));
  if (!isTimely(input) || (isByArrival && hasTies(input, timeOf))) return { out: null, late: null };
  const { specs, extend } = withArguments(aggregates, input.schema);
  const reference = new ReferenceOver(frame, keys, specs);
  for (const row of rowsOf(input)) reference.row(extend(row), row.eventTime);
  const width = input.schema.fields.length;
  const events = reference.watermark(Infinity).map(({ values, eventTime }): ReferenceRow => {
    // Between them are the arguments.
    return {
      type: 'row',
      values: [...values.slice(0, width), ...values.slice(values.length - specs.length)],
      eventTime,
    };
  });
  const clock = clockOfAll([input]);
  return {
    out: { schema: output, events, isOrdered: false, clock },
    late: { schema: input.schema, events: [], isOrdered: false, clock },
  };
}

function hasTies(input: ReferenceStream, idOf: (row: ReferenceRow) => string): boolean {
  const ids = rowsOf(input).map(idOf);
  return new Set(ids).size < ids.length;
}
