/**
 * Messages that came in and are not rows yet. They are part of the checkpoint, for the other side will not send them again. When it is
 * full, the connections they come from are held up until half of it is read.
 */
import { parseBase64, printBase64 } from '../../../core/base64.ts';
import { BatchBuilder } from '../../../core/batch.ts';
import type { DeadLetters } from '../../../core/dead-letters.ts';
import type { Connection } from '../../../core/network-io.ts';
import type { OperatorContext, OperatorPlan } from '../../../core/operator.ts';
import type { ListState } from '../../../core/state.ts';
import { decodeUtf8 } from '../../../core/utf8.ts';
import { createMessageReader, type MessageOptions, type MessageReader } from '../../../formats/index.ts';
import { requiredByTime, type MessageSourceConfig } from './message-config.ts';
import { rejectedMessages } from './rejected-messages.ts';
import type { RejectedRows } from './rejected-rows.ts';
import { TimedOutput } from './timed-output.ts';

/** Beyond it the other side is held up. Each checkpoint holds what is in here, so it is not larger than needed to keep a job busy. */
const MAX_BYTES = 1024 * 1024;

/** Who sends: lines are counted on. */
export interface Sender {
  readonly name: string;
  /** Number of the line that its next message begins with. */
  line: number;
}

interface Message {
  readonly from: Sender;
  readonly bytes: Uint8Array;
  /** Why it is no row, whatever it holds; null when it is to be read. */
  readonly problem: string | null;
  /** Rows of it that were emitted before. */
  readonly rowsRead: number;
}

type MessageState = {
  readonly from: string;
  readonly line: number;
  readonly bytes: string;
  readonly problem: string | null;
  readonly rowsRead: number;
};

export class Inbox {
  readonly #plan: OperatorPlan<MessageSourceConfig>;
  readonly #context: OperatorContext;
  readonly #reader: MessageReader;
  readonly #rows: BatchBuilder;
  readonly #rejected: RejectedRows;
  readonly #out: TimedOutput;
  readonly #state: ListState<MessageState>;
  /** Oldest first; the first one may be half read. */
  #messages: Message[] = [];
  /** Index of the first message in `#messages` that is not read to its end. */
  #first = 0;
  /** Rows read of the first message; null before it is begun. */
  #rowsRead: number | null = null;
  #bytes = 0;
  readonly #connections = new Set<Connection>();
  #isHeldUp = false;

  /** `framing`: see MessageOptions. */
  constructor(plan: OperatorPlan<MessageSourceConfig>, context: OperatorContext, framing: MessageOptions['framing']) {
    const { config, outputs } = plan;
    const { schema } = outputs.out!;
    this.#plan = plan;
    this.#context = context;
    this.#reader = createMessageReader({
      format: config.format,
      framing,
      schema,
      delimiter: config.delimiter,
      header: false,
      required: requiredByTime(config),
    });
    this.#rows = new BatchBuilder(schema, plan.batchRows);
    this.#out = new TimedOutput(plan, context);
    this.#rejected = rejectedMessages(config, context, this.#rows, this.#out);
    this.#state = context.state.list<MessageState>('received', 'union');
  }

  get deadLetters(): DeadLetters {
    return this.#rejected.letters;
  }

  open(): void {
    this.#out.open();
    this.#rejected.open();
    const senders = new Map<string, Sender>();
    for (const { from: name, line, bytes, problem, rowsRead } of this.#state.get()) {
      const from = senders.get(name) ?? { name, line };
      senders.set(name, from);
      this.#add({ from, bytes: parseBase64(bytes)!, problem, rowsRead });
    }
  }

  /** Messages will come from an open connection. */
  attach(connection: Connection): void {
    this.#connections.add(connection);
    if (this.#isHeldUp) connection.pause();
  }

  detach(connection: Connection): void {
    this.#connections.delete(connection);
  }

  /** The bytes are kept, not copied. With a `problem` they are a row that cannot be read. */
  add(from: Sender, bytes: Uint8Array, problem: string | null = null): void {
    this.#add({ from, bytes, problem, rowsRead: 0 });
    if (this.#bytes >= MAX_BYTES && !this.#isHeldUp) {
      this.#isHeldUp = true;
      for (const connection of this.#connections) connection.pause();
    }
    this.#context.wake();
  }

  /** Emits a batch; false when there was nothing to. Throws StreamError MR2103 on a row that cannot be read, unless such are to be rejected. */
  poll(): boolean {
    if (this.#rejected.readMended()) return true;
    const limit = this.#plan.batchRows;
    let rows = 0;
    while (rows < limit && this.#first < this.#messages.length) rows += this.#read(limit - rows);
    if (this.#first === this.#messages.length) {
      this.#messages = [];
      this.#first = 0;
    }
    if (this.#isHeldUp && this.#bytes <= MAX_BYTES / 2) {
      this.#isHeldUp = false;
      for (const connection of this.#connections) connection.resume();
    }
    if (this.#rows.length > 0) this.#out.emit(this.#rows.finish());
    if (rows === 0) this.#out.foundNothing();
    return rows > 0;
  }

  onTimer(): void {
    this.#out.onTimer();
  }

  snapshot(): void {
    this.#out.snapshot();
    this.#rejected.snapshot();
    const waiting = this.#messages.slice(this.#first);
    this.#state.set(
      waiting.map(({ from, bytes, problem, rowsRead }, i) => ({
        from: from.name,
        line: from.line,
        bytes: printBase64(bytes),
        problem,
        rowsRead: i === 0 ? (this.#rowsRead ?? rowsRead) : 0,
      })),
    );
  }

  close(): void {
    this.#rejected.close();
  }

  #add(message: Message): void {
    this.#messages.push(message);
    this.#bytes += message.bytes.length;
  }

  /** Up to `limit` rows, good or bad, of the first message, which is dropped at its end. */
  #read(limit: number): number {
    const message = this.#messages[this.#first]!;
    const { from, problem } = message;
    if (problem !== null) {
      this.#rejected.take(from.name, [{ line: from.line, offset: 0, reason: problem, raw: decodeUtf8(message.bytes) }]);
      from.line++;
      this.#drop(message);
      return 1;
    }
    if (this.#rowsRead === null) this.#begin(message);
    const rows = this.#reader.read(this.#rows, limit);
    this.#rowsRead! += rows;
    this.#rejected.take(from.name, this.#reader.takeRejected());
    if (rows < limit) {
      from.line = this.#reader.line;
      this.#drop(message);
    }
    return rows;
  }

  #begin({ bytes, from, rowsRead }: Message): void {
    this.#reader.start(bytes, from.line);
    this.#rowsRead = rowsRead;
    if (rowsRead === 0) return;
    this.#reader.read(new BatchBuilder(this.#rows.schema, rowsRead), rowsRead);
    this.#reader.takeRejected();
  }

  #drop(message: Message): void {
    this.#first++;
    this.#rowsRead = null;
    this.#bytes -= message.bytes.length;
  }
}
