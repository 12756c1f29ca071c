/** What becomes of rows that a source cannot read. */
import { BatchBuilder } from '../../../core/batch.ts';
import { StreamError } from '../../../core/errors.ts';
import type { OperatorContext, Output } from '../../../core/operator.ts';
import type { Schema } from '../../../core/schema.ts';
import type { RejectedRow } from '../../../formats/index.ts';

const MAX_RAW_SHOWN = 200;

export class RejectedRows {
  readonly #onError: 'fail' | 'reject';
  readonly #context: OperatorContext;
  readonly #output: Output;
  readonly #rows: BatchBuilder;
  #dropped = 0;

  /** `schema`: as `rejectedSchema` makes it. */
  constructor(onError: 'fail' | 'reject', schema: Schema, context: OperatorContext) {
    this.#onError = onError;
    this.#context = context;
    this.#output = context.output('rejected');
    this.#rows = new BatchBuilder(schema);
  }

  /** Sends them to the port, or throws StreamError MR2103. `origin` is where they came from. */
  take(origin: string, rejected: readonly RejectedRow[]): void {
    if (rejected.length === 0) return;
    if (this.#onError === 'fail') throw unreadable(origin, rejected[0]!);
    if (!this.#output.isConnected) {
      this.#dropped += rejected.length;
      return;
    }
    for (const { line, reason, raw } of rejected) this.#rows.appendRow([origin, BigInt(line), reason, raw]);
    this.#output.emit(this.#rows.finish());
  }

  close(): void {
    if (this.#dropped > 0) {
      this.#context.log(
        'warn',
        `${this.#dropped} rows could not be read and went nowhere: nothing is connected to "rejected"`,
      );
    }
  }
}

function unreadable(origin: string, { line, reason, raw }: RejectedRow): StreamError {
  const shown = raw.length > MAX_RAW_SHOWN ? `${raw.slice(0, MAX_RAW_SHOWN)}…` : raw;
  return new StreamError('MR2103', `${origin}:${line}: ${reason}: ${shown}`, {
    domain: 'user',
    remedy: 'Mend the row or the schema, or send such rows to the port "rejected" with onError: "reject".',
  });
}
