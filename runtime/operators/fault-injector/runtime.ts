/**
 * All faults look at the rows as they came. Errors come first; then fields are corrupted, rows dropped and doubled; what is left goes out,
 * up to each delay.
 */
import { BatchBuilder, type Batch } from '../../core/batch.ts';
import { StreamError } from '../../core/errors.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Pending } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex, type Schema } from '../../core/schema.ts';
import type { ListState } from '../../core/state.ts';
import { HeldRows } from '../shared/held-rows.ts';
import { corrupted } from './corrupted.ts';
import { numbersRows, type Fault, type FaultInjectorConfig } from './spec.ts';
import { triggerOf, type Trigger } from './triggers.ts';

/** Rows named in a line of the log. */
const NAMED_ROWS = 10;

interface PlannedFault {
  readonly fault: Fault;
  readonly trigger: Trigger;
}

/** So many rows may go, and then none for so long. */
interface Stop {
  rowsBefore: number;
  readonly ms: number;
}

export const createFaultInjector: OperatorFactory<FaultInjectorConfig> = (plan, context) =>
  new FaultInjectorOperator(plan, context);

class FaultInjectorOperator implements Operator {
  readonly #schema: Schema;
  readonly #context: OperatorContext;
  readonly #faults: readonly PlannedFault[];
  readonly #held: HeldRows;
  readonly #stops: Stop[] = [];
  /** Where rows are numbered: how many have come in all. */
  readonly #numbers: ListState<number> | null;
  #come: number;
  /** Since this attempt began: what errors go by, so that a job that starts again gets further. */
  #comeSinceStart = 0;
  #failsAt = Infinity;
  #copies = new Uint8Array(0);

  constructor({ config, inputs }: OperatorPlan<FaultInjectorConfig>, context: OperatorContext) {
    const { schema, changelog } = inputs[0]!.shape;
    this.#schema = schema;
    this.#context = context;
    this.#held = new HeldRows(context, context.output('out'));
    this.#faults = config.faults.map((fault, nth) => ({
      fault,
      trigger: triggerOf(fault, schema, { seed: config.seed, nth, hasUpdates: changelog === 'update' }, context),
    }));
    this.#numbers = numbersRows(config) ? context.state.list<number>('rows', 'split') : null;
    this.#come = this.#numbers?.get().reduce((sum, rows) => sum + rows, 0) ?? 0;
  }

  open(): void {
    for (const { fault } of this.#faults) {
      if (fault.type === 'error' && fault.when.type === 'time') {
        this.#failsAt = Math.min(this.#failsAt, this.#context.clock.now() + fault.when.after);
      }
    }
    if (this.#failsAt < Infinity) this.#context.setTimer(this.#failsAt);
  }

  onTimer(at: number): void {
    if (at >= this.#failsAt) this.#fail(say`the time has come`);
  }

  processBatch(batch: Batch): void {
    const { length } = batch;
    if (length === 0) return;
    this.#throwErrors(batch);
    const first = this.#come + 1;
    this.#come += length;
    this.#comeSinceStart += length;
    if (this.#copies.length < length) this.#copies = new Uint8Array(length);
    const copies = this.#copies.fill(1, 0, length);
    const delays: Stop[] = [];
    let columns = batch.columns;
    for (const { fault, trigger } of this.#faults) {
      if (fault.type === 'error') continue;
      const rows = trigger(batch, first);
      if (rows.length === 0) continue;
      this.#log(fault.type, rows, first);
      switch (fault.type) {
        case 'drop':
          for (const row of rows) copies[row] = 0;
          break;
        case 'duplicate':
          for (const row of rows) if (copies[row]! > 0) copies[row]!++;
          break;
        case 'corrupt': {
          const at = fieldIndex(this.#schema, fault.field);
          columns = columns.with(at, corrupted(columns[at]!, length, rows, fault.into));
          break;
        }
        case 'delay':
          delays.push(...rows.map((row) => ({ rowsBefore: row, ms: fault.by })));
      }
    }
    this.#addStops(delays);
    this.#held.add(this.#copied(columns === batch.columns ? batch : batch.withColumns(this.#schema, columns)));
    if (!this.#held.isWaiting) this.#release();
  }

  #throwErrors(batch: Batch): void {
    for (const { fault, trigger } of this.#faults) {
      if (fault.type !== 'error') continue;
      const [row] = trigger(batch, this.#comeSinceStart + 1);
      if (row !== undefined) this.#fail(say`row ${this.#comeSinceStart + row + 1} since the start`);
    }
  }

  #fail(why: string): never {
    this.#context.log('warn', `fault injected: error: ${why}`);
    throw new StreamError('MR2130', say`an error on purpose: ${why}`, {
      remedy: say`Take the error out of the faults of the fault injector.`,
    });
  }

  #log(what: Fault['type'], rows: readonly number[], first: number): void {
    const named = rows.slice(0, NAMED_ROWS).map((row) => row + first);
    const more = rows.length > named.length ? say` and ${rows.length - named.length} more` : '';
    const noun = rows.length === 1 ? 'row' : 'rows';
    this.#context.log('warn', `fault injected: ${what}: ${noun} ${named.join(', ')}${more}`);
  }

  /** Delays of rows of the batch at hand become delays of what goes out; the first that is not reached yet is counted from what has gone. */
  #addStops(delays: readonly Stop[]): void {
    let row = 0;
    let rows = this.#held.count - this.#stops.reduce((sum, { rowsBefore }) => sum + rowsBefore, 0);
    for (const { rowsBefore, ms } of delays.toSorted((a, b) => a.rowsBefore - b.rowsBefore)) {
      for (; row < rowsBefore; row++) rows += this.#copies[row]!;
      if (this.#copies[row] === 0) continue;
      this.#stops.push({ rowsBefore: rows, ms });
      rows = 0;
    }
  }

  /** Each row as often as it is to go out. */
  #copied(batch: Batch): Batch {
    const copies = this.#copies.subarray(0, batch.length);
    if (copies.every((count) => count === 1)) return batch;
    const indices: number[] = [];
    copies.forEach((count, row) => {
      for (let i = 0; i < count; i++) indices.push(row);
    });
    const builder = new BatchBuilder(batch.schema, indices.length);
    builder.appendRows(batch, Int32Array.from(indices), indices.length);
    return builder.finish();
  }

  #release(): void {
    const [stop] = this.#stops;
    if (stop === undefined) {
      this.#held.release(this.#held.count);
      return;
    }
    this.#held.release(stop.rowsBefore);
    this.#stops.shift();
    this.#held.wait(stop.ms);
  }

  pending(): Pending {
    return this.#held.pending;
  }

  onWake(): void {
    if (this.#held.takeWake()) this.#release();
  }

  snapshot(): void {
    this.#numbers?.set([this.#come]);
  }
}
