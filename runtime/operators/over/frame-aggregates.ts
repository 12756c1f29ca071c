/**
 * Aggregates over frames of rows that stand in order. A frame that only grows is added to; one that moves on is added up anew, since
 * most aggregates cannot take a row back: the cost of a row is the length of its frame, in loops over columns.
 */
import type { Batch } from '../../core/batch.ts';
import type { ColumnBuilder } from '../../core/column-builder.ts';
import type { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { ScratchEntry } from './scratch-entry.ts';

/** The only slot there is. */
const SLOT = new Int32Array(1);

export class FrameAggregates {
  readonly #group: AggregateGroup;
  readonly #entry: ScratchEntry;
  readonly #builders: readonly ColumnBuilder[];
  /** Zeros: the slot of each row. */
  #slots = new Int32Array(0);
  /** The frame in the entry. */
  #from = 0;
  #to = 0;

  /** Results go to `builders`, one for each aggregate. */
  constructor(group: AggregateGroup, builders: readonly ColumnBuilder[]) {
    this.#group = group;
    this.#entry = new ScratchEntry(group.columns);
    this.#builders = builders;
  }

  /** Takes the rows that frames are of. */
  load(batch: Batch): void {
    if (this.#slots.length < batch.length) this.#slots = new Int32Array(batch.length);
    this.#group.load(batch.columns, batch.length);
    this.#group.bind(this.#entry);
    this.#restart(0);
  }

  /** Appends the results over the rows `[from, to)`. */
  append(from: number, to: number): void {
    if (from !== this.#from || to < this.#to) this.#restart(from);
    this.#group.add(this.#slots, this.#to, to);
    this.#to = to;
    this.#group.append(SLOT, 1, this.#builders, 0);
  }

  #restart(from: number): void {
    this.#entry.clear();
    this.#from = from;
    this.#to = from;
  }
}
