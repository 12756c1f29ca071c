/** With a table that is asked: how much at a time, in what order, what is remembered, and what becomes of failures. */
import { describe, expect, it } from 'vitest';
import { StreamError } from '../../core/errors.ts';
import { shape } from '../../testing/builders.ts';
import { FAKE_EPOCH_MS } from '../../testing/fake-clock.ts';
import { MemoryLookupTable, type MemoryLookupTableOptions } from '../../testing/memory-lookup-table.ts';
import { createHarness, type OperatorHarness } from '../../testing/operator-harness.ts';
import type { Key, Matches } from './lookup-table.ts';
import { QueriedJoin } from './runtime.ts';
import { joinLookupSpec } from './spec.ts';

const ROWS = Array.from({ length: 100 }, (_, i) => [i, `name ${i}`]);

interface Opened {
  readonly harness: OperatorHarness;
  readonly table: MemoryLookupTable;
}

async function open(config: object = {}, options: Partial<MemoryLookupTableOptions> = {}): Promise<Opened> {
  let table: MemoryLookupTable | null = null;
  const harness = await createHarness({
    spec: joinLookupSpec,
    create: (plan, context) => {
      table = new MemoryLookupTable({ rows: ROWS, keys: [0], added: [1], ...options }, context);
      return new QueriedJoin(plan, context, table);
    },
    config: {
      table: {
        type: 'sqlite',
        path: 'none.db',
        query: 'names',
        schema: [
          { name: 'id', type: 'INT' },
          { name: 'name', type: 'STRING' },
        ],
      },
      on: [{ left: 'id', right: 'id' }],
      ...config,
    },
    inputs: [shape('id INT')],
  });
  return { harness, table: table! };
}

const ids = (from: number, count: number): number[][] => Array.from({ length: count }, (_, i) => [from + i]);
const expectedRows = (from: number, count: number): unknown[][] => ids(from, count).map(([id]) => [id, `name ${id}`]);

describe('join.lookup with a table that is asked', () => {
  it('asks for distinct keys together, with no more queries at a time than it may', async () => {
    const { harness, table } = await open({ concurrency: 2 }, { maxKeys: 3, maxMs: 10, concurrency: 2 });
    harness.push(0, [...ids(0, 20), ...ids(0, 20)]);
    expect(harness.pending).toBe('full');
    await harness.settle();
    expect(table.asked.map((keys) => keys.length)).toEqual([3, 3, 3, 3, 3, 3, 2]);
    expect(table.mostUnderWay).toBe(2);
    expect(harness.rows()).toEqual([...expectedRows(0, 20), ...expectedRows(0, 20)]);
  });

  it('keeps the order of batches, whichever answer is first, and does not ask twice for what is under way', async () => {
    const { harness, table } = await open({ concurrency: 10 }, { maxMs: 1000 });
    for (let batch = 0; batch < 9; batch++) harness.push(0, ids(batch * 5, 10));
    expect(harness.pending).toBe('some');
    await harness.settle();
    expect(harness.rows()).toEqual(Array.from({ length: 9 }, (_, batch) => expectedRows(batch * 5, 10)).flat());
    expect(table.asked.flat()).toHaveLength(50);
  });

  it('takes no more batches than it may ask for, also when all keys are known', async () => {
    const { harness } = await open({ concurrency: 3 }, { maxMs: 1000 });
    harness.push(0, ids(0, 1));
    await harness.settle();
    harness.push(0, ids(1, 1));
    harness.push(0, ids(0, 1));
    expect(harness.pending).toBe('some');
    harness.push(0, ids(0, 1));
    expect(harness.pending).toBe('full');
    await harness.settle();
    expect(harness.rows()).toEqual([0, 1, 0, 0].flatMap((id) => expectedRows(id, 1)));
  });

  it('remembers keys for their time, the least recently used shortest, and also that there was no match', async () => {
    const { harness, table } = await open({ cacheTtl: '10 seconds', cacheEntries: 2, kind: 'left' });
    const askedFor = async (...keys: number[]): Promise<unknown> => {
      const before = table.asked.length;
      harness.push(
        0,
        keys.map((key) => [key]),
      );
      await harness.settle();
      return table.asked.slice(before).flat(2);
    };
    expect(await askedFor(1, 500)).toEqual([1, 500]);
    expect(await askedFor(500, 1)).toEqual([]);
    expect(await askedFor(2)).toEqual([2]);
    expect(await askedFor(1)).toEqual([]);
    expect(await askedFor(500)).toEqual([500]);
    harness.advanceTo(FAKE_EPOCH_MS + 10_000);
    expect(await askedFor(500)).toEqual([500]);
  });

  it('asks again, after waits that double, and then fails with table, key and cause', async () => {
    const { harness, table } = await open({ retry: { attempts: 3, backoff: '1 second' } }, { failsEvery: 1 });
    harness.push(0, ids(7, 2));
    await expect(harness.settle()).rejects.toMatchObject({
      code: 'MR2105',
      retryable: true,
      message: 'The table in memory did not answer in 3 attempts for id = 7 and 1 other keys: the line is dead',
    });
    expect(table.asked).toHaveLength(3);
    expect(harness.clock.now()).toBe(FAKE_EPOCH_MS + 3000);
    expect(harness.logs).toHaveLength(2);
  });

  it('goes on when a later attempt answers', async () => {
    const { harness } = await open({ concurrency: 1 }, { failsEvery: 2, maxMs: 5 });
    for (let batch = 0; batch < 10; batch++) {
      harness.push(0, ids(batch, 1));
      await harness.settle();
    }
    expect(harness.rows()).toEqual(expectedRows(0, 10));
    expect(harness.logs.length).toBeGreaterThan(5);
  });

  it('does not ask again where that cannot help', async () => {
    const { harness, table } = await open();
    let asked = 0;
    table.lookup = (keys: readonly Key[]): Promise<readonly Matches[]> => {
      asked++;
      return Promise.reject(new StreamError('MR2105', `not for ${keys.length}`, { domain: 'user', retryable: false }));
    };
    harness.push(0, ids(0, 1));
    await expect(harness.settle()).rejects.toMatchObject({ domain: 'user', retryable: false });
    expect(asked).toBe(1);
  });

  it('abandons what is under way when it is closed', async () => {
    const { harness, table } = await open({}, { maxMs: 10 });
    harness.push(0, ids(0, 5));
    harness.close();
    expect(table.isClosed).toBe(true);
    harness.advanceTo(FAKE_EPOCH_MS + 1000);
    expect(harness.rows()).toEqual([]);
  });
});
