/**
 * Windowed aggregation that keeps every row of every window and computes each result from scratch: the oracle of
 * operators/aggregate-window.
 */
import { isDeepStrictEqual } from 'node:util';
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE, type ChangeKind } from '../../core/batch.ts';
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
  readonly kind: ChangeKind;
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
  /** What has gone out for it, where results are updates. */
  sent: ReferenceResult | null;
}

/** Windows fire early: with every so many rows, and when told to. */
export interface ReferenceEarly {
  readonly count: number | null;
}

export class ReferenceWindowAggregate {
  readonly #window: ReferenceWindow;
  readonly #keys: readonly number[];
  readonly #aggregates: readonly ReferenceAggregate[];
  readonly #lateness: number;
  readonly #early: ReferenceEarly | null;
  #open: Pane[] = [];
  #watermark = -Infinity;
  #arrival = 0;

  constructor(
    window: ReferenceWindow,
    keys: readonly number[],
    aggregates: readonly ReferenceAggregate[],
    lateness: number,
    early: ReferenceEarly | null = null,
  ) {
    this.#window = window;
    this.#keys = keys;
    this.#aggregates = aggregates;
    this.#lateness = lateness;
    this.#early = early;
  }

  row(values: readonly Value[], eventTime: number): ReferenceOutput {
    const key = this.#keys.map((i) => values[i]!);
    const row = { values, arrival: this.#arrival++ };
    const panes = windowsOf(this.#window, eventTime)
      .map(([start, end]): Pane => ({ key, start, end, rows: [row], hasFired: false, sent: null }))
      .map((pane) => this.#merged(pane))
      .filter((pane) => pane.end - 1 + this.#lateness > this.#watermark);
    if (panes.length === 0) return { results: [], late: [values] };
    const results: ReferenceResult[] = [];
    for (const pane of panes) {
      const joined = this.#open.filter((other) => this.#isSame(other, pane));
      const gone = joined.flatMap(({ sent }) => (sent === null || sent === pane.sent ? [] : [sent]));
      results.push(...gone.map((sent): ReferenceResult => ({ ...sent, kind: DELETE })));
      this.#open = this.#open.filter((other) => !this.#isSame(other, pane));
      this.#open.push(pane);
      pane.hasFired = pane.end - 1 <= this.#watermark;
      const count = this.#early?.count ?? null;
      if (pane.hasFired || (count !== null && pane.rows.length % count === 0)) results.push(...this.#fire(pane));
    }
    return { results, late: [] };
  }

  /** With the rows of the windows it is one with. */
  #merged(pane: Pane): Pane {
    const others = this.#open.filter((other) => this.#isSame(other, pane));
    const all = [...others, pane];
    return {
      ...pane,
      start: Math.min(...all.map((one) => one.start)),
      end: Math.max(...all.map((one) => one.end)),
      rows: all.flatMap((one) => one.rows).sort((a, b) => a.arrival - b.arrival),
      sent: others.map((other) => other.sent).find((sent) => sent !== null) ?? null,
    };
  }

  /** Early results of all windows that have not fired. */
  fireEarly(): readonly ReferenceResult[] {
    return this.#open.filter((pane) => !pane.hasFired).flatMap((pane) => this.#fire(pane));
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
    const results = firing.flatMap((pane) => this.#fire(pane));
    this.#open = this.#open.filter((pane) => pane.end - 1 + this.#lateness > watermark);
    return results;
  }

  /** The window's result: in place of the one before where results are updates, and only if it is another. */
  #fire(pane: Pane): readonly ReferenceResult[] {
    const { sent } = pane;
    const result = this.#result(pane);
    if (this.#early === null || sent === null) {
      pane.sent = this.#early === null ? null : result;
      return [result];
    }
    if (isDeepStrictEqual(sent.values, result.values)) return [];
    pane.sent = result;
    return [
      { ...sent, kind: UPDATE_BEFORE },
      { ...result, kind: UPDATE_AFTER },
    ];
  }

  #result(pane: Pane): ReferenceResult {
    const rows = pane.rows.map((row) => row.values);
    return {
      values: [...pane.key, pane.start, pane.end, ...this.#aggregates.map((spec) => aggregate(spec, rows))],
      eventTime: pane.end - 1,
      kind: INSERT,
    };
  }
}

export function sameKey(a: Value, b: Value): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return Object.is(typeof a === 'number' ? a + 0 : a, typeof b === 'number' ? b + 0 : b);
}

/** Every window that holds an instant; a session is what one row alone would make. */
/** Every window that holds an instant. */
export function windowsOf(window: ReferenceWindow, time: number): [start: number, end: number][] {
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
