import { describe, expect, it } from 'vitest';
import type { TestReport, TestRequest } from '../protocol/test-report.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { createTestRuns } from './test-runs.ts';

const schema = [{ name: 'n', type: 'INT' }];
const text = JSON.stringify({
  format: 'millrace/pipeline',
  version: 1,
  name: 'tested',
  nodes: [
    { id: 'numbers', type: 'source.file', config: { path: 'x.jsonl', format: 'jsonl', schema } },
    { id: 'out', type: 'sink.print', config: {} },
  ],
  edges: [{ from: 'numbers', to: 'out' }],
  tests: ['a', 'b', 'c'].map((name) => ({
    name,
    steps: [{ node: 'numbers', rows: [{ n: 1 }] }],
    expect: [{ node: 'out', rows: name === 'b' ? [] : [{ n: 1 }] }],
  })),
});

const engine = createTestRuns({ files: new MemoryFiles(), now: () => 0 });

async function run(
  change: Partial<TestRequest> = {},
  onReport: (report: TestReport) => void = () => {},
): Promise<string[]> {
  const reports: string[] = [];
  const request = { runId: 'r', text, folder: '/job', cases: null, allowsUserCode: true, timeoutMs: 1e6, ...change };
  await engine.runTests(request, (report) => {
    reports.push(`${report.name} ${report.status}`);
    onReport(report);
  });
  return reports;
}

describe('test runs', () => {
  it('report each case, or those that are asked for', async () => {
    expect(await run()).toEqual(['a passed', 'b failed', 'c passed']);
    expect(await run({ cases: [2, 7] })).toEqual(['c passed']);
  });

  it('refuse a text that is no document', async () => {
    await expect(run({ text: '{' })).rejects.toMatchObject({ code: 'MR1001', diagnostics: [{ code: 'MR1001' }] });
  });

  it('end when they are cancelled, and only they', async () => {
    const reported: string[] = [];
    const cancelled = run({}, ({ name }) => {
      reported.push(name);
      void engine.cancelTests('r');
    });
    const other = run({ runId: 'other' });
    await expect(cancelled).rejects.toThrow('cancelled');
    expect(reported).toEqual(['a']);
    expect(await other).toHaveLength(3);
    await engine.cancelTests('r');
  });
});
