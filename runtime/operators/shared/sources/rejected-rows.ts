/**
 * What becomes of rows that a source cannot read. They go to the port `rejected`, and the newest are kept. A row with a mend is not rejected: its mended
 * text is read at the next poll.
 */
import { BatchBuilder } from '../../../core/batch.ts';
import { StreamError } from '../../../core/errors.ts';
import type { OperatorContext, Output } from '../../../core/operator.ts';
import { say } from '../../../core/say.ts';
import type { Schema } from '../../../core/schema.ts';
import { encodeUtf8 } from '../../../core/utf8.ts';
import { createMessageReader, type CsvLayout, type MessageOptions, type RejectedRow } from '../../../formats/index.ts';
import { KeptLetters } from '../kept-letters.ts';

const MAX_RAW_SHOWN = 200;

/** `layout`: where a CSV record has its cells, if a header said so. */
export type KeptLetter = {
  readonly origin: string;
  readonly line: number;
  readonly reason: string;
  readonly raw: string;
  readonly again: number;
  readonly layout: CsvLayout | null;
};

export interface RejectedRowsOptions {
  readonly onError: 'fail' | 'reject';
  /** Of the port, as `rejectedSchema` makes it. */
  readonly schema: Schema;
  /** Reads a mended text in place of a row, and emits what is in it; the rows of it that cannot be read. */
  readonly readAgain: (letter: KeptLetter, text: string) => readonly RejectedRow[];
}

export class RejectedRows {
  readonly letters: KeptLetters<KeptLetter>;
  readonly #options: RejectedRowsOptions;
  readonly #context: OperatorContext;
  readonly #output: Output;
  readonly #rows: BatchBuilder;
  #rejected = 0;

  constructor(options: RejectedRowsOptions, context: OperatorContext) {
    this.letters = new KeptLetters(context);
    this.#options = options;
    this.#context = context;
    this.#output = context.output('rejected');
    this.#rows = new BatchBuilder(options.schema);
  }

  open(): void {
    this.letters.open();
  }

  /**
   * Sends them to the port, or throws StreamError MR2103. `origin` is where they came from; `layout` how cells lie in their CSV records, null: as in the
   * schema.
   */
  take(origin: string, rejected: readonly RejectedRow[], layout: CsvLayout | null = null): void {
    for (const row of rejected) {
      const { line, reason, raw } = row;
      const letter = { origin, line, reason, raw, again: 0, layout };
      if (this.letters.isMended(letter)) this.letters.keepMended(letter);
      else this.#reject(letter);
    }
    if (this.#rows.length > 0) this.#output.emit(this.#rows.finish());
  }

  /** Reads the mended texts of kept rows; false when there are none. Ask at each poll, before all else. */
  readMended(): boolean {
    const mended = this.letters.takeMended();
    if (mended.length === 0) return false;
    for (const { letter, text } of mended) {
      // What is no better waits for a mend of its own, also if it has one: two might mend each other for ever.
      for (const row of this.#options.readAgain(letter, text)) {
        const { line, reason, raw } = row;
        this.#reject({ ...letter, line, reason, raw });
      }
    }
    if (this.#rows.length > 0) this.#output.emit(this.#rows.finish());
    return true;
  }

  snapshot(): void {
    this.letters.snapshot();
  }

  close(): void {
    if (this.#rejected === 0 || this.#output.isConnected) return;
    this.#context.log(
      'warn',
      `${this.#rejected} rows could not be read, and nothing is connected to "rejected": the latest are kept with the job's state`,
    );
  }

  #reject(letter: KeptLetter): void {
    const { origin, line, reason, raw } = letter;
    if (this.#options.onError === 'fail') throw unreadable(letter);
    this.#rejected++;
    this.#rows.appendRow([origin, BigInt(line), reason, raw]);
    this.letters.keep(letter);
  }
}

/** Appends what is in the text of a letter; the rows of it that cannot be read. */
export function readText(
  options: Pick<MessageOptions, 'format' | 'schema' | 'delimiter' | 'required'>,
  { line, layout }: KeptLetter,
  text: string,
  into: BatchBuilder,
): readonly RejectedRow[] {
  const reader = createMessageReader({ ...options, framing: 'document', header: false });
  reader.start(encodeUtf8(text), line, layout);
  reader.read(into, Infinity);
  return reader.takeRejected();
}

function unreadable({ origin, line, reason, raw }: KeptLetter): StreamError {
  const shown = raw.length > MAX_RAW_SHOWN ? `${raw.slice(0, MAX_RAW_SHOWN)}…` : raw;
  return new StreamError('MR2103', say`${origin}:${line}: ${reason}: ${shown}`, {
    domain: 'user',
    remedy: say`Mend the row or the schema, or send such rows to the port "rejected" with onError: "reject".`,
  });
}
