/**
 * Windowed aggregation that keeps every row of every window and computes each result from scratch: the oracle of
 * operators/aggregate-window.
 */
import type { Value } from '../../core/types.ts';
import { aggregate, type ReferenceAggregate } from './aggregates.ts';

export type ReferenceWindow =
  | { readonly type: 'tumbling'; readonly size: number; readonly offset: number }
  | { readonly type: 'hopping'; readonly size: number; readonly slide: number; readonly offset: number }
  | { readonly type: 'cumulative'; readonly size: number; readonly step: number; readonly offset: number }
  | { readonly type: 'session'; readonly gap: number };

export interface ReferenceResult {
  /** Keys, window start and end, aggregates. */
  readonly values: readonly Value[];
  readonly eventTime: number;
}

export interface ReferenceOutput {
  readonly results: readonly ReferenceResult[];
  readonly late: readonly (readonly Value[])[];
}

interface Pane {
  readonly key: readonly Value[];
  start: number;
  end: number;
  rows: { readonly values: readonly Value[]; readonly arrival: number }[];
  hasFired: boolean;
}

export class ReferenceWindowAggregate {
  readonly #window: ReferenceWindow;
  readonly #keys: readonly number[];
  readonly #aggregates: readonly ReferenceAggregate[];
  readonly #lateness: number;
  #open: Pane[] = [];
  #watermark = -Infinity;
  #arrival = 0;

  constructor(
    window: ReferenceWindow,
    keys: readonly number[],
    aggregates: readonly ReferenceAggregate[],
    lateness: number,
  ) {
    this.#window = window;
    this.#keys = keys;
    this.#aggregates = aggregates;
    this.#lateness = lateness;
  }

  row(values: readonly Value[], eventTime: number): ReferenceOutput {
    const key = this.#keys.map((i) => values[i]!);
    const row = { values, arrival: this.#arrival++ };
    const panes = windowsOf(this.#window, eventTime)
      .map(([start, end]): Pane => ({ key, start, end, rows: [row], hasFired: false }))
      .map((pane) => this.#merged(pane))
      .filter((pane) => pane.end - 1 + this.#lateness > this.#watermark);
    if (panes.length === 0) return { results: [], late: [values] };
    for (const pane of panes) {
      this.#open = this.#open.filter((other) => !this.#isSame(other, pane));
      this.#open.push(pane);
      pane.hasFired = pane.end - 1 <= this.#watermark;
    }
    return { results: panes.filter((pane) => pane.hasFired).map((pane) => this.#result(pane)), late: [] };
  }

  /** With the rows of the windows it is one with. */
  #merged(pane: Pane): Pane {
    const all = [...this.#open.filter((other) => this.#isSame(other, pane)), pane];
    return {
      ...pane,
      start: Math.min(...all.map((one) => one.start)),
      end: Math.max(...all.map((one) => one.end)),
      rows: all.flatMap((one) => one.rows).sort((a, b) => a.arrival - b.arrival),
    };
  }

  #isSame(a: Pane, b: Pane): boolean {
    if (!a.key.every((value, i) => sameKey(value, b.key[i]!))) return false;
    return this.#window.type === 'session'
      ? a.start <= b.end && b.start <= a.end
      : a.start === b.start && a.end === b.end;
  }

  watermark(watermark: number): readonly ReferenceResult[] {
    this.#watermark = watermark;
    const firing = this.#open
      .filter((pane) => !pane.hasFired && pane.end - 1 <= watermark)
      .sort((a, b) => a.end - b.end);
    for (const pane of firing) pane.hasFired = true;
    const results = firing.map((pane) => this.#result(pane));
    this.#open = this.#open.filter((pane) => pane.end - 1 + this.#lateness > watermark);
    return results;
  }

  #result(pane: Pane): ReferenceResult {
    const rows = pane.rows.map((row) => row.values);
    return {
      values: [...pane.key, pane.start, pane.end, ...this.#aggregates.map((spec) => aggregate(spec, rows))],
      eventTime: pane.end - 1,
    };
  }
}

function sameKey(a: Value, b: Value): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return Object.is(typeof a === 'number' ? a + 0 : a, typeof b === 'number' ? b + 0 : b);
}

/** Every window that holds an instant; a session is what one row alone would make. */
function windowsOf(window: ReferenceWindow, time: number): [start: number, end: number][] {
  const found: [number, number][] = [];
  if (window.type === 'session') return [[time, time + window.gap]];
  const { size, offset } = window;
  const from = Math.floor((time - offset) / size) * size + offset;
  switch (window.type) {
    case 'tumbling':
      return [[from, from + size]];
    case 'hopping':
      for (let start = from - size; start <= time; start += window.slide) {
        if (start <= time && time < start + size) found.push([start, start + size]);
      }
      return found;
    case 'cumulative':
      for (let end = from + window.step; end <= from + size; end += window.step) {
        if (time < end) found.push([from, end]);
      }
      return found;
  }
}
