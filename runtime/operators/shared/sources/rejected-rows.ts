/**
 * What becomes of rows that a source cannot read. They go to the port `rejected`, and the newest are kept in state. A row with a mend is not rejected:
 * its mended text is read at the next poll. It leaves what is kept in the same step in which its rows are emitted, between two barriers: exactly once.
 */
import { BatchBuilder } from '../../../core/batch.ts';
import { letterKey, type DeadLetter, type DeadLetters, type Mend } from '../../../core/dead-letters.ts';
import { StreamError } from '../../../core/errors.ts';
import type { OperatorContext, Output } from '../../../core/operator.ts';
import { say } from '../../../core/say.ts';
import type { Schema } from '../../../core/schema.ts';
import type { ListState } from '../../../core/state.ts';
import { encodeUtf8 } from '../../../core/utf8.ts';
import { createMessageReader, type CsvLayout, type MessageOptions, type RejectedRow } from '../../../formats/index.ts';

const MAX_RAW_SHOWN = 200;
/** What a subtask keeps: enough to look into what is wrong, little enough for every checkpoint. Beyond it the oldest are let go. */
const MAX_KEPT = 1000;
const MAX_KEPT_CHARACTERS = 1024 * 1024;

/** `layout`: where a CSV record has its cells, if a header said so. */
export type KeptLetter = DeadLetter & { readonly layout: CsvLayout | null };
type LetterState = {
  readonly origin: string;
  readonly line: number;
  readonly reason: string;
  readonly raw: string;
  readonly layout: CsvLayout | null;
};

export interface RejectedRowsOptions {
  readonly onError: 'fail' | 'reject';
  /** Of the port, as `rejectedSchema` makes it. */
  readonly schema: Schema;
  /** Reads a mended text in place of a row, and emits what is in it; the rows of it that cannot be read. */
  readonly readAgain: (letter: KeptLetter, text: string) => readonly RejectedRow[];
}

export class RejectedRows implements DeadLetters {
  version = 0;
  lost = 0;
  readonly #options: RejectedRowsOptions;
  readonly #context: OperatorContext;
  readonly #output: Output;
  readonly #rows: BatchBuilder;
  readonly #state: ListState<LetterState>;
  #kept: KeptLetter[] = [];
  #characters = 0;
  #rejected = 0;
  /** By `letterKey`. */
  #mends: ReadonlyMap<string, string> = new Map();
  /** A kept row may have a mend. */
  #hasMended = false;

  constructor(options: RejectedRowsOptions, context: OperatorContext) {
    this.#options = options;
    this.#context = context;
    this.#output = context.output('rejected');
    this.#rows = new BatchBuilder(options.schema);
    this.#state = context.state.list<LetterState>('rejected', 'split');
  }

  open(): void {
    for (const letter of this.#state.get()) this.#keep(letter);
  }

  get kept(): readonly DeadLetter[] {
    return this.#kept;
  }

  mend(mends: readonly Mend[]): void {
    // One that changes nothing would be read for ever.
    this.#mends = new Map(mends.filter(({ raw, text }) => raw !== text).map((mend) => [letterKey(mend), mend.text]));
    this.#hasMended = this.#kept.some((letter) => this.#isMended(letter));
  }

  /**
   * Sends them to the port, or throws StreamError MR2103. `origin` is where they came from; `layout` how cells lie in their CSV records, null: as in the
   * schema.
   */
  take(origin: string, rejected: readonly RejectedRow[], layout: CsvLayout | null = null): void {
    for (const row of rejected) {
      const { line, reason, raw } = row;
      const letter = { origin, line, reason, raw, layout };
      if (this.#isMended(letter)) this.#hasMended = true;
      else if (this.#options.onError === 'fail') throw unreadable(origin, row);
      else this.#reject(letter);
      this.#keep(letter);
    }
    if (this.#rows.length > 0) this.#output.emit(this.#rows.finish());
  }

  /** Reads the mended texts of kept rows; false when there are none. Ask at each poll, before all else. */
  readMended(): boolean {
    if (!this.#hasMended) return false;
    this.#hasMended = false;
    const mended = this.#kept.filter((letter) => this.#isMended(letter));
    this.#letGo((letter) => !this.#isMended(letter));
    for (const letter of mended) {
      for (const { line, reason, raw } of this.#options.readAgain(letter, this.#mends.get(letterKey(letter))!)) {
        this.#rejectMended({ ...letter, line, reason, raw });
      }
    }
    if (this.#rows.length > 0) this.#output.emit(this.#rows.finish());
    return true;
  }

  snapshot(): void {
    this.#state.set(this.#kept);
  }

  close(): void {
    if (this.#rejected === 0 || this.#output.isConnected) return;
    this.#context.log(
      'warn',
      `${this.#rejected} rows could not be read, and nothing is connected to "rejected": the latest are kept with the job's state`,
    );
  }

  #isMended(letter: KeptLetter): boolean {
    return this.#mends.size > 0 && this.#mends.has(letterKey(letter));
  }

  #reject(letter: KeptLetter): void {
    const { origin, line, reason, raw } = letter;
    this.#rejected++;
    this.#rows.appendRow([origin, BigInt(line), reason, raw]);
  }

  /** The mended text is no better. It waits for a mend of its own, also if it has one: two might mend each other for ever. */
  #rejectMended(letter: KeptLetter): void {
    if (this.#options.onError === 'fail') throw unreadable(letter.origin, letter);
    this.#reject(letter);
    this.#keep(letter);
  }

  #keep(letter: KeptLetter): void {
    this.#kept.push(letter);
    this.#characters += letter.raw.length;
    this.version++;
    if (this.#kept.length > 2 * MAX_KEPT || this.#characters > 2 * MAX_KEPT_CHARACTERS) this.#makeRoom();
  }

  /** At twice the bound, so that a source of nothing but bad rows does not move all that is kept for each of them. */
  #makeRoom(): void {
    let rows = this.#kept.length;
    let characters = this.#characters;
    const before = rows;
    this.#letGo((letter) => {
      if ((rows <= MAX_KEPT && characters <= MAX_KEPT_CHARACTERS) || this.#isMended(letter)) return true;
      rows--;
      characters -= letter.raw.length;
      return false;
    });
    this.lost += before - this.#kept.length;
  }

  #letGo(isKept: (letter: KeptLetter) => boolean): void {
    this.#kept = this.#kept.filter(isKept);
    this.#characters = this.#kept.reduce((sum, { raw }) => sum + raw.length, 0);
    this.version++;
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

function unreadable(origin: string, { line, reason, raw }: Pick<RejectedRow, 'line' | 'reason' | 'raw'>): StreamError {
  const shown = raw.length > MAX_RAW_SHOWN ? `${raw.slice(0, MAX_RAW_SHOWN)}…` : raw;
  return new StreamError('MR2103', `${origin}:${line}: ${reason}: ${shown}`, {
    domain: 'user',
    remedy: say`Mend the row or the schema, or send such rows to the port "rejected" with onError: "reject".`,
  });
}
