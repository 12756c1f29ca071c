/** The rows that leave a join: two that match side by side, or one beside NULLs. */
import { BatchBuilder, MAX_BATCH_ROWS } from '../../../core/batch.ts';
import type { OperatorContext, Output } from '../../../core/operator.ts';
import type { Schema } from '../../../core/schema.ts';
import type { Value } from '../../../core/types.ts';
import type { EvaluationContext, Predicate } from '../../../expression/index.ts';
import { evaluationContext } from '../expressions.ts';
import type { RowValues } from '../rows/row-values.ts';
import { joinPredicate } from './predicate.ts';

/** Conditions are checked on so many pairs at a time. */
const PAIRS = MAX_BATCH_ROWS;
const NO_TAIL: readonly Value[] = [];

export interface JoinedRowsOptions<R extends RowValues> {
  readonly left: Schema;
  readonly right: Schema;
  readonly out: Schema;
  readonly condition: string | null;
  /** Of every pair that matches, once it is known to; at the latest when `settle` has returned. */
  readonly onMatch: (left: R, right: R) => void;
}

/** Rows come out in the order in which they are added. With a condition, pairs are candidates until it is checked, many at once. */
export class JoinedRows<R extends RowValues> {
  /** Pairs and rows added; for the operator to set to 0. */
  added = 0;
  readonly #leftWidth: number;
  readonly #rightWidth: number;
  readonly #onMatch: (left: R, right: R) => void;
  readonly #predicate: Predicate | null;
  readonly #evaluation: EvaluationContext;
  readonly #output: Output;
  readonly #out: BatchBuilder;
  readonly #candidates: BatchBuilder;
  readonly #lefts: R[] = [];
  readonly #rights: R[] = [];
  readonly #selection = new Int32Array(PAIRS);

  constructor({ left, right, out, condition, onMatch }: JoinedRowsOptions<R>, context: OperatorContext) {
    this.#leftWidth = left.fields.length;
    this.#rightWidth = right.fields.length;
    this.#onMatch = onMatch;
    this.#predicate = condition === null ? null : joinPredicate(condition, left, right);
    this.#evaluation = evaluationContext(context);
    this.#output = context.output('out');
    this.#out = new BatchBuilder(out);
    this.#candidates = new BatchBuilder(out);
  }

  /** Two rows that may match but for the condition; `tail` are the cells behind both. */
  pair(left: R, right: R, eventTime: number, tail = NO_TAIL): void {
    this.added++;
    if (this.#predicate === null) {
      this.#onMatch(left, right);
      this.#append(this.#out, left, right, eventTime, tail);
      this.#emitFull();
      return;
    }
    this.#append(this.#candidates, left, right, eventTime, tail);
    this.#lefts.push(left);
    this.#rights.push(right);
    if (this.#lefts.length === PAIRS) this.settle();
  }

  /** A row of one side that nothing matches. */
  alone(left: R | null, right: R | null, eventTime: number, tail = NO_TAIL): void {
    this.settle();
    this.added++;
    this.#append(this.#out, left, right, eventTime, tail);
    this.#emitFull();
  }

  /** Checks the condition on all pairs so far. */
  settle(): void {
    const predicate = this.#predicate;
    if (predicate === null || this.#lefts.length === 0) return;
    const batch = this.#candidates.finish();
    const count = predicate(batch.columns, batch.length, this.#evaluation, this.#selection);
    for (let i = 0; i < count; i++)
      this.#onMatch(this.#lefts[this.#selection[i]!]!, this.#rights[this.#selection[i]!]!);
    this.#lefts.length = 0;
    this.#rights.length = 0;
    this.#out.appendRows(batch, this.#selection, count);
    this.#emitFull();
  }

  /** Sends what there is. */
  flush(): void {
    this.settle();
    if (this.#out.length > 0) this.#output.emit(this.#out.finish());
  }

  #emitFull(): void {
    if (this.#out.length >= MAX_BATCH_ROWS) this.#output.emit(this.#out.finish());
  }

  #append(builder: BatchBuilder, left: R | null, right: R | null, eventTime: number, tail: readonly Value[]): void {
    appendSide(builder, 0, this.#leftWidth, left);
    appendSide(builder, this.#leftWidth, this.#rightWidth, right);
    for (let i = 0; i < tail.length; i++)
      builder.columns[this.#leftWidth + this.#rightWidth + i]!.appendValue(tail[i]!);
    builder.endRow(eventTime);
  }
}

function appendSide(builder: BatchBuilder, at: number, width: number, row: RowValues | null): void {
  for (let i = 0; i < width; i++) {
    if (row === null) builder.columns[at + i]!.appendNull();
    else builder.columns[at + i]!.appendValue(row.values[i]!);
  }
}
