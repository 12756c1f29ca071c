/**
 * Looks rows up in a table. A file is held in memory and answers at once. Other tables are asked for the distinct keys of a batch that
 * are not remembered, and rows wait for the answers, batch behind batch, so that they leave in their order.
 */
import type { Batch } from '../../core/batch.ts';
import { assert } from '../../core/errors.ts';
import type { Operator, OperatorContext, OperatorFactory, OperatorPlan, Pending } from '../../core/operator.ts';
import { fieldIndex, schemaOf } from '../../core/schema.ts';
import { FileTable } from './file-table.ts';
import { KeyReader, type MapKey } from './key-reader.ts';
import { LookupCache } from './lookup-cache.ts';
import { LookupOutput } from './lookup-output.ts';
import { NO_MATCHES, type Key, type LookupTable, type Matches } from './lookup-table.ts';
import { Queries } from './queries.ts';
import { addedNames, type JoinLookupConfig } from './spec.ts';
import { SqliteTable } from './sqlite-table.ts';

type Plan = OperatorPlan<JoinLookupConfig>;

export const createJoinLookup: OperatorFactory<JoinLookupConfig> = (plan, context) => {
  const { table, on, cacheTtl, retry } = plan.config;
  const schema = schemaOf(table.schema);
  const path = context.files.resolve(plan.baseFolder, table.path);
  const keyNames = on.map(({ right }) => right);
  const names = addedNames(plan.config);
  if (table.type === 'sqlite') {
    const named = (name: string) => schema.fields[fieldIndex(schema, name)]!;
    const columns = { keys: keyNames.map(named), added: names.map(named) };
    return new QueriedJoin(plan, context, new SqliteTable({ path, query: table.query, ...columns }));
  }
  const indexOf = (name: string): number => fieldIndex(schema, name);
  const options = { keys: keyNames.map(indexOf), added: names.map(indexOf), ttlMs: cacheTtl, attempts: retry.attempts };
  return new HeldJoin(plan, context, new FileTable({ path, schema, ...options }, context));
};

function keysOf({ inputs, config }: Plan): KeyReader {
  const { schema } = inputs[0]!.shape;
  return new KeyReader(config.on.map(({ left }) => fieldIndex(schema, left)));
}

function outputOf({ config, outputs }: Plan, context: OperatorContext): LookupOutput {
  const added = addedNames(config).length;
  return new LookupOutput(context.output('out'), outputs.out!.schema, { added, keepsAll: config.kind === 'left' });
}

/** With a table in memory. */
class HeldJoin implements Operator {
  readonly #table: FileTable;
  readonly #keys: KeyReader;
  readonly #output: LookupOutput;

  constructor(plan: Plan, context: OperatorContext, table: FileTable) {
    this.#table = table;
    this.#keys = keysOf(plan);
    this.#output = outputOf(plan, context);
  }

  open(): void {
    this.#table.open();
  }

  processBatch(batch: Batch): void {
    this.#table.refresh();
    for (let row = 0; row < batch.length; row++) {
      const key = this.#keys.mapKey(batch, row);
      this.#output.add(batch, row, key === null ? NO_MATCHES : this.#table.find(key));
    }
    this.#output.finish(batch);
  }
}

/** Rows that wait for answers. */
interface Waiting {
  readonly batch: Batch;
  /** Of each row. */
  readonly keys: readonly (MapKey | null)[];
  /** What is known of them so far. */
  readonly found: Map<MapKey, Matches>;
  /** How many of them are not. */
  missing: number;
}

/** With a table that is asked. Exported for tests, which bring tables of their own. */
export class QueriedJoin implements Operator {
  readonly #table: LookupTable;
  readonly #context: OperatorContext;
  readonly #keys: KeyReader;
  readonly #output: LookupOutput;
  readonly #cache: LookupCache;
  readonly #queries: Queries;
  readonly #maxWaiting: number;
  /** In the order in which they came. */
  readonly #waiting: Waiting[] = [];
  /** Who waits for a key that is under way. */
  readonly #waitingFor = new Map<MapKey, Waiting[]>();

  constructor(plan: Plan, context: OperatorContext, table: LookupTable) {
    const { cacheTtl, cacheEntries, concurrency, retry, on, table: declared } = plan.config;
    const schema = schemaOf(declared.schema);
    const keyFields = on.map(({ right }) => schema.fields[fieldIndex(schema, right)]!);
    this.#table = table;
    this.#context = context;
    this.#keys = keysOf(plan);
    this.#output = outputOf(plan, context);
    this.#cache = new LookupCache({ ttlMs: cacheTtl, maxEntries: cacheEntries });
    this.#maxWaiting = concurrency;
    this.#queries = new Queries(
      table,
      { concurrency, attempts: retry.attempts, backoffMs: retry.backoff, keyFields },
      context,
      (key, matches) => this.#answer(key, matches),
    );
  }

  open(): void | Promise<void> {
    return this.#table.open();
  }

  processBatch(batch: Batch): void {
    const now = this.#context.clock.now();
    const keys: (MapKey | null)[] = [];
    const found = new Map<MapKey, Matches>();
    const waiting: Waiting = { batch, keys, found, missing: 0 };
    const unknown = new Map<MapKey, Key>();
    const awaited = new Set<MapKey>();
    for (let row = 0; row < batch.length; row++) {
      const key = this.#keys.mapKey(batch, row);
      keys.push(key);
      if (key === null || found.has(key) || awaited.has(key)) continue;
      const known = this.#cache.get(key, now);
      if (known !== undefined) {
        found.set(key, known);
        continue;
      }
      awaited.add(key);
      const others = this.#waitingFor.get(key);
      if (others !== undefined) others.push(waiting);
      else {
        this.#waitingFor.set(key, [waiting]);
        unknown.set(key, this.#keys.values(batch, row));
      }
    }
    waiting.missing = awaited.size;
    this.#waiting.push(waiting);
    this.#queries.ask(unknown);
    this.#emitReady();
  }

  pending(): Pending {
    if (this.#waiting.length === 0) return 'none';
    // Batches whose rows are all known wait as well, behind others.
    return this.#queries.isFull || this.#waiting.length >= this.#maxWaiting ? 'full' : 'some';
  }

  onWake(): void {
    this.#queries.handle();
    this.#emitReady();
  }

  close(): void {
    this.#table.close();
  }

  #answer(key: MapKey, matches: Matches): void {
    this.#cache.set(key, matches, this.#context.clock.now());
    const those = this.#waitingFor.get(key);
    assert(those !== undefined, 'an answer that nobody waits for');
    this.#waitingFor.delete(key);
    for (const waiting of those) {
      waiting.found.set(key, matches);
      waiting.missing--;
    }
  }

  #emitReady(): void {
    while (this.#waiting[0]?.missing === 0) {
      const { batch, keys, found } = this.#waiting.shift()!;
      for (let row = 0; row < batch.length; row++) {
        const key = keys[row]!;
        this.#output.add(batch, row, key === null ? NO_MATCHES : found.get(key)!);
      }
      this.#output.finish(batch);
    }
  }
}
