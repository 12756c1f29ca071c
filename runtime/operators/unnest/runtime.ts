import { Batch, BatchBuilder, MAX_BATCH_ROWS } from '../../core/batch.ts';
import { columnBuilder, type ColumnBuilder } from '../../core/column-builder.ts';
import { Column } from '../../core/column.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Output } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import type { DataType } from '../../core/types.ts';
import { compileKernel, type EvaluationContext, type Kernel } from '../../expression/index.ts';
import { evaluationContext, typedExpression } from '../shared/expressions.ts';
import type { UnnestConfig } from './spec.ts';

export const createUnnest: OperatorFactory<UnnestConfig> = (plan, context) => new UnnestOperator(plan, context);

/** Stands for "no element" among element indexes: a row kept by `outer`. */
const NONE = -1;

class UnnestOperator implements Operator {
  readonly #arrays: Kernel;
  readonly #isOuter: boolean;
  readonly #schema: Schema;
  readonly #elementType: DataType;
  readonly #context: EvaluationContext;
  readonly #out: Output;
  /** The next output rows: which input row each repeats, and which element it gets. */
  readonly #rows = new Int32Array(MAX_BATCH_ROWS);
  readonly #elements = new Int32Array(MAX_BATCH_ROWS);
  #count = 0;
  #hasNone = false;
  readonly #repeated: BatchBuilder;
  readonly #picked: ColumnBuilder;

  constructor(plan: OperatorPlan<UnnestConfig>, context: OperatorContext) {
    const input = plan.inputs[0]!.shape.schema;
    this.#arrays = compileKernel(typedExpression(plan.config.expr, input));
    this.#isOuter = plan.config.outer;
    this.#schema = plan.outputs.out!.schema;
    this.#elementType = this.#schema.fields.at(-1)!.type;
    this.#repeated = new BatchBuilder(input);
    this.#picked = columnBuilder(this.#elementType);
    this.#context = evaluationContext(context);
    this.#out = context.output('out');
  }

  processBatch(batch: Batch): void {
    const arrays = this.#arrays(batch.columns, batch.length, this.#context);
    const elements = this.#elementsOf(arrays);
    const offsets = arrays.offsets!;
    for (let row = 0; row < batch.length; row++) {
      // A NULL array may have elements below it that mean nothing.
      const end = arrays.isNull(row) ? 0 : offsets[row + 1]!;
      const start = arrays.isNull(row) ? 0 : offsets[row]!;
      if (start === end && this.#isOuter) {
        this.#hasNone = true;
        this.#add(batch, elements, row, NONE);
      }
      for (let element = start; element < end; element++) this.#add(batch, elements, row, element);
    }
    this.#flush(batch, elements);
  }

  /** The column of all elements; a map's entries are rows of a key and a value. */
  #elementsOf(arrays: Column): Column {
    const [first, second] = arrays.children;
    if (second === undefined) return first!;
    return new Column(this.#elementType, first!.length, null, new Uint8Array(0), null, arrays.children);
  }

  #add(batch: Batch, elements: Column, row: number, element: number): void {
    this.#rows[this.#count] = row;
    this.#elements[this.#count] = element;
    if (++this.#count === MAX_BATCH_ROWS) this.#flush(batch, elements);
  }

  #flush(batch: Batch, elements: Column): void {
    if (this.#count === 0) return;
    this.#repeated.appendRows(batch, this.#rows, this.#count);
    const { columns, length, eventTimes, changeKinds } = this.#repeated.finish();
    this.#out.emit(new Batch(this.#schema, length, [...columns, this.#pick(elements)], eventTimes, changeKinds));
    this.#count = 0;
  }

  #pick(elements: Column): Column {
    if (!this.#hasNone) this.#picked.appendRows(elements, this.#elements, this.#count);
    else {
      this.#hasNone = false;
      for (let i = 0; i < this.#count; i++) {
        const element = this.#elements[i]!;
        if (element === NONE) this.#picked.appendNull();
        else this.#picked.appendRange(elements, element, element + 1);
      }
    }
    return this.#picked.finish();
  }
}
