/** Every query in worker threads against its reference. `millrace bench nexmark --verify` does so with more events. */
import { describe, expect, it } from 'vitest';
import { compileDocument } from '../../compiler/index.ts';
import { bundledWorker } from '../../testing/whole-job.ts';
import { ChangelogRows } from './changelog-rows.ts';
import { compareRows, isEqual } from './compare-rows.ts';
import { documentOf, queries } from './queries.ts';
import { Verifier } from './verify.ts';

/** Two hundred seconds, or more than a day, as the query wants. */
const EVENTS = 20_000;

describe('Nexmark', () => {
  const verifier = new Verifier({ events: EVENTS, seed: 7, workerFile: bundledWorker });

  it.each(queries)(
    '$name gives what its reference gives',
    async (query) => {
      for (const parallelism of [1, 2]) {
        const comparison = await verifier.verify(query, parallelism);
        expect(comparison).toMatchObject({ missing: [], unexpected: [] });
        expect(comparison.seen).toBeGreaterThan(0);
      }
    },
    60_000,
  );

  it.each(queries)('$name is a document without anything to be warned of', (query) => {
    expect(compileDocument(documentOf(query), { baseFolder: '/work' }).diagnostics).toEqual([]);
  });
});

describe('compareRows', () => {
  it('sees what is missing, unexpected, and there too often', () => {
    const equal = compareRows([[1, 'a'], [2, null]], [[2, null], [1, 'a']]); // prettier-ignore
    expect(isEqual(equal)).toBe(true);
    const different = compareRows([[1], [1], [2]], [[1], [3], [3]]);
    expect(different).toEqual({ expected: 3, seen: 3, missing: ['[1]', '[2]'], unexpected: ['[3]'] });
    expect(isEqual(different)).toBe(false);
  });
});

describe('ChangelogRows', () => {
  it('keeps what is left in the end, rows that are there twice as well', () => {
    const rows = new ChangelogRows();
    rows.add('{"a":1,"__op":"+I"}\n{"a":1,"__op":"+I"}\n{"a":2,"__op":"+I"}\n');
    rows.add('{"a":2,"__op":"-U"}\n{"a":3,"__op":"+U"}\n{"a":3,"__op":"-D"}\n{"a":4}\n');
    expect(rows.rows()).toEqual([[1], [1], [4]]);
  });

  it('refuses a row that is taken back and is not there', () => {
    const rows = new ChangelogRows();
    rows.add('{"a":1,"__op":"-D"}\n');
    expect(() => rows.rows()).toThrow('[1] was taken back 1 times');
  });
});
