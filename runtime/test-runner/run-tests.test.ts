import { describe, expect, it } from 'vitest';
import { readDocument, type PipelineDocument } from '../graph/index.ts';
import type { ComparedRow, RowCheck, TestReport } from '../protocol/test-report.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { simulatedNode } from '../testing/simulated-job.ts';
import { runTestCase } from './index.ts';

const fields = [
  { name: 'user', type: 'STRING' },
  { name: 'n', type: 'BIGINT' },
  { name: 'ts', type: 'TIMESTAMP' },
];

function source(id: string, eventTime: object = {}): object {
  return simulatedNode(id, 'source.file', {
    path: 'not-there.jsonl',
    format: 'jsonl',
    schema: fields,
    eventTime: { field: 'ts', maxOutOfOrdernessMs: 5000, ...eventTime },
  });
}

const perMinute = simulatedNode('perMinute', 'aggregate.window', {
  groupBy: ['user'],
  window: { type: 'tumbling', size: '1 minute' },
  aggregates: [{ as: 'total', fn: 'SUM', expr: 'n' }],
});

const out = simulatedNode('out', 'sink.file', { path: 'never-written', format: 'jsonl' });

const windows = {
  nodes: [source('clicks'), perMinute, out],
  edges: [
    { from: 'clicks', to: 'perMinute' },
    { from: 'perMinute', to: 'out' },
  ],
};

const at = (time: string): string => `2026-01-01T${time}Z`;
const row = (user: string, n: number, time: string): object => ({ user, n, ts: at(time) });

function documentOf(parts: object, ...tests: object[]): PipelineDocument {
  const { document, diagnostics } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'tested',
    ...parts,
    tests: tests.map((one, i) => ({ name: `case ${i}`, ...one })),
  });
  expect(diagnostics).toEqual([]);
  return document!;
}

interface Extra {
  readonly files?: MemoryFiles;
  readonly allowsUserCode?: boolean;
  readonly timeoutMs?: number;
  readonly subPipelines?: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal;
}

async function run(
  parts: object,
  test: object,
  { files = new MemoryFiles(), ...extra }: Extra = {},
): Promise<TestReport> {
  let time = 0;
  const options = { baseFolder: '/job', files, allowsUserCode: true, timeoutMs: 1e6, now: () => time++, ...extra };
  const report = await runTestCase(documentOf(parts, test), 0, options);
  expect(files.paths().filter((path) => path.includes('never-written'))).toEqual([]);
  return report;
}

/** `= a 1`, `- …` missing, `+ …` unexpected, `~ … (n)` changed. */
function shown({ rows, fields: names }: RowCheck): string[] {
  const signs = { same: '=', missing: '-', unexpected: '+', changed: '~', moved: '>' };
  const text = (one: ComparedRow): string =>
    names.flatMap((name, i) => (name.startsWith('window') ? [] : [(one.actual ?? one.expected)!.values[i]])).join(' ');
  return rows.map((one) => `${signs[one.comparison]} ${text(one)} ${one.changed.join()}`.trim());
}

const windowRow = (user: string, total: number, start = '00:00:00', end = '00:01:00'): object => ({
  user,
  total,
  window_start: at(start),
  window_end: at(end),
});

const cities = {
  nodes: [
    source('clicks'),
    simulatedNode('lookup', 'join.lookup', {
      table: {
        type: 'file',
        path: 'users.csv',
        schema: [
          { name: 'id', type: 'STRING' },
          { name: 'city', type: 'STRING' },
        ],
      },
      on: [{ left: 'user', right: 'id' }],
      fields: [{ field: 'city' }],
    }),
    out,
  ],
  edges: [
    { from: 'clicks', to: 'lookup' },
    { from: 'lookup', to: 'out' },
  ],
};

describe('a test case', () => {
  it('passes when the rows come that are expected', async () => {
    const report = await run(windows, {
      steps: [{ node: 'clicks', rows: [row('a', 1, '00:00:10'), row('a', 2, '00:00:20'), row('b', 3, '00:00:30')] }],
      expect: [{ node: 'out', rows: [windowRow('b', 3), windowRow('a', 3)] }],
    });
    expect(report).toMatchObject({ status: 'passed', error: null, diagnostics: [], parallelism: 1 });
  });

  it('moves the watermark with the rows, as the source says, and further where the case says so', async () => {
    const expectation = { node: 'perMinute', port: 'late', rows: [row('a', 9, '00:00:50')] };
    const late = row('a', 9, '00:00:50');
    const byRows = { steps: [{ node: 'clicks', rows: [row('a', 1, '00:01:05'), late] }], expect: [expectation] };
    expect((await run(windows, byRows)).status).toBe('passed');
    const step = (time: string): object[] => [
      { node: 'clicks', watermark: at(time) },
      { node: 'clicks', rows: [late] },
    ];
    expect((await run(windows, { steps: step('00:00:59.999'), expect: [expectation] })).status).toBe('passed');
    expect((await run(windows, { steps: step('00:00:59.998'), expect: [expectation] })).status).toBe('failed');
  });

  it('shows which rows are missing, unexpected and changed', async () => {
    const report = await run(windows, {
      steps: [{ node: 'clicks', rows: [row('a', 1, '00:00:10'), row('b', 2, '00:00:20'), row('c', 3, '00:00:30')] }],
      expect: [
        { node: 'out', rows: [windowRow('a', 1), windowRow('b', 7), windowRow('z', 70, '00:05:00', '00:06:00')] },
      ],
    });
    expect([report.status, ...report.checks.map(shown)]).toEqual([
      'failed',
      ['= a 1', '~ b 2 total', '+ c 3', '- z 70'],
    ]);
  });

  it('leaves windows open when the input does not end', async () => {
    const steps = [{ node: 'clicks', rows: [row('a', 1, '00:00:10'), row('a', 1, '00:01:05')] }];
    const expectation = [{ node: 'out', rows: [windowRow('a', 1)] }];
    expect((await run(windows, { steps, endOfInput: false, expect: expectation })).status).toBe('passed');
    expect((await run(windows, { steps, expect: expectation })).status).toBe('failed');
  });

  it('lets processing time go by: an idle source holds nobody back', async () => {
    const parts = {
      nodes: [
        source('left'),
        source('right', { idleTimeoutMs: 10_000 }),
        simulatedNode('all', 'union', {}),
        perMinute,
        out,
      ],
      edges: [
        { from: 'left', to: 'all' },
        { from: 'right', to: 'all' },
        { from: 'all', to: 'perMinute' },
        { from: 'perMinute', to: 'out' },
      ],
    };
    const rows = [
      { node: 'right', rows: [row('a', 1, '00:00:10')] },
      { node: 'left', rows: [row('a', 2, '00:05:00')] },
    ];
    const closed = [{ node: 'out', rows: [windowRow('a', 1)] }];
    const fired = async (...steps: object[]): Promise<boolean> =>
      (await run(parts, { steps: [...rows, ...steps], endOfInput: false, expect: closed })).status === 'passed';
    expect(await fired()).toBe(false);
    expect(await fired({ advance: '9 seconds' })).toBe(false);
    expect(await fired({ advance: '10 seconds' })).toBe(true);
    expect(await fired({ node: 'right', idle: true })).toBe(true);
    expect(await fired({ node: 'right', end: true })).toBe(true);
    // A source that the case does not name is idle from the start.
    const onlyLeft = { steps: [{ node: 'left', rows: [row('a', 1, '00:00:10'), row('a', 2, '00:05:00')] }] };
    expect((await run(parts, { ...onlyLeft, endOfInput: false, expect: closed })).status).toBe('passed');
  });

  it('starts processing time where it says', async () => {
    const parts = {
      nodes: [
        source('clicks'),
        simulatedNode('perMinute', 'aggregate.window', {
          groupBy: [],
          window: { type: 'tumbling', size: '1 minute', time: 'processing' },
          aggregates: [{ as: 'total', fn: 'SUM', expr: 'n' }],
        }),
        out,
      ],
      edges: windows.edges,
    };
    const report = await run(parts, {
      startAt: '2026-05-05T05:05:30Z',
      endOfInput: false,
      steps: [
        { node: 'clicks', rows: [row('a', 1, '00:00:00')] },
        { advance: '29 seconds' },
        { node: 'clicks', rows: [row('a', 2, '00:00:00')] },
        { advance: '1 second' },
      ],
      expect: [
        { node: 'out', rows: [{ window_start: '2026-05-05T05:05:00Z', window_end: '2026-05-05T05:06:00Z', total: 3 }] },
      ],
    });
    expect([report.status, report.checks.map(shown)]).toEqual(['passed', [['= 3']]]);
  });

  it('takes the place of a node between, and leaves out what came before it', async () => {
    const rows = [{ ...row('a', 4, '00:00:10'), city: 'Ulm', __time: at('00:00:10') }];
    const steps = [{ node: 'lookup', rows }];
    // There is no table, and no row is looked up in it.
    const report = await run(cities, {
      steps,
      expect: [
        { node: 'out', rows },
        { node: 'lookup', rows },
      ],
    });
    expect([report.status, report.diagnostics, report.error]).toEqual(['passed', [], null]);
    const untimed = await run(cities, { steps: [{ node: 'lookup', rows: [row('a', 4, '00:00:10')] }], expect: [] });
    expect([untimed.status, untimed.diagnostics.map(({ code }) => code)]).toEqual(['error', ['MR1903']]);
  });

  it('stands for a composite too, and looks at its output', async () => {
    const parts = {
      nodes: [
        source('clicks'),
        simulatedNode('big', 'sql', { inputs: [{ name: 'c' }], query: 'SELECT user, n FROM c WHERE n > 1' }),
        out,
      ],
      edges: [
        { from: 'clicks', to: 'big', toPort: 'c' },
        { from: 'big', to: 'out' },
      ],
    };
    const expectation = [{ node: 'out', rows: [{ user: 'a', n: 2 }] }];
    const rows = [row('a', 1, '00:00:00'), row('a', 2, '00:00:00')];
    const looked = await run(parts, {
      steps: [{ node: 'clicks', rows }],
      expect: [...expectation, { ...expectation[0], node: 'big' }],
    });
    expect([looked.status, looked.diagnostics]).toEqual(['passed', []]);
    const played = {
      steps: [{ node: 'big', rows: [{ user: 'a', n: 2, __time: at('00:00:00') }] }],
      expect: expectation,
    };
    expect((await run(parts, played)).status).toBe('passed');
  });

  it('compares changes, or the table that they leave', async () => {
    const parts = {
      nodes: [
        source('clicks'),
        simulatedNode('count', 'aggregate.running', {
          groupBy: ['user'],
          aggregates: [{ as: 'rows', fn: 'COUNT', expr: '*' }],
        }),
        simulatedNode('shown', 'sink.print', {}),
      ],
      edges: [
        { from: 'clicks', to: 'count' },
        { from: 'count', to: 'shown' },
      ],
    };
    const steps = ['a', 'a', 'b'].map((user) => ({ node: 'clicks', rows: [row(user, 1, '00:00:00')] }));
    const changes = [
      { user: 'a', rows: 1 },
      { user: 'a', rows: 1, __op: '-U' },
      { user: 'a', rows: 2, __op: '+U' },
      { user: 'b', rows: 1 },
    ];
    const table = [
      { user: 'a', rows: 2 },
      { user: 'b', rows: 1 },
    ];
    const report = await run(parts, {
      steps,
      expect: [
        { node: 'shown', order: 'exact', rows: changes },
        { node: 'shown', updates: 'table', rows: table },
      ],
    });
    expect(report.checks.map(({ isMet, hasUpdates }) => [isMet, hasUpdates])).toEqual([
      [true, true],
      [true, false],
    ]);
  });

  it('runs with each parallelism, and says at which it failed', async () => {
    const steps = [{ node: 'clicks', rows: ['a', 'b', 'c', 'd'].map((user) => row(user, 1, '00:00:00')) }];
    const rows = ['d', 'c', 'b', 'a'].map((user) => windowRow(user, 1));
    const parallel = await run(windows, { steps, parallelism: [1, 3], expect: [{ node: 'out', rows }] });
    expect(parallel).toMatchObject({ status: 'passed', parallelism: 3 });
  });

  it('is the same at every run', async () => {
    const steps = [{ node: 'clicks', rows: ['a', 'b', 'c', 'd'].map((user) => row(user, 1, '00:00:00')) }];
    const test = { steps, parallelism: [3], expect: [{ node: 'out', rows: [] }] };
    const [one, other] = [await run(windows, test), await run(windows, test)];
    expect(one.checks.map(shown)).toEqual(other.checks.map(shown));
    expect(one.checks[0]!.actualCount).toBe(4);
  });

  it('names the step in which an operator failed', async () => {
    const parts = {
      nodes: [source('clicks'), simulatedNode('half', 'project', { fields: [{ as: 'q', expr: '100 / n' }] }), out],
      edges: [
        { from: 'clicks', to: 'half' },
        { from: 'half', to: 'out' },
      ],
    };
    const report = await run(parts, {
      steps: [
        { node: 'clicks', rows: [row('a', 1, '00:00:00')] },
        { node: 'clicks', rows: [row('a', 0, '00:00:00')] },
      ],
      expect: [{ node: 'out', rows: [] }],
    });
    expect(report).toMatchObject({ status: 'error', failedStep: 1, error: { nodeId: 'half' } });
  });

  it('looks at what comes to a sink that has a port for what it refuses, and sends nothing', async () => {
    const send = simulatedNode('send', 'sink.http', { url: 'http://api.example/rows', onError: 'reject' });
    const refused = simulatedNode('refused', 'sink.table', {});
    const edges = [
      { from: 'clicks', to: 'send' },
      { from: 'send', fromPort: 'rejected', to: 'refused' },
    ];
    const parts = { nodes: [source('clicks'), send, refused], edges };
    const steps = [{ node: 'clicks', rows: [row('a', 1, '00:00:00')] }];
    const expected = [
      { node: 'send', rows: [row('a', 1, '00:00:00')] },
      { node: 'send', port: 'rejected', rows: [] },
    ];
    const report = await run(parts, { steps, expect: [...expected, { node: 'refused', rows: [] }] });
    expect([report.status, report.diagnostics, report.error]).toEqual(['passed', [], null]);
    const answered = { ...row('a', 1, '00:00:00'), http_status: 400, http_answer: 'no' };
    const played = { ...answered, __time: at('00:00:00') };
    const playing = { steps: [{ node: 'send', port: 'rejected', rows: [played] }] };
    expect(await run(parts, { ...playing, expect: [{ node: 'refused', rows: [answered] }] })).toMatchObject({
      status: 'passed',
    });
  });

  it('writes nothing in a sub-pipeline either', async () => {
    const inner = {
      format: 'millrace/pipeline',
      version: 1,
      name: 'Keep',
      nodes: [
        simulatedNode('rows', 'subpipeline.input', { port: 'rows', schema: fields }),
        simulatedNode('kept', 'sink.file', { path: 'never-written', format: 'jsonl' }),
        simulatedNode('on', 'subpipeline.output', {}),
      ],
      edges: [
        { from: 'rows', to: 'kept' },
        { from: 'rows', to: 'on' },
      ],
    };
    const parts = {
      nodes: [source('clicks'), simulatedNode('keep', 'subpipeline', { path: 'keep.pipeline.json' }), out],
      edges: [
        { from: 'clicks', to: 'keep', toPort: 'rows' },
        { from: 'keep', to: 'out' },
      ],
    };
    const subPipelines = new Map([['keep.pipeline.json', JSON.stringify(inner)]]);
    const rows = [row('a', 1, '00:00:00')];
    const test = { steps: [{ node: 'clicks', rows }], expect: [{ node: 'out', rows }] };
    const report = await run(parts, test, { subPipelines });
    expect([report.status, report.diagnostics, report.error]).toEqual(['passed', [], null]);
  });

  it('reads tables', async () => {
    const files = new MemoryFiles();
    files.write('/job/users.csv', 'id,city\na,Ulm\n');
    const steps = [{ node: 'clicks', rows: [row('a', 1, '00:00:00')] }];
    const expectation = { node: 'out', rows: [{ ...row('a', 1, '00:00:00'), city: 'Ulm' }] };
    const report = await run(cities, { steps, expect: [expectation] }, { files });
    expect([report.status, report.diagnostics, report.error]).toEqual(['passed', [], null]);
  });

  it('gives params in place of those of the document', async () => {
    const parts = {
      settings: { params: { limit: 1 } },
      nodes: [source('clicks'), simulatedNode('some', 'filter', { condition: 'n > ${limit}' }), out],
      edges: [
        { from: 'clicks', to: 'some' },
        { from: 'some', to: 'out' },
      ],
    };
    const steps = [{ node: 'clicks', rows: [row('a', 2, '00:00:00')] }];
    const counts = async (params: object): Promise<unknown> =>
      (await run(parts, { steps, params, expect: [{ node: 'out', rows: [] }] })).checks[0]?.actualCount;
    expect([await counts({}), await counts({ limit: 2 })]).toEqual([1, 0]);
  });

  it('does not run with errors, or with code that nobody trusts', async () => {
    const steps = [{ node: 'clicks', rows: [{ user: 'a', n: 'many', ts: at('00:00:00') }] }];
    const wrong = await run(windows, { steps, expect: [{ node: 'out', rows: [] }] });
    expect(wrong.diagnostics).toEqual([
      {
        severity: 'error',
        code: 'MR1902',
        message: 'test "case 0", step 1, row 1, field "n": "many" is no BIGINT for "n"',
        path: 'tests[0].steps[0].rows[0].n',
      },
    ]);
    const parts = {
      nodes: [
        source('clicks'),
        simulatedNode('code', 'process.js', {
          code: 'export function onRow(row, ctx) { ctx.emit({ user: row.user }); }',
          outputSchema: [{ name: 'user', type: 'STRING' }],
        }),
        out,
      ],
      edges: [
        { from: 'clicks', to: 'code' },
        { from: 'code', to: 'out' },
      ],
    };
    const untrusted = await run(parts, { expect: [{ node: 'out', rows: [] }] }, { allowsUserCode: false });
    expect(untrusted.diagnostics.map(({ code }) => code)).toContain('MR2305');
  });

  it('ends after its time, and when it is cancelled', async () => {
    const test = {
      steps: [{ node: 'clicks', rows: [row('a', 1, '00:00:00')] }],
      expect: [{ node: 'out', rows: [] }],
    };
    expect(await run(windows, test, { timeoutMs: 0 })).toMatchObject({ status: 'error', error: { code: 'MR2502' } });
    await expect(run(windows, test, { signal: AbortSignal.abort(new Error('no longer wanted')) })).rejects.toThrow(
      'no longer wanted',
    );
  });
});
