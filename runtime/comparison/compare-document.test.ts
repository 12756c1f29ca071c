import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDocument, type PipelineDocument } from '../graph/index.ts';
import type { ComparisonProgress } from '../protocol/comparison.ts';
import { fakeEngines, handingOn, type FakeEngines } from '../testing/fake-engines.ts';
import { bundledWorker, TestFolder } from '../testing/whole-job.ts';
import { ToolMissing } from './cache.ts';
import { compareDocument, type CompareOptions } from './compare-document.ts';

const folder = new TestFolder();

/** Hands the numbers from 0 on; `source` changes where they come from. */
function numbers(source: object, sink: object = { type: 'sink.table', config: {} }): PipelineDocument {
  const { document } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'Numbers',
    nodes: [
      { id: 'numbers', ...source },
      { id: 'out', ...sink },
    ],
    edges: [{ from: 'numbers', to: 'out' }],
  });
  return document!;
}

function generator(rows: number | null, rowsPerSecond: number | null = null): object {
  const fields = [
    { name: 'n', type: 'BIGINT', expr: 'n' },
    { name: 'half', type: 'DOUBLE', expr: 'n / CAST(2 AS DOUBLE)' },
  ];
  return { type: 'source.generator', config: { rows, rowsPerSecond, fields } };
}

function comparing(document: PipelineDocument, { engines }: FakeEngines, change: Partial<CompareOptions> = {}) {
  const told: ComparisonProgress[] = [];
  const compared = compareDocument(document, {
    setup: engines.flink,
    params: {},
    baseFolder: '/tmp',
    workerFile: bundledWorker,
    maxRows: 1000,
    maxSeconds: 30,
    isLateAllowed: false,
    signal: new AbortController().signal,
    onProgress: (progress) => told.push(progress),
    now: () => 0,
    ...change,
  });
  return { compared, told };
}

describe('comparing with a real engine', () => {
  it('finds the same rows the same, and says how far it is', async () => {
    const fake = fakeEngines(handingOn((rows) => rows));
    // At one row per second it would take a minute: how fast rows come does not matter.
    const { compared, told } = comparing(numbers(generator(60, 1)), fake);
    const { report } = await compared;
    expect(report).toMatchObject({
      engine: 'flink',
      label: 'Fake flink',
      isBatch: false,
      inputs: [{ nodeId: 'numbers', port: 'out', rows: 60, isWhole: true }],
      checks: [{ nodeId: 'out', isMet: true, expectedCount: 60, actualCount: 60 }],
    });
    expect([...new Set(told.map(({ step }) => step))]).toEqual(['start', 'record', 'here', 'there']);
    expect(fake.log).toEqual(['start', 'stop']);
  });

  it('takes the first rows of a source without end, and shows a difference', async () => {
    const fake = fakeEngines(handingOn(([first, second, , ...rest]) => [first!, [second![0], '77'], ...rest]));
    const { report } = await comparing(numbers(generator(null)), fake, { maxRows: 25 }).compared;
    expect(report!.inputs).toEqual([{ nodeId: 'numbers', port: 'out', rows: 25, isWhole: false }]);
    const [check] = report!.checks;
    expect(check).toMatchObject({ isMet: false, expectedCount: 25, actualCount: 24 });
    expect(check!.rows.filter(({ comparison }) => comparison !== 'same')).toMatchObject([
      { comparison: 'changed', changed: ['half'], expected: { values: [1, 0.5] }, actual: { values: [1, 77] } },
      { comparison: 'missing', expected: { values: [2, 1] } },
    ]);
  });

  it('starts nothing for what the engine has no place for', async () => {
    const fake = fakeEngines(handingOn((rows) => rows));
    const sink = { type: 'sink.http', config: { url: 'http://127.0.0.1:9/' } };
    const { report, diagnostics } = await comparing(numbers(generator(1), sink), fake).compared;
    expect(report).toBeNull();
    expect(diagnostics).toContainEqual(expect.objectContaining({ code: 'MR2401', nodeId: 'out' }));
    expect(fake.log).toEqual([]);
  });

  it('says what is missing, and why an engine refuses', async () => {
    const missing = fakeEngines(
      handingOn((rows) => rows),
      new ToolMissing('Java is needed', 'Install it'),
    );
    await expect(comparing(numbers(generator(1)), missing).compared).rejects.toMatchObject({ code: 'MR2403', remedy: 'Install it' }); // prettier-ignore
    const refusing = fakeEngines(() => Promise.reject(new Error('no such connector')));
    await expect(comparing(numbers(generator(1)), refusing).compared).rejects.toMatchObject({ code: 'MR2404', message: 'Fake flink: no such connector' }); // prettier-ignore
    expect(refusing.log).toEqual(['start', 'stop']);
  });

  it('says so when no row comes in time', async () => {
    writeFileSync(folder.within('empty.jsonl'), '');
    const silent = { type: 'source.file', config: { path: 'empty.jsonl', format: 'jsonl', follow: true, schema: [{ name: 'n', type: 'INT' }] } }; // prettier-ignore
    const fake = fakeEngines(handingOn((rows) => rows));
    const { compared } = comparing(numbers(silent), fake, { baseFolder: folder.path, maxSeconds: 0.05 });
    await expect(compared).rejects.toMatchObject({ code: 'MR2405' });
  });

  it('ends when it is cancelled', async () => {
    const cancel = new AbortController();
    const fake = fakeEngines(() => {
      cancel.abort(new Error('enough'));
      return Promise.reject(new Error('killed'));
    });
    await expect(comparing(numbers(generator(1)), fake, { signal: cancel.signal }).compared).rejects.toThrow('enough');
    expect(fake.log).toEqual(['start', 'stop']);
  });
});
