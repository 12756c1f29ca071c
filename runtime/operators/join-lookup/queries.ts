/** Asks a table for keys: so many queries at a time, each again where that may help. Answers come in any order. */
import { columnOf } from '../../core/column-builder.ts';
import { assert, StreamError } from '../../core/errors.ts';
import type { OperatorContext } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { Field } from '../../core/types.ts';
import { formatValue } from '../../formats/index.ts';
import type { MapKey } from './key-reader.ts';
import type { Key, LookupTable, Matches } from './lookup-table.ts';

export interface QueriesOptions {
  readonly concurrency: number;
  readonly attempts: number;
  /** Wait before the second attempt; doubles with each. */
  readonly backoffMs: number;
  /** Fields of the table that make the key, for messages. */
  readonly keyFields: readonly Field[];
}

interface Query {
  readonly mapKeys: readonly MapKey[];
  readonly keys: readonly Key[];
  attempts: number;
}

/** What has come back, or `again` when the back-off is over. */
type Event =
  | { readonly type: 'answer'; readonly query: Query; readonly answers: readonly Matches[] }
  | { readonly type: 'failure'; readonly query: Query; readonly error: unknown }
  | { readonly type: 'again'; readonly query: Query };

export class Queries {
  readonly #table: LookupTable;
  readonly #options: QueriesOptions;
  readonly #context: OperatorContext;
  readonly #onAnswer: (key: MapKey, matches: Matches) => void;
  #queue: Query[] = [];
  #events: Event[] = [];
  #running = 0;

  constructor(
    table: LookupTable,
    options: QueriesOptions,
    context: OperatorContext,
    onAnswer: (key: MapKey, matches: Matches) => void,
  ) {
    this.#table = table;
    this.#options = options;
    this.#context = context;
    this.#onAnswer = onAnswer;
  }

  /** As many queries are under way as may be. */
  get isFull(): boolean {
    return this.#running >= this.#options.concurrency;
  }

  /** Asks for keys that are not under way. */
  ask(keys: ReadonlyMap<MapKey, Key>): void {
    const mapKeys = [...keys.keys()];
    const values = [...keys.values()];
    const { maxKeys } = this.#table;
    for (let at = 0; at < mapKeys.length; at += maxKeys) {
      const end = at + maxKeys;
      this.#queue.push({ mapKeys: mapKeys.slice(at, end), keys: values.slice(at, end), attempts: 0 });
    }
    this.#startQueued();
  }

  /** Takes what has come back since. Throws StreamError MR2105 when a query has failed for good. */
  handle(): void {
    const events = this.#events;
    this.#events = [];
    for (const event of events) {
      if (event.type === 'answer') this.#answered(event.query, event.answers);
      else if (event.type === 'failure') this.#failed(event.query, event.error);
      else this.#start(event.query);
    }
    this.#startQueued();
  }

  #startQueued(): void {
    while (this.#queue.length > 0 && !this.isFull) {
      this.#running++;
      this.#start(this.#queue.shift()!);
    }
  }

  #start(query: Query): void {
    query.attempts++;
    try {
      const answers = this.#table.lookup(query.keys);
      if (answers instanceof Promise) {
        answers.then(
          (all) => this.#comeBack({ type: 'answer', query, answers: all }),
          (error: unknown) => this.#comeBack({ type: 'failure', query, error }),
        );
      } else this.#answered(query, answers);
    } catch (error) {
      this.#failed(query, error);
    }
  }

  #comeBack(event: Event): void {
    this.#events.push(event);
    this.#context.wake();
  }

  #answered({ mapKeys }: Query, answers: readonly Matches[]): void {
    assert(answers.length === mapKeys.length, 'a table answers each key');
    this.#running--;
    mapKeys.forEach((key, i) => this.#onAnswer(key, answers[i]!));
  }

  /** It keeps its place among those under way while it waits. */
  #failed(query: Query, error: unknown): void {
    const { attempts, backoffMs } = this.#options;
    const cause = error instanceof Error ? error : new Error(String(error));
    const mayHelp = !(cause instanceof StreamError) || cause.retryable;
    if (!mayHelp || query.attempts >= attempts) throw this.#gaveUp(query, cause);
    this.#context.log('warn', `${this.#table.name} did not answer (attempt ${query.attempts}): ${cause.message}`);
    const waitMs = backoffMs * 2 ** (query.attempts - 1);
    void this.#context.delay(waitMs).then(() => this.#comeBack({ type: 'again', query }));
  }

  #gaveUp({ keys, attempts }: Query, cause: Error): StreamError {
    const [first] = keys;
    const key = this.#options.keyFields.map(
      ({ name, type }, i) => `${name} = ${JSON.stringify(formatValue(type, columnOf(type, [first![i]!]), 0))}`,
    );
    const others = keys.length === 1 ? '' : say` and ${keys.length - 1} other keys`;
    const tries = attempts === 1 ? '' : say` in ${attempts} attempts`;
    const known = cause instanceof StreamError ? cause : null;
    return new StreamError(
      'MR2105',
      say`${this.#table.name} did not answer${tries} for ${key.join(', ')}${others}: ${cause.message}`,
      {
        cause,
        domain: known?.domain ?? 'external',
        retryable: known?.retryable ?? true,
        remedy:
          known?.remedy ??
          say`See that the table can be reached, or give the lookup join more attempts or a longer back-off.`,
      },
    );
  }
}
