import { BatchBuilder, type Batch, MAX_BATCH_ROWS } from '../../core/batch.ts';
import type { Output } from '../../core/operator.ts';
import type { StreamShape } from '../../core/schema.ts';
import type { KeyedTable } from '../../core/state.ts';
import type { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';

/** Where results of windows of time go. */
export interface WindowResults {
  /** Results there is room for before a batch is full. */
  readonly room: number;
  /** Results of the entries `slots`, all for one window. */
  append(table: KeyedTable, group: AggregateGroup, slots: Int32Array, start: number, end: number): void;
  /** Results of the entries `slots`, each for its own window, whose number tells it from others of its key for as long as it lives. */
  appendEach(
    table: KeyedTable,
    group: AggregateGroup,
    slots: Int32Array,
    startOf: (slot: number) => number,
    endOf: (slot: number) => number,
    numberOf: (slot: number) => number,
  ): void;
  flush(): void;
}

/** Result rows: keys, window, aggregates; event time is the last millisecond of the window. */
export class ResultWriter implements WindowResults {
  readonly #builder: BatchBuilder;
  readonly #hasEventTime: boolean;
  readonly #keyCount: number;
  readonly #output: Output;

  constructor(shape: StreamShape, keyCount: number, output: Output) {
    this.#builder = new BatchBuilder(shape.schema);
    this.#hasEventTime = shape.eventTime;
    this.#keyCount = keyCount;
    this.#output = output;
  }

  /** Rows there is room for before a batch is full. */
  get room(): number {
    return Math.max(0, MAX_BATCH_ROWS - this.#builder.length);
  }

  append(table: KeyedTable, group: AggregateGroup, slots: Int32Array, start: number, end: number): void {
    this.appendEach(
      table,
      group,
      slots,
      () => start,
      () => end,
    );
  }

  appendEach(
    table: KeyedTable,
    group: AggregateGroup,
    slots: Int32Array,
    startOf: (slot: number) => number,
    endOf: (slot: number) => number,
  ): void {
    for (let from = 0; from < slots.length;) {
      if (this.room === 0) this.flush();
      const part = slots.subarray(from, from + this.room);
      from += part.length;
      this.#appendPart(table, group, part, startOf, endOf);
    }
  }

  #appendPart(
    table: KeyedTable,
    group: AggregateGroup,
    slots: Int32Array,
    startOf: (slot: number) => number,
    endOf: (slot: number) => number,
  ): void {
    const { columns } = this.#builder;
    table.appendKeys(slots, slots.length, columns.slice(0, this.#keyCount));
    group.append(slots, slots.length, columns, this.#keyCount + 2);
    for (const slot of slots) {
      const end = endOf(slot);
      columns[this.#keyCount]!.appendValue(startOf(slot));
      columns[this.#keyCount + 1]!.appendValue(end);
      this.#builder.endRow(this.#hasEventTime ? end - 1 : NaN);
    }
  }

  /** The results gathered, instead of sending them. */
  finish(): Batch {
    return this.#builder.finish();
  }

  flush(): void {
    if (this.#builder.length > 0) this.#output.emit(this.finish());
  }
}
