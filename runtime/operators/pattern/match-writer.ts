import { Batch, BatchBuilder, MAX_BATCH_ROWS } from '../../core/batch.ts';
import type { Output } from '../../core/operator.ts';
import type { StreamShape } from '../../core/schema.ts';
import { compileKernel, type EvaluationContext, type Kernel } from '../../expression/index.ts';
import type { MatchView } from './match-state.ts';
import { compileNavigation, type Navigate } from './navigate.ts';
import type { MatchExpression } from './navigation.ts';

/** One row per match: the key, then the measures. Navigations are computed match by match, measures a batch at a time. */
export class MatchWriter {
  readonly #shape: StreamShape;
  readonly #keys: readonly number[];
  readonly #measures: readonly { readonly kernel: Kernel; readonly from: number; readonly to: number }[];
  readonly #navigates: readonly Navigate[];
  readonly #context: EvaluationContext;
  readonly #output: Output;
  /** Keys, then what each measure's navigations gave. */
  readonly #builder: BatchBuilder;

  /** `keys`: indices of the key's fields in the rows. */
  constructor(
    measures: readonly MatchExpression[],
    keys: readonly number[],
    shape: StreamShape,
    output: Output,
    context: EvaluationContext,
  ) {
    this.#shape = shape;
    this.#keys = keys;
    this.#output = output;
    this.#context = context;
    this.#navigates = measures.flatMap(({ navigations }) => navigations.map((one) => compileNavigation(one, context)));
    let to = keys.length;
    this.#measures = measures.map(({ expression, fields }) => {
      const from = to;
      to += fields.length;
      return { kernel: compileKernel(expression), from, to };
    });
    const fields = [...shape.schema.fields.slice(0, keys.length), ...measures.flatMap((measure) => measure.fields)];
    this.#builder = new BatchBuilder({ fields });
  }

  append(match: MatchView, eventTime: number): void {
    if (!this.#output.isConnected) return;
    const { values } = match.rows[match.start]!;
    this.#builder.appendRow(
      [...this.#keys.map((i) => values[i]!), ...this.#navigates.map((navigate) => navigate(match))],
      eventTime,
    );
    if (this.#builder.length >= MAX_BATCH_ROWS) this.flush();
  }

  flush(): void {
    if (this.#builder.length === 0) return;
    const { columns, length, eventTimes } = this.#builder.finish();
    const results = this.#measures.map(({ kernel, from, to }) =>
      kernel(columns.slice(from, to), length, this.#context),
    );
    const { schema } = this.#shape;
    this.#output.emit(new Batch(schema, length, [...columns.slice(0, this.#keys.length), ...results], eventTimes));
  }
}
