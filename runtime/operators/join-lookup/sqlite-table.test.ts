import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseDataType, type Field } from '../../core/types.ts';
import { lookupSql, SqliteTable } from './sqlite-table.ts';

let folder = '';
let file = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-sqlite-'));
  file = path.join(folder, 'shop.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

function execute(sql: string): void {
  const database = new sqlite.Database(file);
  database.exec(sql);
  database.close();
}

function fieldOf(text: string): Field {
  const [name, type, ...rest] = text.split(' ');
  const parsed = parseDataType(type!);
  if (!parsed.ok) throw new Error(text);
  return { name: name!, type: parsed.value, nullable: rest.length === 0 };
}

async function open(query: string, keys: readonly string[], added: readonly string[]): Promise<SqliteTable> {
  const table = new SqliteTable({ path: file, query, keys: keys.map(fieldOf), added: added.map(fieldOf) });
  await table.open();
  return table;
}

describe('SqliteTable', () => {
  it('reads values as the declared types, 64-bit integers exactly', async () => {
    execute(`
      CREATE TABLE facts (id INTEGER PRIMARY KEY, big, small, flag, price, ratio, label, bytes, day, at);
      INSERT INTO facts VALUES (1, 9007199254740993, -5, 1, 12.5, 3, 7, x'01ff', '2026-01-31', '2026-01-31 12:00:00');
      INSERT INTO facts VALUES (2, 3, 4, 0, '1.25', 0.5, 'x', NULL, NULL, '2026-01-31T12:00:00.500Z');
    `);
    const added = ['big BIGINT', 'small INT', 'flag BOOLEAN', 'price DECIMAL(10,2)', 'ratio DOUBLE', 'label STRING'];
    const table = await open('facts', ['id BIGINT'], [...added, 'bytes BYTES', 'day DATE', 'at TIMESTAMP']);
    const noon = Date.UTC(2026, 0, 31, 12);
    expect(table.lookup([[2n], [1n], [3n]])).toEqual([
      [[3n, 4, false, 125n, 0.5, 'x', null, null, noon + 500]],
      [[9007199254740993n, -5, true, 1250n, 3, '7', new Uint8Array([1, 255]), noon / 86_400_000 - 0.5, noon]],
      [],
    ]);
    table.close();
  });

  it('takes away the lock of a process that was killed', async () => {
    execute("CREATE TABLE names (id TEXT, name TEXT); INSERT INTO names VALUES ('a', 'Ann')");
    mkdirSync(`${file}.lock`);
    const table = await open('names', ['id STRING'], ['name STRING']);
    expect(table.lookup([['a']])).toEqual([[['Ann']]]);
    expect(existsSync(`${file}.lock`)).toBe(false);
    table.close();
  });

  it.each([
    ["'abc'", 'v INT', '"v" is not a INT: abc'],
    ['3000000000', 'v INT', '"v" is not a INT: 3000000000'],
    ['2', 'v BOOLEAN', '"v" is not a BOOLEAN: 2'],
    ["x'00'", 'v STRING', '"v" is not a STRING: a BLOB'],
    ['1767225600', 'v TIMESTAMP', '"v" is not a TIMESTAMP: 1767225600'],
    ['NULL', 'v INT required', '"v" is NULL and declared not to be'],
  ])('refuses %s as %s', async (value, declared, message) => {
    execute(`CREATE TABLE facts (id, v); INSERT INTO facts VALUES (1, ${value})`);
    const table = await open('facts', ['id INT'], [declared]);
    expect(() => table.lookup([[1]])).toThrow(
      expect.objectContaining({ code: 'MR2105', retryable: false, message }) as Error,
    );
    table.close();
  });

  it('takes keys of several fields and types, several rows to a key, as many keys as it says', async () => {
    execute(`
      CREATE TABLE "odd ""name""" (a TEXT, b NUMERIC, day TEXT, flag, n INTEGER);
      WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < 599)
        INSERT INTO "odd ""name""" SELECT 'k' || (n % 300), 1.50, '2026-01-02', 1, n FROM c;
    `);
    const table = await open('odd "name"', ['a STRING', 'b DECIMAL(5,2)', 'day DATE', 'flag BOOLEAN'], ['n INT']);
    const day = Date.UTC(2026, 0, 2) / 86_400_000;
    const keys = Array.from({ length: table.maxKeys }, (_, i) => [`k${i}`, 150n, day, true]);
    expect(table.lookup(keys)).toEqual(keys.map((_, i) => [[i], [i + 300]]));
    expect(table.lookup([['k1', 151n, day, true]])).toEqual([[]]);
    expect(table.lookup([keys[7]!, keys[3]!])).toEqual([
      [[7], [307]],
      [[3], [303]],
    ]);
    table.close();
  });

  it('finds rows by the index of the key', () => {
    execute('CREATE TABLE facts (id INTEGER, v); CREATE INDEX by_id ON facts (id)');
    const sql = lookupSql('facts AS t', { keys: [fieldOf('id INT')], added: [fieldOf('v INT')] }, 2);
    const database = new sqlite.Database(file);
    const plans = database.all(`EXPLAIN QUERY PLAN ${sql}`, [1, 2]).map(({ detail }) => String(detail));
    database.close();
    expect(plans.join('\n')).toContain('SEARCH t USING INDEX by_id (id=?)');
  });

  it('sees what others commit, and queries', async () => {
    execute("CREATE TABLE facts (id, v); INSERT INTO facts VALUES (1, 'old')");
    const table = await open('SELECT id, upper(v) AS v FROM facts', ['id INT'], ['v STRING']);
    expect(table.lookup([[1]])).toEqual([[['OLD']]]);
    execute("UPDATE facts SET v = 'new'");
    expect(table.lookup([[1]])).toEqual([[['NEW']]]);
    table.close();
  });

  it.each([
    ['facts', 'nix STRING', /The table facts of .*shop\.db cannot be used: no such column: t\.nix\. It has id, v/],
    ['nix', 'v STRING', /The table nix of .* cannot be used: no such table: nix/],
    ['SELECT FROM', 'v STRING', /The query on .* cannot be used: near "FROM": syntax error/],
  ])('says at the start what is wrong: %s, %s', async (query, added, message) => {
    execute('CREATE TABLE facts (id, v)');
    await expect(open(query, ['id INT'], [added])).rejects.toMatchObject({
      code: 'MR2105',
      domain: 'user',
      message: expect.stringMatching(message) as string,
    });
  });

  it('says that there is no such file', async () => {
    await expect(open('facts', ['id INT'], [])).rejects.toThrow('Could not open the database');
  });
});
