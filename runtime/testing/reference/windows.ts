/** A window aggregate over a whole stream. Where what is late depends on the interleaving, only that no row is lost or counted twice. */
import { fieldIndex, type Schema } from '../../core/schema.ts';
import { BOOLEAN } from '../../core/types.ts';
import { firesEarly, type AggregateWindowConfig } from '../../operators/aggregate-window/spec.ts';
import { isCountWindow } from '../../operators/aggregate-window/window-config.ts';
import type { ReferenceAggregate } from './aggregates.ts';
import { rowFunction, typeOf } from './row-operators.ts';
import { rowsOf, type ReferenceRow, type ReferenceStream } from './streams.ts';
import { ReferenceWindowAggregate, type ReferenceResult } from './window-aggregate.ts';

export interface ReferenceWindows {
  /** Null when it cannot be known. */
  readonly out: ReferenceStream | null;
  readonly late: ReferenceStream | null;
}

/** Their results depend on the order of arrival. */
export const BY_ARRIVAL = new Set<string>(['FIRST_VALUE', 'LAST_VALUE', 'LISTAGG', 'COLLECT']);

export function aggregateWindows(
  input: ReferenceStream,
  config: AggregateWindowConfig,
  output: Schema,
): ReferenceWindows {
  const { window, aggregates, allowedLateness } = config;
  const isByArrival = aggregates.some(({ fn }) => BY_ARRIVAL.has(fn));
  if (
    // Which rows are together, or which results go out, depends on the interleaving.
    isCountWindow(window) ||
    firesEarly(config) ||
    window.time === 'processing' ||
    input.clock === 'unknown' ||
    (isByArrival && !input.isOrdered) ||
    (input.clock === 'timely' && mayMissByAHair(input, config))
  ) {
    return { out: null, late: null };
  }
  const { specs, extend } = withArguments(config.aggregates, input.schema);
  const keys = config.groupBy.map((name) => fieldIndex(input.schema, name));
  const model = new ReferenceWindowAggregate(window, keys, specs, allowedLateness);
  const results: ReferenceResult[] = [];
  const late: ReferenceRow[] = [];
  let firedLate = false;
  for (const event of input.events) {
    if (event.type === 'watermark') {
      results.push(...model.watermark(event.watermark));
      continue;
    }
    const made = model.row(extend(event), event.eventTime);
    if (made.late.length > 0) late.push(event);
    firedLate ||= made.results.length > 0;
    results.push(...made.results);
  }
  results.push(...model.watermark(Infinity));
  return {
    out: {
      schema: output,
      events: results.map(({ values, eventTime }) => ({ type: 'row', values, eventTime })),
      isOrdered: false,
      clock: firedLate ? 'unknown' : input.clock === 'still' ? 'still' : 'timely',
    },
    late: { schema: input.schema, events: late, isOrdered: false, clock: late.length === 0 ? 'timely' : 'unknown' },
  };
}

/**
 * A row at the very end of a session joins it if it comes before the session has fired, and else founds the next one. It is in time
 * either way: the watermark that fires the session is still a millisecond behind it.
 */
function mayMissByAHair(input: ReferenceStream, { window, groupBy }: AggregateWindowConfig): boolean {
  if (window.type !== 'session') return false;
  const keys = groupBy.map((name) => fieldIndex(input.schema, name));
  const times = new Set<string>();
  const idOf = (row: ReferenceRow, time: number): string =>
    JSON.stringify([...keys.map((key) => String(row.values[key])), time]);
  for (const row of rowsOf(input)) times.add(idOf(row, row.eventTime));
  return rowsOf(input).some((row) => times.has(idOf(row, row.eventTime + window.gap)));
}

/** Arguments of the aggregates become fields behind those of the row. */
export function withArguments(
  aggregates: AggregateWindowConfig['aggregates'],
  schema: Schema,
): { specs: ReferenceAggregate[]; extend: (row: ReferenceRow) => ReferenceRow['values'] } {
  const isAll = (expr: string): boolean => expr === '*';
  const values = aggregates.map(({ expr }) => (isAll(expr) ? () => null : rowFunction(expr, schema)));
  const specs = aggregates.map(({ fn, expr, distinct, filter, percentile, separator }, i): ReferenceAggregate => {
    const holds = filter === null ? null : rowFunction(filter, schema);
    return {
      fn,
      type: isAll(expr) ? BOOLEAN : typeOf(expr, schema),
      field: isAll(expr) ? null : schema.fields.length + i,
      distinct,
      filter: holds === null ? null : (row) => holds(row) === true,
      percentile,
      separator,
    };
  });
  return { specs, extend: (row) => [...row.values, ...values.map((value) => value(row.values))] };
}

/** Every row is in just so many windows, or late. */
export interface Conservation {
  readonly windowsPerRow: number;
  readonly mayBeLate: boolean;
  /** Field of the results that counts their rows. */
  readonly countField: string;
  readonly groupBy: readonly string[];
  readonly rows: readonly ReferenceRow[];
  readonly schema: Schema;
}

/** What can be said of results that depend on the interleaving; null when even that cannot. */
export function conservationOf(input: ReferenceStream, config: AggregateWindowConfig): Conservation | null {
  const { window, allowedLateness, groupBy, aggregates } = config;
  const countField = aggregates.find(({ expr, filter }) => expr === '*' && filter === null)?.as;
  if (countField === undefined || isCountWindow(window) || firesEarly(config)) return null;
  const common = { groupBy, countField, mayBeLate: window.time === 'event', rows: rowsOf(input), schema: input.schema };
  if (window.type === 'cumulative') return null;
  // A hopping window may count a row that others before it had no time for.
  if (window.time === 'event' && (allowedLateness > 0 || window.type === 'hopping')) return null;
  return { ...common, windowsPerRow: window.type === 'hopping' ? window.size / window.slide : 1 };
}
