/** A table, view or query of a SQLite database, asked for many keys in a query. */
import { rmdirSync, statSync } from 'node:fs';
import type * as Sqlite from 'node-sqlite3-wasm';
import { StreamError } from '../../core/errors.ts';
import { say } from '../../core/say.ts';
import type { Field, Value } from '../../core/types.ts';
import type { Key, LookupTable, Matches } from './lookup-table.ts';
import { fromSqlite, toSqlite, type SqliteValue } from './sqlite-values.ts';

export interface SqliteTableOptions {
  /** Absolute. */
  readonly path: string;
  /** Name of a table or view, or a SELECT. */
  readonly query: string;
  readonly keys: readonly Field[];
  readonly added: readonly Field[];
}

/** Queries are for so many keys, the rest NULLs, which match nothing: so few statements are prepared. */
const QUERY_KEYS = [1, 16, 256];

/** How long a lookup waits for another's. The library locks a file by a folder beside it, which readers too have one after another. */
const LOCK_WAIT_MS = 3000;

export class SqliteTable implements LookupTable {
  readonly name: string;
  readonly maxKeys = QUERY_KEYS.at(-1)!;
  readonly #options: SqliteTableOptions;
  /** What stands behind FROM. */
  readonly #from: string;
  #database: Sqlite.Database | null = null;
  readonly #statements = new Map<number, Sqlite.Statement>();

  constructor(options: SqliteTableOptions) {
    this.#options = options;
    const { path, query } = options;
    const isQuery = /^\s*(select|with|values)\b/i.test(query);
    this.#from = `${isQuery ? `(${query})` : quote(query)} AS t`;
    this.name = isQuery ? say`The query on ${path}` : say`The table ${query} of ${path}`;
  }

  async open(): Promise<void> {
    // Not before it is needed: its WebAssembly takes a while to load.
    const loaded = (await import('node-sqlite3-wasm')) as typeof Sqlite & { readonly default?: typeof Sqlite };
    const { Database } = loaded.default ?? loaded;
    const { path } = this.#options;
    try {
      this.#database = new Database(path, { readOnly: true });
      this.#database.exec(`PRAGMA busy_timeout = ${LOCK_WAIT_MS}`);
      const { added, keys } = this.#options;
      const probe = `SELECT ${selected([...keys, ...added])} FROM ${this.#from} LIMIT 0`;
      const lock = lockOf(path);
      try {
        this.#database.prepare(probe).finalize();
      } catch (error) {
        if (lock === null || lock !== lockOf(path)) throw error;
        // It did not change hands in all the while: whoever took it was killed.
        rmdirSync(`${path}.lock`);
        this.#database.prepare(probe).finalize();
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new StreamError('MR2105', say`${this.name} cannot be used: ${why}${this.#known()}`, {
        domain: 'user',
        cause: error,
        remedy: say`Check the path, the name of the table, and the names that the lookup join declares for its fields.`,
      });
    }
  }

  lookup(keys: readonly Key[]): readonly Matches[] {
    const count = QUERY_KEYS.find((size) => size >= keys.length)!;
    const { keys: fields, added } = this.#options;
    const values: SqliteValue[] = [];
    for (const key of keys) fields.forEach(({ type }, i) => values.push(toSqlite(type, key[i]!)));
    while (values.length < count * fields.length) values.push(null);
    const answers: (readonly Value[])[][] = keys.map(() => []);
    for (const row of this.#statement(count).all(values) as Record<string, SqliteValue>[]) {
      answers[Number(row.nth)]!.push(added.map((field, i) => this.#convert(field, row[`f${i}`]!)));
    }
    return answers;
  }

  close(): void {
    for (const statement of this.#statements.values()) statement.finalize();
    this.#statements.clear();
    this.#database?.close();
    this.#database = null;
  }

  #statement(count: number): Sqlite.Statement {
    const known = this.#statements.get(count);
    if (known !== undefined) return known;
    const statement = this.#database!.prepare(lookupSql(this.#from, this.#options, count));
    this.#statements.set(count, statement);
    return statement;
  }

  #convert(field: Field, value: SqliteValue): Value {
    try {
      return fromSqlite(field, value);
    } catch (error) {
      throw new StreamError('MR2105', (error as Error).message, {
        domain: 'user',
        retryable: false,
        remedy: say`Correct the row, or the type that the lookup join declares for the field.`,
      });
    }
  }

  /** The fields there are, where the table has a name. */
  #known(): string {
    const { query } = this.#options;
    if (this.#database === null) return '';
    try {
      const columns = this.#database.all(`PRAGMA table_info(${quote(query)})`).map(({ name }) => String(name));
      return columns.length === 0 ? '' : say`. It has ${columns.join(', ')}`;
    } catch {
      return '';
    }
  }
}

/** What tells one lock of a database from the next, and where there is none: null. */
function lockOf(path: string): string | null {
  const held = statSync(`${path}.lock`, { throwIfNoEntry: false });
  return held === undefined ? null : `${held.ino} ${held.mtimeMs}`;
}

/** A SELECT for `count` keys, whose values are its parameters. CROSS JOIN has SQLite go through the keys and find rows by an index, if there is one. */
export function lookupSql(
  from: string,
  { keys, added }: Pick<SqliteTableOptions, 'keys' | 'added'>,
  count: number,
): string {
  const columns = ['nth', ...keys.map((_, i) => `k${i}`)].join(', ');
  const row = (_: unknown, nth: number): string => `(${[nth, ...keys.map(() => '?')].join(', ')})`;
  const rows = Array.from({ length: count }, row).join(', ');
  const equal = keys.map(({ name }, i) => `t.${quote(name)} = wanted.k${i}`).join(' AND ');
  const fields = added.length === 0 ? '' : `, ${selected(added)}`;
  return `WITH wanted(${columns}) AS (VALUES ${rows}) SELECT wanted.nth AS nth${fields} FROM wanted CROSS JOIN ${from} ON ${equal}`;
}

function selected(fields: readonly Field[]): string {
  return fields.map(({ name }, i) => `t.${quote(name)} AS f${i}`).join(', ');
}

function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
