/** Windows of time that give results before they fire: with every so many rows, so often by the clock, or both. */
import type { Column } from '../../core/column.ts';
import type { OperatorContext } from '../../core/operator.ts';
import type { Field } from '../../core/types.ts';
import { firstEndAfter, type AlignedWindows } from './aligned-windows.ts';
import { ChangedKeys } from './changed-keys.ts';
import type { ChangelogResults } from './changelog-results.ts';
import { EarlyCounts, type RowFiring } from './early-counts.ts';
import type { EventClock } from './event-clock.ts';
import type { KeyFirings } from './key-firings.ts';
import type { AggregateWindowConfig } from './spec.ts';

const NONE: readonly RowFiring[] = [];

export class EarlyFirings {
  readonly #windows: AlignedWindows;
  readonly #latenessMs: number;
  readonly #clock: EventClock;
  readonly #results: ChangelogResults;
  readonly #firings: KeyFirings;
  readonly #counts: EarlyCounts | null;
  readonly #changed: ChangedKeys | null;
  /** Early results on their way out. */
  #work: Generator<undefined, void, undefined> | null = null;

  constructor(
    { emitEarlyCount, emitEarlyEvery, allowedLateness }: AggregateWindowConfig,
    windows: AlignedWindows,
    keys: readonly Field[],
    clock: EventClock,
    results: ChangelogResults,
    firings: KeyFirings,
    context: OperatorContext,
  ) {
    this.#windows = windows;
    this.#latenessMs = clock.isProcessingTime ? 0 : allowedLateness;
    this.#clock = clock;
    this.#results = results;
    this.#firings = firings;
    // In batch mode nothing fires before the end.
    const counts = context.hasProgress ? emitEarlyCount : null;
    const everyMs = context.hasProgress ? emitEarlyEvery : null;
    this.#counts = counts === null ? null : new EarlyCounts(counts, windows, keys, context.state);
    this.#changed = everyMs === null ? null : new ChangedKeys(everyMs, keys, true, context);
  }

  get isUnderWay(): boolean {
    return this.#work !== null;
  }

  open(): void {
    this.#changed?.open();
  }

  /** Takes note of rows that are about to be added; returns what fires with them. */
  add(keys: readonly Column[], count: number, panes: Float64Array): readonly RowFiring[] {
    this.#changed?.mark(keys, count, panes);
    return this.#counts?.add(keys, count, panes, this.#clock.watermark + 1) ?? NONE;
  }

  /** Gives the results that are due by the clock, a part of them; true when there is more. */
  fireSome(now: number): boolean {
    if (this.#changed === null || !this.#changed.isDue(now)) return false;
    this.#work ??= this.#fireChanged(this.#changed);
    if (this.#work.next().done === true) {
      this.#work = null;
      this.#changed.done();
    }
    this.#results.flush();
    return this.#work !== null;
  }

  *#fireChanged(changed: ChangedKeys): Generator<undefined, void, undefined> {
    const { paneMs, lastEnd, startOf } = this.#windows;
    for (const pane of changed.panes()) {
      for (let some = changed.take(pane); some !== null; some = changed.take(pane)) {
        for (
          let end = firstEndAfter(this.#windows, pane, this.#clock.watermark + 1);
          end <= lastEnd(pane);
          end += paneMs
        ) {
          this.#firings.fireAllEarly(some.keys, some.count, startOf(end), end);
          yield;
        }
      }
    }
  }

  /** Forgets what is kept for windows that can change no more, about `max` entries; returns how many, fewer when none are left. */
  forgetOver(max: number): number {
    const fired = this.#clock.watermark + 1;
    const counts = this.#counts?.forgetUpTo(fired, max) ?? 0;
    const results = this.#results.forgetUpTo(fired - this.#latenessMs, max - counts);
    const isOver = (pane: number): boolean => this.#windows.lastEnd(pane) <= fired;
    return counts + results + (this.#changed?.forget(isOver, max - counts - results) ?? 0);
  }
}
