/** For tests: a table in memory that answers like one that is far away. */
import { assert, StreamError } from '../core/errors.ts';
import type { OperatorContext } from '../core/operator.ts';
import type { Value } from '../core/types.ts';
import type { Key, LookupTable, Matches } from '../operators/join-lookup/lookup-table.ts';

export interface MemoryLookupTableOptions {
  readonly rows: readonly (readonly Value[])[];
  /** Indexes of the key's fields, and of those that are added. */
  readonly keys: readonly number[];
  readonly added: readonly number[];
  readonly maxKeys?: number;
  /** A query takes up to so long, in ms. */
  readonly maxMs?: number;
  /** Every so many queries fail; 0 = none. */
  readonly failsEvery?: number;
  /** No more queries may come at a time. */
  readonly concurrency?: number;
}

export class MemoryLookupTable implements LookupTable {
  readonly name = 'The table in memory';
  readonly maxKeys: number;
  readonly #options: MemoryLookupTableOptions;
  readonly #context: OperatorContext;
  /** Keys of each query. */
  readonly asked: (readonly Key[])[] = [];
  underWay = 0;
  mostUnderWay = 0;
  isClosed = false;

  constructor(options: MemoryLookupTableOptions, context: OperatorContext) {
    this.#options = options;
    this.#context = context;
    this.maxKeys = options.maxKeys ?? 100;
  }

  open(): void {
    assert(!this.isClosed, 'a closed table is not opened again');
  }

  async lookup(keys: readonly Key[]): Promise<readonly Matches[]> {
    const { maxMs = 0, failsEvery = 0, concurrency = Infinity } = this.#options;
    this.asked.push(keys);
    const isFailing = failsEvery > 0 && this.asked.length % failsEvery === 0;
    this.mostUnderWay = Math.max(this.mostUnderWay, ++this.underWay);
    assert(this.underWay <= concurrency, `${this.underWay} queries are under way`);
    await this.#context.delay(Math.floor(this.#context.random() * (maxMs + 1)));
    this.underWay--;
    if (isFailing) throw new StreamError('MR2105', 'the line is dead');
    return keys.map((key) => this.#matches(key));
  }

  close(): void {
    this.isClosed = true;
  }

  #matches(key: Key): Matches {
    const { rows, keys, added } = this.#options;
    return rows
      .filter((row) => keys.every((field, i) => row[field] === key[i]))
      .map((row) => added.map((field) => row[field]!));
  }
}
