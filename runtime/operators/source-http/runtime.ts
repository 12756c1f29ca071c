/** Rows that others post. What was answered and is not emitted is in the checkpoint. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { BatchBuilder } from '../../core/batch.ts';
import type { DeadLetters } from '../../core/dead-letters.ts';
import { assert } from '../../core/errors.ts';
import type { HttpAnswer, HttpHead, HttpReceiver, Listener } from '../../core/network-io.ts';
import type {
  OperatorContext,
  OperatorFactory,
  OperatorPlan,
  SourceOperator,
  SourceStatus,
} from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { rejectedMessages } from '../shared/sources/rejected-messages.ts';
import type { RejectedRows } from '../shared/sources/rejected-rows.ts';
import { TimedOutput } from '../shared/sources/timed-output.ts';
import { RequestQueue, type ReceivedRows } from './request-queue.ts';
import type { SourceHttpConfig } from './spec.ts';

export const createSourceHttp: OperatorFactory<SourceHttpConfig> = (plan, context) =>
  new SourceHttpOperator(plan, context);

/** Bodies that wait, in bytes: beyond it requests are put off, unless there is only one. */
const MAX_BYTES = 4 * 1024 * 1024;
/** Requests that wait for their rows to be emitted, or for an answer. */
const MAX_REQUESTS = 10_000;
/** When to come again, in seconds. */
const RETRY_AFTER = { 'Retry-After': '1' };

interface Unanswered {
  readonly answer: (answer: HttpAnswer) => void;
  readonly answerWith: HttpAnswer;
  /** The first one that holds its rows; null before it. */
  checkpointId: number | null;
}

class SourceHttpOperator implements SourceOperator {
  readonly #plan: OperatorPlan<SourceHttpConfig>;
  readonly #context: OperatorContext;
  readonly #queue: RequestQueue;
  readonly #rows: BatchBuilder;
  readonly #rejected: RejectedRows;
  readonly #out: TimedOutput;
  #listener: Listener | null = null;
  /** Bytes that bodies under way may still bring. */
  #promisedBytes = 0;
  #underWay = 0;
  #unanswered: Unanswered[] = [];

  constructor(plan: OperatorPlan<SourceHttpConfig>, context: OperatorContext) {
    this.#plan = plan;
    this.#context = context;
    this.#queue = new RequestQueue(plan, context.state);
    this.#rows = new BatchBuilder(plan.outputs.out!.schema, plan.batchRows);
    this.#out = new TimedOutput(plan, context);
    this.#rejected = rejectedMessages(plan.config, context, this.#rows, this.#out);
  }

  get deadLetters(): DeadLetters {
    return this.#rejected.letters;
  }

  async open(): Promise<void> {
    this.#out.open();
    this.#rejected.open();
    this.#queue.open();
    const { host, port, path, maxRequestBytes } = this.#plan.config;
    const options = { host, port, maxBodyBytes: maxRequestBytes };
    this.#listener = await this.#context.network.listenHttp(options, (head) => this.#accept(head));
    this.#context.log('info', `listens at http://${host}:${this.#listener.port}${path}`);
  }

  poll(): SourceStatus {
    if (this.#rejected.readMended()) return 'ready';
    if (this.#queue.length === 0) {
      this.#out.foundNothing();
      return 'waiting';
    }
    this.#queue.moveRows(this.#rows, this.#plan.batchRows, ({ from, rejected, layout }) =>
      this.#rejected.take(from, rejected, layout),
    );
    if (this.#rows.length > 0) this.#out.emit(this.#rows.finish());
    return 'ready';
  }

  processBatch(): void {
    assert(false, 'a source has no input');
  }

  onTimer(): void {
    this.#out.onTimer();
  }

  snapshot(checkpointId: number): void {
    this.#out.snapshot();
    this.#queue.snapshot();
    this.#rejected.snapshot();
    for (const waiting of this.#unanswered) waiting.checkpointId ??= checkpointId;
  }

  checkpointComplete(checkpointId: number): void {
    const isHeld = (waiting: Unanswered): boolean => (waiting.checkpointId ?? Infinity) <= checkpointId;
    for (const { answer, answerWith } of this.#unanswered.filter(isHeld)) answer(answerWith);
    this.#unanswered = this.#unanswered.filter((waiting) => !isHeld(waiting));
  }

  close(): void {
    const stopped = problem(503, say`the job has stopped before a checkpoint held these rows`, RETRY_AFTER);
    for (const { answer } of this.#unanswered) answer(stopped);
    this.#listener?.close();
    this.#rejected.close();
  }

  /** Before the body is read, so that one which cannot be kept is not even sent. */
  #accept(head: HttpHead): HttpAnswer | HttpReceiver {
    const refusal = this.#refusal(head);
    if (refusal !== null) return refusal;
    const { maxRequestBytes } = this.#plan.config;
    const promised = Math.min(Number(head.headers['content-length'] ?? maxRequestBytes), maxRequestBytes);
    if (!this.#hasRoom(promised)) return problem(429, say`the pipeline is busy`, RETRY_AFTER);
    this.#promisedBytes += promised;
    this.#underWay++;
    const settle = (): void => {
      this.#promisedBytes -= promised;
      this.#underWay--;
    };
    return {
      onAbort: settle,
      onBody: (body, answer) => {
        settle();
        this.#receive(this.#queue.read(head.peer, body), answer);
      },
    };
  }

  #refusal({ method, path, headers }: HttpHead): HttpAnswer | null {
    const { config } = this.#plan;
    if (path !== config.path) return problem(404, say`rows are taken at ${config.path}`);
    if (config.token !== null && !isSame(headers.authorization ?? '', `Bearer ${config.token}`)) {
      return problem(401, say`the token is missing or wrong`, { 'WWW-Authenticate': 'Bearer' });
    }
    if (method !== 'POST') return problem(405, say`rows are taken by POST`, { Allow: 'POST' });
    if ((headers['content-encoding'] ?? 'identity') !== 'identity') {
      return problem(415, say`the body must not be compressed`);
    }
    return null;
  }

  #hasRoom(bytes: number): boolean {
    const requests = this.#queue.length + this.#underWay + this.#unanswered.length;
    const waiting = this.#queue.bytes + this.#promisedBytes;
    return requests < MAX_REQUESTS && (waiting === 0 || waiting + bytes <= MAX_BYTES);
  }

  #receive(request: ReceivedRows, answer: (answer: HttpAnswer) => void): void {
    const { rows, rejected } = request;
    const [bad] = rejected;
    if (bad !== undefined && this.#plan.config.onError === 'fail') {
      const { line, reason } = bad;
      answer(json(400, { error: say`line ${line}: ${reason}`, line, accepted: 0, rejected: rejected.length }));
      return;
    }
    const answerWith = json(200, { accepted: rows.length, rejected: rejected.length });
    if (rows.length + rejected.length === 0) {
      answer(answerWith);
      return;
    }
    this.#queue.add(request);
    if (this.#plan.config.acknowledge === 'received') answer(answerWith);
    else this.#unanswered.push({ answer, answerWith, checkpointId: null });
    this.#context.wake();
  }
}

function json(status: number, body: object, headers?: Readonly<Record<string, string>>): HttpAnswer {
  return { status, body: JSON.stringify(body), ...(headers === undefined ? {} : { headers }) };
}

function problem(status: number, error: string, headers?: Readonly<Record<string, string>>): HttpAnswer {
  return json(status, { error }, headers);
}

/** In the same time whatever they share. */
function isSame(a: string, b: string): boolean {
  const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
