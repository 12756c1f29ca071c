import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeIo, fakeServices, withFolder } from './fake-io.ts';
import { runCli } from './run-cli.ts';

const rows = (...numbers: number[]): object[] => numbers.map((n) => ({ n, half: n / 2 }));
const inputs = [{ node: 'numbers', rows: [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ n })) }];
const document = {
  format: 'millrace/pipeline',
  version: 1,
  name: 'tested',
  nodes: [
    {
      id: 'numbers',
      type: 'source.file',
      config: { path: 'x.jsonl', format: 'jsonl', schema: [{ name: 'n', type: 'INT' }] },
    },
    {
      id: 'halves',
      type: 'project',
      config: { keepAll: true, fields: [{ as: 'half', expr: 'n / CAST(2 AS DOUBLE)' }] },
    },
    { id: 'out', type: 'sink.file', config: { path: 'out.jsonl', format: 'jsonl' } },
  ],
  edges: [
    { from: 'numbers', to: 'halves' },
    { from: 'halves', to: 'out' },
  ],
  tests: [
    { name: 'halves them', steps: inputs, expect: [{ node: 'out', rows: rows(1, 2, 3, 4, 5, 6, 7, 8) }] },
    {
      name: 'a wrong idea',
      steps: inputs,
      expect: [{ node: 'out', order: 'exact', rows: [...rows(1, 2, 3, 4), { n: 5, half: 3 }, ...rows(6, 7, 9)] }],
    },
    { name: 'no number', steps: [{ node: 'numbers', rows: [{ n: 'x' }] }], expect: [{ node: 'out', rows: [] }] },
  ],
};
const good = { ...document, tests: document.tests.slice(0, 1) };
const files = {
  'p.pipeline.json': JSON.stringify(document),
  'good.pipeline.json': JSON.stringify(good),
  'none.pipeline.json': JSON.stringify({ ...document, tests: [] }),
  'broken.json': '{',
};

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function millrace(args: readonly string[], read: (folder: string) => void = () => undefined): Promise<Outcome> {
  let outcome: Outcome | null = null;
  await withFolder(files, async (cwd) => {
    const io = fakeIo({ cwd });
    const code = await runCli(['test', ...args], io, fakeServices([], null));
    outcome = { code, out: io.out(), err: io.err() };
    expect(existsSync(path.join(cwd, 'out.jsonl'))).toBe(false);
    read(cwd);
  });
  return outcome!;
}

describe('test', () => {
  it('says what passed, and shows how rows differ', async () => {
    const { code, out, err } = await millrace(['p.pipeline.json']);
    expect(code).toBe(1);
    expect(err).toBe('1 case passed, 2 failed in 1 file\n');
    expect(out).toMatchInlineSnapshot(`
      "p.pipeline.json
        ✓ halves them (0 ms)
        ✗ a wrong idea (0 ms)
            out: expected 8 rows, got 8
              … 2 rows as expected
              = {"n":3,"half":1.5}
              = {"n":4,"half":2}
              ~ {"n":5,"half":2.5}
                  half: expected 3, got 2.5
              = {"n":6,"half":3}
              = {"n":7,"half":3.5}
              + {"n":8,"half":4}   unexpected
              - {"n":9,"half":4.5}   missing
        ✗ no number (0 ms)
            tests[2].steps[0].rows[0].n: error MR1902: test "no number", step 1, row 1, field "n": "x" is no INT for "n"
      "
    `);
  });

  it('is content when all pass, and has nothing to say without cases', async () => {
    expect(await millrace(['good.pipeline.json', 'none.pipeline.json'])).toEqual({
      code: 0,
      out: 'good.pipeline.json\n  ✓ halves them (0 ms)\n',
      err: '1 case passed in 2 files\n',
    });
    expect(await millrace(['none.pipeline.json'])).toEqual({ code: 0, out: '', err: 'no test cases in 1 file\n' });
  });

  it('runs the cases that are named, as JSON lines on request', async () => {
    const { code, out, err } = await millrace([
      'p.pipeline.json',
      'good.pipeline.json',
      '--json',
      '--case',
      'halves them',
    ]);
    expect([code, err]).toEqual([0, '']);
    const reports = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(reports).toMatchObject(
      ['p.pipeline.json', 'good.pipeline.json'].map((file) => ({ file, name: 'halves them', status: 'passed' })),
    );
  });

  it('writes a report for build servers', async () => {
    let xml = '';
    await millrace(['p.pipeline.json', '--junit', 'report.xml'], (folder) => {
      xml = readFileSync(path.join(folder, 'report.xml'), 'utf8');
    });
    expect(xml).toContain('<testsuite name="p.pipeline.json" tests="3" failures="1" errors="1" skipped="0">');
    expect(xml).toContain('half: expected 3, got 2.5');
    expect(xml).toMatch(/<error message="[^"]*MR1902[^"]*" type="MR1902">/);
  });

  it('refuses files that cannot be read, names that are not there, and a time that is none', async () => {
    expect(await millrace(['good.pipeline.json', 'broken.json'])).toMatchObject({ code: 1, out: '' });
    const unknown = await millrace(['good.pipeline.json', '--case', 'halfs']);
    expect(unknown).toMatchObject({ code: 2, out: '' });
    expect(unknown.err).toContain('there is no case "halfs"; there are "halves them"');
    expect(await millrace(['good.pipeline.json', '--timeout', '0'])).toMatchObject({ code: 2 });
    expect(await millrace([])).toMatchObject({ code: 2 });
  });
});
