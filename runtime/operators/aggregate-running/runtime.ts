/**
 * GROUP BY without a window: one entry for each group, and for each row what its group's result was and is. Rows are worked off in
 * runs without two of the same group, so that aggregates see many rows at a time; results are gathered as columns and the rows
 * that go out chosen among them.
 */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE, type Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan } from '../../core/operator.ts';
import { fieldIndex } from '../../core/schema.ts';
import type { KeyedTable } from '../../core/state.ts';
import { AggregateGroup } from '../shared/aggregates/aggregate-group.ts';
import { ttlOf } from '../shared/state-ttl.ts';
import { ChangeWriter } from './change-writer.ts';
import { createSigned } from './create-signed.ts';
import { Signs } from './signs.ts';
import type { AggregateRunningConfig } from './spec.ts';

export const createAggregateRunning: OperatorFactory<AggregateRunningConfig> = (plan, context) =>
  new RunningAggregateOperator(plan, context);

/** Rows in a group: how many were added less those taken back. */
const ROWS = 'rows';
/** In place of a result's index: the group has none; it has not been seen in the batch at hand. */
const NONE = -1;
const UNSEEN = -2;

class RunningAggregateOperator implements Operator {
  readonly #keyIndices: readonly number[];
  readonly #group: AggregateGroup;
  readonly #table: KeyedTable;
  readonly #changes: ChangeWriter;
  readonly #signs = new Signs();
  /** Whether results that stay the same go out: where state is forgotten, they keep that of others alive, as in Flink. */
  readonly #repeats: boolean;
  #rowCounts: Float64Array = new Float64Array(0);
  #slots = new Int32Array(0);
  /** By row: its group's result before and after it. */
  #before = new Int32Array(0);
  #after = new Int32Array(0);
  /** By slot: its latest result. Everything is UNSEEN between batches. */
  #resultOf = new Int32Array(0);

  constructor({ config, inputs, outputs }: OperatorPlan<AggregateRunningConfig>, context: OperatorContext) {
    const { schema, changelog } = inputs[0]!.shape;
    this.#keyIndices = config.groupBy.map((name) => fieldIndex(schema, name));
    this.#group =
      changelog === 'append'
        ? new AggregateGroup(config.aggregates, schema, context)
        : new AggregateGroup(config.aggregates, schema, context, (item, type) => createSigned(item, type, this.#signs));
    const ttl = ttlOf(config.stateTtl);
    this.#table = context.state.table({
      name: 'groups',
      keys: this.#keyIndices.map((i) => schema.fields[i]!),
      namespaced: false,
      columns: [{ name: ROWS, type: 'f64' }, ...this.#group.columns],
      ...ttl,
    });
    this.#repeats = ttl.ttl !== undefined;
    this.#changes = new ChangeWriter(outputs.out!.schema, this.#keyIndices.length, context.output('out'));
  }

  processBatch(batch: Batch): void {
    const count = batch.length;
    if (count === 0) return;
    this.#open(batch);
    this.#appendKnown(count);
    for (let from = 0; from < count;) from = this.#addRun(from, count);
    this.#emit(count);
    this.#close(count);
  }

  #open(batch: Batch): void {
    const count = batch.length;
    if (this.#slots.length < count) {
      this.#slots = new Int32Array(count);
      this.#before = new Int32Array(count);
      this.#after = new Int32Array(count);
    }
    const keys = this.#keyIndices.map((i) => batch.columns[i]!);
    this.#table.slots(keys, count, null, this.#slots);
    this.#rowCounts = this.#table.f64(ROWS);
    this.#group.bind(this.#table);
    this.#group.load(batch.columns, count);
    this.#signs.load(batch.changeKinds);
    if (this.#resultOf.length < this.#rowCounts.length) {
      this.#resultOf = new Int32Array(this.#rowCounts.length).fill(UNSEEN);
    }
  }

  /** What the batch's groups had come to before it. */
  #appendKnown(count: number): void {
    const known = new Int32Array(count);
    let length = 0;
    for (let row = 0; row < count; row++) {
      const slot = this.#slots[row]!;
      if (this.#resultOf[slot] !== UNSEEN) continue;
      const isNew = this.#rowCounts[slot] === 0;
      this.#resultOf[slot] = isNew ? NONE : length;
      if (!isNew) known[length++] = slot;
    }
    this.#changes.appendResults(this.#table, this.#group, known.subarray(0, length));
  }

  /** Adds rows from `from` on until a group comes again; returns where the next run begins. */
  #addRun(from: number, count: number): number {
    const base = this.#changes.length;
    let to = from;
    for (; to < count; to++) {
      const slot = this.#slots[to]!;
      const before = this.#resultOf[slot]!;
      if (before >= base) break;
      const isRetraction = this.#signs.isRetraction(to);
      if (isRetraction && before === NONE) {
        // Nothing is there to be taken back (it may have been forgotten).
        if (to > from) break;
        this.#before[to] = NONE;
        this.#after[to] = NONE;
        return to + 1;
      }
      this.#before[to] = before;
      this.#resultOf[slot] = this.#after[to] = base + to - from;
      this.#rowCounts[slot]! += isRetraction ? -1 : 1;
    }
    this.#group.add(this.#slots, from, to);
    this.#changes.appendResults(this.#table, this.#group, this.#slots.subarray(from, to));
    for (let row = from; row < to; row++) if (this.#rowCounts[this.#slots[row]!] === 0) this.#clear(row);
    return to;
  }

  /** The group's last row was taken back: another begins from nothing. */
  #clear(row: number): void {
    const slot = this.#slots[row]!;
    this.#after[row] = NONE;
    this.#resultOf[slot] = NONE;
    for (const { name, type } of this.#group.columns) {
      if (type === 'object') this.#table.objects(name)[slot] = undefined;
      else if (type === 'i64') this.#table.i64(name)[slot] = 0n;
      else if (type === 'i32') this.#table.i32(name)[slot] = 0;
      else this.#table.f64(name)[slot] = 0;
    }
  }

  #emit(count: number): void {
    this.#changes.begin();
    for (let row = 0; row < count; row++) {
      const before = this.#before[row]!;
      const after = this.#after[row]!;
      if (before === NONE && after === NONE) continue;
      if (before === NONE) this.#changes.add(after, INSERT);
      else if (after === NONE) this.#changes.add(before, DELETE);
      else if (this.#repeats || !this.#changes.isSame(before, after)) {
        this.#changes.add(before, UPDATE_BEFORE);
        this.#changes.add(after, UPDATE_AFTER);
      }
    }
    this.#changes.flush();
  }

  /** Groups without rows go. */
  #close(count: number): void {
    for (let row = 0; row < count; row++) {
      const slot = this.#slots[row]!;
      if (this.#resultOf[slot] === NONE) this.#table.remove(slot);
      this.#resultOf[slot] = UNSEEN;
    }
  }

  snapshot(): void {
    this.#group.snapshot();
  }
}
