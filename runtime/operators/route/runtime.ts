import type { Batch } from '../../core/batch.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Output } from '../../core/operator.ts';
import { BOOLEAN } from '../../core/types.ts';
import { compilePredicate, type EvaluationContext, type Predicate } from '../../expression/index.ts';
import { evaluationContext, typedExpression } from '../shared/expressions.ts';
import { OTHERWISE, type RouteConfig } from './spec.ts';

export const createRoute: OperatorFactory<RouteConfig> = (plan, context) => new RouteOperator(plan, context);

interface Case {
  readonly fits: Predicate;
  /** Index into the outputs. */
  readonly port: number;
}

class RouteOperator implements Operator {
  /** `otherwise` first. */
  readonly #outputs: readonly Output[];
  readonly #cases: readonly Case[];
  readonly #context: EvaluationContext;
  /** Scratch: the output of each row, and rows selected. */
  #portOf = new Int32Array(0);
  #selection = new Int32Array(0);

  constructor(plan: OperatorPlan<RouteConfig>, context: OperatorContext) {
    const { schema } = plan.inputs[0]!.shape;
    const ports = [...new Set([OTHERWISE, ...plan.config.cases.map(({ port }) => port)])];
    this.#outputs = ports.map((port) => context.output(port));
    this.#cases = plan.config.cases.map(({ port, condition }) => ({
      fits: compilePredicate(typedExpression(condition, schema, BOOLEAN)),
      port: ports.indexOf(port),
    }));
    this.#context = evaluationContext(context);
  }

  processBatch(batch: Batch): void {
    this.#reserve(batch.length);
    if (!this.#assignAll(batch)) this.#assignInTurn(batch);
    for (let port = 0; port < this.#outputs.length; port++) this.#emit(batch, port);
  }

  #reserve(rows: number): void {
    if (this.#portOf.length >= rows) return;
    this.#portOf = new Int32Array(rows);
    this.#selection = new Int32Array(rows);
  }

  /**
   * Every case over every row, the last case first, so that earlier ones overrule it. False when a condition cannot be
   * computed for some row: an earlier case may be there to keep such rows away from it.
   */
  #assignAll(batch: Batch): boolean {
    this.#portOf.fill(0, 0, batch.length);
    try {
      for (let i = this.#cases.length - 1; i >= 0; i--) {
        const { fits, port } = this.#cases[i]!;
        const count = fits(batch.columns, batch.length, this.#context, this.#selection);
        for (let s = 0; s < count; s++) this.#portOf[this.#selection[s]!] = port;
      }
      return true;
    } catch {
      return false;
    }
  }

  /** Each case only over the rows that the cases before it have left, at the price of copying those. */
  #assignInTurn(batch: Batch): void {
    this.#portOf.fill(0, 0, batch.length);
    let left = batch;
    let rows = Int32Array.from({ length: batch.length }, (_, row) => row);
    for (const { fits, port } of this.#cases) {
      const count = fits(left.columns, left.length, this.#context, this.#selection);
      const fitting = new Set(this.#selection.subarray(0, count));
      for (const index of fitting) this.#portOf[rows[index]!] = port;
      const rest = Int32Array.from(rows.keys()).filter((index) => !fitting.has(index));
      left = left.take(rest, rest.length);
      rows = rest.map((index) => rows[index]!);
    }
  }

  #emit(batch: Batch, port: number): void {
    const output = this.#outputs[port]!;
    if (!output.isConnected) return;
    let count = 0;
    for (let row = 0; row < batch.length; row++) {
      if (this.#portOf[row] === port) this.#selection[count++] = row;
    }
    if (count > 0) output.emit(batch.take(this.#selection, count));
  }
}
