/**
 * Rows in requests, some of which are under way at a time. Marks and barriers wait until all are answered, so nothing of them is in a
 * checkpoint: after a failure rows since the last one are sent again, at least once.
 */
import { BatchBuilder, type Batch } from '../../core/batch.ts';
import type { DeadLetters } from '../../core/dead-letters.ts';
import { StreamError } from '../../core/errors.ts';
import type { HttpResponse } from '../../core/network-io.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Output, Pending } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { delayAfter } from '../shared/backoff.ts';
import { headersOf } from '../shared/http-headers.ts';
import { RowGroups } from '../shared/sinks/row-groups.ts';
import { CONTENT_TYPES, RowTexts, type RowRange } from '../shared/sinks/row-texts.ts';
import { isWorthAnotherTry, retryAfterMs } from './answers.ts';
import { IdempotencyKeys } from './idempotency-keys.ts';
import { RefusedRows, type MendedRows } from './refused-rows.ts';
import type { SinkHttpConfig } from './spec.ts';

export const createSinkHttp: OperatorFactory<SinkHttpConfig> = (plan, context) => new SinkHttpOperator(plan, context);

/** So much of an answer is shown. */
const MAX_ANSWER_SHOWN = 500;

interface Group {
  readonly rows: readonly RowRange[];
  /** What they are part of; null: rows of the stream. */
  readonly mended: MendedRows | null;
}

/** A request from when it is first sent until it is answered for good. */
interface Sending extends Group {
  readonly body: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
  failures: number;
  handle: { cancel(): void };
}

class SinkHttpOperator implements Operator {
  readonly #config: SinkHttpConfig;
  readonly #context: OperatorContext;
  readonly #rejected: Output;
  readonly #rejectedRows: BatchBuilder;
  readonly #refusedRows: RefusedRows;
  readonly #groups: RowGroups;
  readonly #texts: RowTexts;
  readonly #keys: IdempotencyKeys;
  readonly #headers: Readonly<Record<string, string>>;
  /** Full groups that wait for a request to be answered: no more than one batch makes, and those that are mended. */
  #queue: Group[] = [];
  readonly #underWay = new Set<Sending>();
  /** What has come back, and what is due to be sent again, since the last `onWake`. */
  #back: { readonly sending: Sending; readonly outcome: HttpResponse | StreamError | 'again' }[] = [];
  #lingersUntil = Infinity;
  #refused = 0;

  constructor(plan: OperatorPlan<SinkHttpConfig>, context: OperatorContext) {
    const { config, inputs, outputs } = plan;
    const { shape } = inputs[0]!;
    this.#config = config;
    this.#context = context;
    this.#rejected = context.output('rejected');
    this.#rejectedRows = new BatchBuilder(outputs.rejected!.schema);
    // A query may hold what is secret.
    const origin = `${config.method} ${config.url.replace(/\?.*$/, '')}`;
    this.#refusedRows = new RefusedRows(origin, shape.schema, context);
    this.#groups = new RowGroups(config.format === 'object' ? 1 : config.batchRows);
    this.#texts = new RowTexts(config.format, shape);
    this.#keys = new IdempotencyKeys(plan, context);
    this.#headers = { 'content-type': CONTENT_TYPES[config.format], ...lowerCase(headersOf(config.headers)) };
  }

  get deadLetters(): DeadLetters {
    return this.#refusedRows.letters;
  }

  open(): void {
    this.#refusedRows.letters.open();
  }

  processBatch(batch: Batch): void {
    const wasEmpty = this.#groups.waiting === 0;
    const full = this.#groups.add(batch);
    for (const rows of full) this.#queue.push({ rows, mended: null });
    this.#send();
    if (this.#groups.waiting > 0 && (wasEmpty || full.length > 0)) {
      this.#lingersUntil = this.#context.clock.now() + this.#config.linger;
      this.#context.setTimer(this.#lingersUntil);
    }
  }

  pending(): Pending {
    if (this.#queue.length > 0 || this.#underWay.size >= this.#config.concurrency) return 'full';
    return this.#underWay.size > 0 || this.#groups.waiting > 0 ? 'some' : 'none';
  }

  flush(): void {
    if (this.#groups.waiting > 0) this.#queue.push({ rows: this.#groups.take(), mended: null });
    this.#send();
  }

  onTimer(): void {
    if (this.#context.clock.now() >= this.#lingersUntil) this.flush();
  }

  onWake(): void {
    const back = this.#back;
    this.#back = [];
    for (const { sending, outcome } of back) this.#settle(sending, outcome);
    for (const mended of this.#refusedRows.takeMended()) this.#sendMended(mended);
    if (this.#rejectedRows.length > 0) this.#rejected.emit(this.#rejectedRows.finish());
    this.#send();
  }

  snapshot(checkpointId: number): void {
    this.#keys.snapshot(checkpointId);
    this.#refusedRows.letters.snapshot();
  }

  close(): void {
    for (const { handle } of this.#underWay) handle.cancel();
    if (this.#refused > 0 && !this.#rejected.isConnected) {
      this.#context.log(
        'warn',
        `${this.#refused} rows were refused, and nothing is connected to "rejected": the latest are kept with the job's state`,
      );
    }
  }

  #send(): void {
    const { concurrency } = this.#config;
    while (this.#underWay.size < concurrency && this.#queue.length > 0) this.#begin(this.#queue.shift()!);
  }

  /** In requests of their own, so that what is refused again is known. */
  #sendMended(mended: MendedRows): void {
    const groups = new RowGroups(this.#groups.size);
    for (const rows of groups.add(mended.batch)) this.#queue.push({ rows, mended });
    if (groups.waiting > 0) this.#queue.push({ rows: groups.take(), mended });
  }

  #begin({ rows, mended }: Group): void {
    const body = this.#texts.encode(rows);
    const { idempotencyHeader } = this.#config;
    const key = idempotencyHeader === null ? {} : { [idempotencyHeader]: this.#keys.next(body) };
    const sending: Sending = {
      rows,
      mended,
      body,
      headers: { ...this.#headers, ...key },
      failures: 0,
      handle: { cancel: () => undefined },
    };
    this.#underWay.add(sending);
    this.#request(sending);
  }

  #request(sending: Sending): void {
    const { method, url, timeout } = this.#config;
    const { headers, body } = sending;
    sending.handle = this.#context.network.request({ method, url, headers, body, timeoutMs: timeout }, (outcome) =>
      this.#takeBack(sending, outcome),
    );
  }

  #takeBack(sending: Sending, outcome: HttpResponse | StreamError | 'again'): void {
    this.#back.push({ sending, outcome });
    this.#context.wake();
  }

  #settle(sending: Sending, outcome: HttpResponse | StreamError | 'again'): void {
    if (outcome === 'again') this.#request(sending);
    else if (isWorthAnotherTry(outcome)) this.#retry(sending, outcome);
    else if (outcome instanceof StreamError) throw outcome;
    else {
      this.#underWay.delete(sending);
      if (outcome.status < 200 || outcome.status > 299) this.#refuse(sending, outcome);
    }
  }

  #retry(sending: Sending, outcome: HttpResponse | StreamError): void {
    const { retry, method, url } = this.#config;
    const error =
      outcome instanceof StreamError
        ? outcome
        : new StreamError('MR2111', say`${method} ${url} was answered with ${outcome.status}: ${shown(outcome)}`, {
            remedy: say`The server is overloaded or out of order: its log may say why.`,
          });
    sending.failures++;
    if (retry.maxAttempts !== null && sending.failures >= retry.maxAttempts) throw error;
    const backoff = delayAfter(retry, sending.failures, () => this.#context.random());
    const delay = Math.max(backoff, retryAfterMs(outcome, this.#context.clock.now()));
    this.#context.log('warn', `${error.message}; sending again in ${delay} ms`);
    void this.#context.delay(delay).then(() => this.#takeBack(sending, 'again'));
  }

  #refuse({ rows, mended }: Sending, answer: HttpResponse): void {
    const { method, url, onError } = this.#config;
    const reason = say`answered with ${answer.status}: ${shown(answer)}`;
    const refused = rows.flatMap((range) => this.#refusedRows.refuse(range, reason, mended));
    if (onError === 'fail' && refused.length > 0) {
      const count = refused.length;
      throw new StreamError(
        'MR2113',
        say`${method} ${url} refused ${count} rows with ${answer.status}: ${shown(answer)}`,
        {
          domain: 'user',
          remedy: say`Mend the rows, the URL or the headers, or send such rows to the port "rejected" with onError: "reject".`,
        },
      );
    }
    this.#refused += refused.length;
    for (const { letter, batch, row } of refused) {
      this.#refusedRows.letters.keep(letter);
      const values = [...batch.row(row), answer.status, shown(answer)];
      this.#rejectedRows.appendRow(values, batch.eventTimes?.[row] ?? NaN, batch.kind(row));
    }
  }
}

function shown({ body }: HttpResponse): string {
  return body.length > MAX_ANSWER_SHOWN ? `${body.slice(0, MAX_ANSWER_SHOWN)}…` : body;
}

function lowerCase(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
