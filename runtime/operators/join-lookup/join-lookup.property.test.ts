/** The operator against its oracle, with crashes at any place: a file, a database, and a table that answers late, in any order, and not always. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc, { type Arbitrary } from 'fast-check';
import sqlite from 'node-sqlite3-wasm';
import { afterAll, describe, expect, it } from 'vitest';
import { INT, STRING, type Value } from '../../core/types.ts';
import type { OperatorFactory } from '../../core/operator.ts';
import { shape } from '../../testing/builders.ts';
import { MemoryFiles } from '../../testing/memory-files.ts';
import {
  anyOracleTrial,
  inMemory,
  isAlone,
  printed,
  runOperator,
  runOracle,
  type OracleTrial,
} from '../../testing/oracle-trials.ts';
import { propertyRuns } from '../../testing/property-runs.ts';
import { lookUp, type ReferenceLookup } from '../../testing/reference/lookup-join.ts';
import { MemoryLookupTable } from '../../testing/memory-lookup-table.ts';
import { createJoinLookup, QueriedJoin } from './runtime.ts';
import { joinLookupSpec, type JoinLookupConfig } from './spec.ts';

const INPUT = shape('k INT, s STRING, v INT', { eventTime: true, changelog: 'update' });
const SCHEMA = [
  { name: 'id', type: 'INT' },
  { name: 'part', type: 'STRING' },
  { name: 'label', type: 'STRING' },
];
const TABLE_FIELDS = [
  { name: 'id', type: INT, nullable: true },
  { name: 'part', type: STRING, nullable: true },
  { name: 'label', type: STRING, nullable: true },
];

const anyInt = fc.option(fc.integer({ min: 0, max: 4 }), { freq: 5 });
/** Parts that would run together if keys were only strung up. */
const anyPart = fc.option(fc.constantFrom('a', 'b', '1', '1:a'), { freq: 5 });

interface Case {
  readonly reference: ReferenceLookup;
  readonly settings: object;
  readonly trial: OracleTrial;
}

const anyCase: Arbitrary<Case> = fc.record({
  reference: fc.record({
    // Labels tell rows apart; the order of several matches is that of the table.
    table: fc
      .array(fc.tuple(anyInt, anyPart), { maxLength: 12 })
      .map((rows) => rows.map(([id, part], i): Value[] => [id, part, `row ${i}`])),
    on: fc.constantFrom([[0, 0] as const], [[1, 1] as const], [[0, 0] as const, [1, 1] as const]),
    added: fc.constantFrom([2], [2, 0], [2, 1, 0]),
    kind: fc.constantFrom('inner' as const, 'left' as const),
  }),
  settings: fc.record({
    cacheTtl: fc.constantFrom('0 seconds', '5 milliseconds', '1 minute'),
    cacheEntries: fc.constantFrom(1, 2, 100),
    concurrency: fc.integer({ min: 1, max: 3 }),
  }),
  trial: anyOracleTrial({
    backend: inMemory,
    row: fc.tuple(anyInt, anyPart),
    values: ([k, s], eventTime) => [k, s, eventTime],
    hasUpdates: [true],
  }),
});

function configOf({ reference, settings }: Case, table: object): Record<string, unknown> {
  const left = ['k', 's'];
  return {
    ...settings,
    table: { ...table, schema: SCHEMA },
    on: reference.on.map(([l, r]) => ({ left: left[l], right: SCHEMA[r]!.name })),
    fields: reference.added.map((field) => ({ field: SCHEMA[field]!.name })),
    kind: reference.kind,
  };
}

async function agree(
  one: Case,
  table: object,
  create: OperatorFactory<JoinLookupConfig> = createJoinLookup,
  files = new MemoryFiles(),
): Promise<void> {
  const subject = { spec: joinLookupSpec, create, config: configOf(one, table), inputs: [INPUT], files };
  const seen = await runOperator(subject, one.trial);
  const expected = runOracle(
    {
      row: ({ values, eventTime, kind }) =>
        lookUp(one.reference, values).map((all) => ({ values: all, eventTime, kind })),
    },
    one.trial,
  );
  const isOrdered = isAlone(one.trial);
  expect(printed(seen, { isOrdered })).toEqual(printed(expected, { isOrdered }));
}

describe('join.lookup agrees with its oracle', () => {
  it('in a file', async () => {
    const print = (value: Value): string => (value === null ? '' : String(value));
    await fc.assert(
      fc.asyncProperty(anyCase, fc.boolean(), async (one, isCsv) => {
        const files = new MemoryFiles();
        const { table } = one.reference;
        const name = isCsv ? 'table.csv' : 'table.jsonl';
        const lines = isCsv
          ? ['id,part,label', ...table.map((row) => row.map(print).join(','))]
          : table.map(([id, part, label]) => JSON.stringify({ id, part, label }));
        files.write(`/data-folder/${name}`, [...lines, ''].join('\n'));
        await agree(one, { type: 'file', path: name }, createJoinLookup, files);
      }),
      propertyRuns(150),
    );
  });

  it('in a table that answers late, in any order, and at times only when asked again', async () => {
    await fc.assert(
      fc.asyncProperty(anyCase, fc.integer({ min: 1, max: 3 }), async (one, maxKeys) => {
        const create: OperatorFactory<JoinLookupConfig> = (plan, context) => {
          const keys = one.reference.on.map(([, right]) => right);
          const { added, table } = one.reference;
          const options = {
            rows: table,
            keys,
            added,
            maxKeys,
            maxMs: 50,
            failsEvery: 5,
            concurrency: plan.config.concurrency,
          };
          return new QueriedJoin(plan, context, new MemoryLookupTable(options, context));
        };
        await agree(one, { type: 'sqlite', path: 'none.db', query: 'none' }, create);
      }),
      propertyRuns(150),
    );
  });

  describe('in SQLite', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'millrace-lookup-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    it('as a table and as a query', async () => {
      let cases = 0;
      await fc.assert(
        fc.asyncProperty(anyCase, fc.boolean(), async (one, isQuery) => {
          const file = path.join(folder, `${cases++}.db`);
          const database = new sqlite.Database(file);
          const columns = TABLE_FIELDS.map(({ name }) => name).join(', ');
          database.exec(`CREATE TABLE facts (${columns}); CREATE INDEX by_id ON facts (id)`);
          for (const row of one.reference.table) database.run('INSERT INTO facts VALUES (?, ?, ?)', row as string[]);
          database.close();
          const query = isQuery ? 'SELECT * FROM facts ORDER BY rowid' : 'facts';
          await agree(one, { type: 'sqlite', path: file, query });
        }),
        propertyRuns(40),
      );
    });
  });
});
