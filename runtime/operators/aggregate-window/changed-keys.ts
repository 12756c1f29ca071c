import { BatchBuilder, MAX_BATCH_ROWS } from '../../core/batch.ts';
import type { Column } from '../../core/column.ts';
import type { OperatorContext } from '../../core/operator.ts';
import type { KeyedTable } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import { removeNamespaces } from './remove-namespaces.ts';

/** Keys looked at in one go: their results, two rows each, fit a batch. */
const KEYS_AT_ONCE = MAX_BATCH_ROWS / 2;

export interface SomeKeys {
  readonly keys: readonly Column[];
  readonly count: number;
}

/**
 * Keys whose windows have changed since early results went out, and when the next ones are due: so long after the first change. They
 * outlive a restart; the wait begins anew then.
 */
export class ChangedKeys {
  readonly #everyMs: number;
  readonly #keys: readonly Field[];
  readonly #context: OperatorContext;
  readonly #table: KeyedTable;
  #dueAt = Infinity;
  #slots = new Int32Array(0);

  /** `namespaced`: keys are marked within panes. */
  constructor(everyMs: number, keys: readonly Field[], namespaced: boolean, context: OperatorContext) {
    this.#everyMs = everyMs;
    this.#keys = keys;
    this.#context = context;
    this.#table = context.state.table({ name: 'changed', keys, namespaced, columns: [] });
  }

  /** After a restore there may be some. */
  open(): void {
    if (this.#table.size > 0) this.#setTimer();
  }

  mark(keys: readonly Column[], count: number, panes: Float64Array | null): void {
    if (this.#slots.length < count) this.#slots = new Int32Array(count);
    this.#table.slots(keys, count, panes, this.#slots);
    if (this.#dueAt === Infinity) this.#setTimer();
  }

  #setTimer(): void {
    this.#dueAt = this.#context.clock.now() + this.#everyMs;
    this.#context.setTimer(this.#dueAt);
  }

  isDue(now: number): boolean {
    return this.#dueAt <= now;
  }

  /** All that were marked have been taken. */
  done(): void {
    this.#dueAt = Infinity;
  }

  /** Panes that are over need no early results. See `removeNamespaces`. */
  forget(isOver: (pane: number) => boolean, max: number): number {
    return removeNamespaces(this.#table, isOver, max);
  }

  panes(): readonly number[] {
    return this.#table.namespaces();
  }

  /** Some of a pane's keys, which then are no longer marked; null when there are none. */
  take(pane: number): SomeKeys | null {
    const slots = this.#table.scan(pane).next(KEYS_AT_ONCE);
    if (slots.length === 0) return null;
    const { columns } = new BatchBuilder({ fields: this.#keys }, slots.length);
    this.#table.appendKeys(slots, slots.length, columns);
    for (const slot of slots) this.#table.remove(slot);
    return { keys: columns.map((column) => column.finish()), count: slots.length };
  }
}
