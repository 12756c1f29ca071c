/** The rows that the server refuses, kept as JSON until their text is mended; what is in that is sent in their place. */
import { BatchBuilder, type Batch, type ChangeKind } from '../../core/batch.ts';
import type { OperatorContext } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/utf8.ts';
import { createMessageReader, createRowWriter, type RowWriter } from '../../formats/index.ts';
import { KeptLetters } from '../shared/kept-letters.ts';
import type { RowRange } from '../shared/sinks/row-texts.ts';

/** A request has no lines: its rows are told apart by their text. */
const NO_LINE = 0;

type RefusedLetter = {
  readonly origin: string;
  readonly line: number;
  readonly reason: string;
  readonly raw: string;
  readonly again: number;
  /** In ms since the epoch; null where the stream has none. */
  readonly eventTime: number | null;
  readonly kind: ChangeKind;
};

/** What is sent in place of a row that was refused. */
export interface MendedRows {
  readonly batch: Batch;
  /** How often it was sent as it is. */
  readonly again: number;
}

export interface RefusedRow {
  readonly letter: RefusedLetter;
  readonly batch: Batch;
  readonly row: number;
}

export class RefusedRows {
  readonly letters: KeptLetters<RefusedLetter>;
  readonly #origin: string;
  readonly #schema: Schema;
  readonly #writer: RowWriter;

  /** `origin`: of the letters. */
  constructor(origin: string, schema: Schema, context: OperatorContext) {
    this.letters = new KeptLetters(context);
    this.#origin = origin;
    this.#schema = schema;
    this.#writer = createRowWriter({ format: 'jsonl', schema });
  }

  /**
   * The rows that are refused for good. One for which a mend stands is not, and comes by `takeMended`; but where the rows are `mended` ones all are: two
   * might mend each other for ever.
   */
  refuse({ batch, start, end }: RowRange, reason: string, mended: MendedRows | null): readonly RefusedRow[] {
    const refused: RefusedRow[] = [];
    for (let row = start; row < end; row++) {
      const time = batch.eventTimes?.[row] ?? NaN;
      const letter: RefusedLetter = {
        origin: this.#origin,
        line: NO_LINE,
        reason,
        raw: decodeUtf8(this.#writer.encode(batch, row, row + 1)).trimEnd(),
        again: mended?.again ?? 0,
        eventTime: Number.isNaN(time) ? null : time,
        kind: batch.kind(row),
      };
      if (mended === null && this.letters.isMended(letter)) this.letters.keepMended(letter);
      else refused.push({ letter, batch, row });
    }
    return refused;
  }

  /** What is in the mended texts of kept rows. A text that is no row is kept in place of the one it mends. */
  takeMended(): readonly MendedRows[] {
    return this.letters.takeMended().map(({ letter, text }) => {
      const reader = createMessageReader({ format: 'json', framing: 'document', schema: this.#schema });
      const read = new BatchBuilder(this.#schema);
      reader.start(encodeUtf8(text));
      reader.read(read, Infinity);
      for (const { reason, raw } of reader.takeRejected()) this.letters.keep({ ...letter, reason, raw });
      return { batch: asBefore(read.finish(), letter), again: letter.again };
    });
  }
}

/** The rows with the time and the change kind of the one they stand for. */
function asBefore(batch: Batch, { eventTime, kind }: RefusedLetter): Batch {
  const builder = new BatchBuilder(batch.schema);
  for (let row = 0; row < batch.length; row++) builder.appendRow(batch.row(row), eventTime ?? NaN, kind);
  return builder.finish();
}
