/** By what rows rank. NULLs as the config says, NaN above all numbers, -0 as 0, FALSE before TRUE, text by code points. */
import type { Batch } from '../../core/batch.ts';
import type { OperatorContext } from '../../core/operator.ts';
import { field, type Schema } from '../../core/schema.ts';
import type { DataType, Value } from '../../core/types.ts';
import {
  compareBytes,
  compareText,
  compileKernel,
  type EvaluationContext,
  type Kernel,
} from '../../expression/index.ts';
import { evaluationContext, typedExpression } from '../shared/expressions.ts';
import type { RowValues } from '../shared/rows/row-values.ts';
import type { TopnConfig } from './spec.ts';

interface SortKey {
  /** Of the column in stored rows. */
  readonly index: number;
  readonly compare: (a: Value, b: Value) => number;
}

export class RowOrder {
  /** The fields of the input, then those that are computed to sort by: once, when the row comes. */
  readonly storedSchema: Schema;
  readonly #keys: readonly SortKey[];
  readonly #kernels: readonly Kernel[];
  readonly #context: EvaluationContext;

  constructor(orderBy: TopnConfig['orderBy'], input: Schema, context: OperatorContext) {
    const kernels: Kernel[] = [];
    const fields = [...input.fields];
    this.#keys = orderBy.map(({ expr, direction, nulls }) => {
      const expression = typedExpression(expr, input);
      const index = expression.node === 'column' ? expression.index : fields.length;
      if (expression.node !== 'column') {
        kernels.push(compileKernel(expression));
        fields.push(field(`sort${index}`, expression.type));
      }
      const isAscending = direction === 'asc';
      const nullsFirst = nulls === null ? isAscending : nulls === 'first';
      return { index, compare: comparator(expression.type, isAscending, nullsFirst) };
    });
    this.storedSchema = { fields };
    this.#kernels = kernels;
    this.#context = evaluationContext(context);
  }

  /** The batch with what is computed to sort by. */
  extend(batch: Batch): Batch {
    if (this.#kernels.length === 0) return batch;
    const computed = this.#kernels.map((kernel) => kernel(batch.columns, batch.length, this.#context));
    return batch.withColumns(this.storedSchema, [...batch.columns, ...computed]);
  }

  /** Negative when `a` ranks before `b`. */
  compare(a: RowValues, b: RowValues): number {
    for (const { index, compare } of this.#keys) {
      const order = compare(a.values[index]!, b.values[index]!);
      if (order !== 0) return order;
    }
    return 0;
  }

  /** As `compare`, with a row of an extended batch, of which only the cells to sort by are read. */
  compareCells(a: RowValues, batch: Batch, row: number): number {
    for (const { index, compare } of this.#keys) {
      const order = compare(a.values[index]!, batch.columns[index]!.value(row));
      if (order !== 0) return order;
    }
    return 0;
  }
}

function comparator(type: DataType, isAscending: boolean, nullsFirst: boolean): SortKey['compare'] {
  const present = presentComparator(type);
  const sign = isAscending ? 1 : -1;
  const nullSign = nullsFirst ? -1 : 1;
  return (a, b) => {
    if (a === null) return b === null ? 0 : nullSign;
    return b === null ? -nullSign : sign * present(a, b);
  };
}

function presentComparator(type: DataType): SortKey['compare'] {
  switch (type.kind) {
    case 'STRING':
      return (a, b) => compareText(a as string, b as string);
    case 'BYTES':
      return (a, b) => {
        const [x, y] = [a as Uint8Array, b as Uint8Array];
        return compareBytes(x, 0, x.length, y, 0, y.length);
      };
    case 'DOUBLE':
      return (a, b) => {
        const [x, y] = [a as number, b as number];
        return x < y ? -1 : x > y ? 1 : Number(x !== x) - Number(y !== y);
      };
    default:
      return (a, b) => (a! < b! ? -1 : a! > b! ? 1 : 0);
  }
}
