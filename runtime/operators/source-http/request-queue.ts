/**
 * Requests whose rows were read and are not all emitted. Rows are read when the body comes, for the answer says what is wrong with them; the
 * bodies are kept beside them, as what goes into a checkpoint.
 */
import { parseBase64, printBase64 } from '../../core/base64.ts';
import { BatchBuilder, type Batch } from '../../core/batch.ts';
import type { OperatorPlan } from '../../core/operator.ts';
import type { ListState, StateStore } from '../../core/state.ts';
import { createMessageReader, type CsvLayout, type MessageReader, type RejectedRow } from '../../formats/index.ts';
import { requiredByTime } from '../shared/sources/message-config.ts';
import type { SourceHttpConfig } from './spec.ts';

/** The rows of one request. */
export interface ReceivedRows {
  /** `host:port` of the client. */
  readonly from: string;
  readonly body: Uint8Array;
  readonly rows: Batch;
  readonly rejected: readonly RejectedRow[];
  /** CSV: how the cells of the body lie. */
  readonly layout: CsvLayout | null;
  /** So many of `rows` were emitted. */
  emitted: number;
}

type RequestState = { readonly from: string; readonly body: string; readonly emitted: number };

export class RequestQueue {
  readonly #reader: MessageReader;
  readonly #builder: BatchBuilder;
  readonly #state: ListState<RequestState>;
  /** Oldest first. */
  readonly #requests: ReceivedRows[] = [];
  #bytes = 0;

  constructor({ config, outputs }: OperatorPlan<SourceHttpConfig>, state: StateStore) {
    const { schema } = outputs.out!;
    const { format, delimiter, header } = config;
    const required = requiredByTime(config);
    this.#reader = createMessageReader({ format, framing: 'document', schema, delimiter, header, required });
    this.#builder = new BatchBuilder(schema);
    this.#state = state.list<RequestState>('received', 'union');
  }

  open(): void {
    for (const { from, body, emitted } of this.#state.get()) {
      this.add({ ...this.read(from, parseBase64(body)!), emitted });
    }
  }

  get length(): number {
    return this.#requests.length;
  }

  /** Of the bodies. */
  get bytes(): number {
    return this.#bytes;
  }

  read(from: string, body: Uint8Array): ReceivedRows {
    this.#reader.start(body);
    this.#reader.read(this.#builder, Infinity);
    const rejected = this.#reader.takeRejected();
    return { from, body, rows: this.#builder.finish(), rejected, layout: this.#reader.layout, emitted: 0 };
  }

  add(request: ReceivedRows): void {
    this.#requests.push(request);
    this.#bytes += request.body.length;
  }

  /** Moves rows to the builder until it has `limit`. `onBegin` gets each request whose first rows, or bad rows only, are in it. */
  moveRows(into: BatchBuilder, limit: number, onBegin: (request: ReceivedRows) => void): void {
    for (let [request] = this.#requests; request !== undefined && into.length < limit; [request] = this.#requests) {
      if (request.emitted === 0) onBegin(request);
      const end = Math.min(request.rows.length, request.emitted + limit - into.length);
      into.appendRange(request.rows, request.emitted, end);
      request.emitted = end;
      if (end < request.rows.length) break;
      this.#requests.shift();
      this.#bytes -= request.body.length;
    }
  }

  snapshot(): void {
    this.#state.set(this.#requests.map(({ from, body, emitted }) => ({ from, body: printBase64(body), emitted })));
  }
}
