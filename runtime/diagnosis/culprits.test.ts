import { describe, expect, it } from 'vitest';
import { observedJob, writtenReport, type WrittenSubtask } from '../testing/observed-jobs.ts';
import { generator, simulatedNode } from '../testing/simulated-job.ts';
import { findCulprits, findStarvation } from './index.ts';

const fields = [
  ['n', 'BIGINT', 'n'],
  ['k', 'BIGINT', 'n % 10'],
] as const;
const count = (id: string, parallelism = 2) =>
  simulatedNode(
    id,
    'aggregate.running',
    { groupBy: ['k'], aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }] },
    parallelism,
  );
const edge = (from: string, to: string) => ({ from, to });

/** in → count → out, none chained to another. */
const line = {
  nodes: [generator('in', fields, {}), count('count'), simulatedNode('out', 'sink.print', {}, 3)],
  edges: [edge('in', 'count'), edge('count', 'out')],
};
/** in → count → out, and in → other → end. */
const fork = {
  nodes: [...line.nodes, count('other'), simulatedNode('end', 'sink.print', {}, 3)],
  edges: [...line.edges, edge('in', 'other'), edge('other', 'end')],
};
/** in (with a sink in its task). */
const chain = {
  nodes: [generator('in', fields, {}), simulatedNode('send', 'sink.http', { url: 'http://localhost/rows' })],
  edges: [edge('in', 'send')],
};

type Written = Readonly<Record<string, readonly WrittenSubtask[]>>;

function observed(raw: object, operators: Written, queues: Readonly<Record<string, number>> = {}, reports = 6) {
  const report = (at: number) => writtenReport(raw, operators, queues, at);
  return observedJob(
    raw,
    Array.from({ length: reports }, (_, i) => report(i * 500)),
  );
}

const twice = (one: WrittenSubtask): readonly WrittenSubtask[] => [one, one];
const BLOCKED = { blocked: 0.9, busy: 0.1 };

describe('the culprit of backpressure', () => {
  it.each<[string, object, Written, Readonly<Record<string, number>>, readonly (readonly [string, string])[]]>([
    [
      'an operator that needs the processor',
      line,
      { in: [BLOCKED], count: twice({ busy: 0.98 }) },
      { count: 1 },
      [['count', 'cpu']],
    ],
    [
      'the last of several that are held up',
      line,
      { in: [BLOCKED], count: twice(BLOCKED), out: [{ busy: 1 }, { busy: 1 }, { busy: 1 }] },
      { count: 1, out: 1 },
      [['out', 'slowSink']],
    ],
    [
      'each branch has its own',
      fork,
      {
        in: [BLOCKED],
        count: twice({ busy: 0.9 }),
        other: twice(BLOCKED),
        end: [{ busy: 1 }, { busy: 1 }, { busy: 1 }],
      },
      { count: 1, other: 1, end: 1 },
      [
        ['count', 'cpu'],
        ['end', 'slowSink'],
      ],
    ],
    [
      'not the busy one of two whose queue is empty',
      fork,
      { in: [BLOCKED], count: twice({ busy: 0.7 }), other: twice({ busy: 0.95 }) },
      { count: 0.05, other: 1 },
      [['other', 'cpu']],
    ],
    [
      'one subtask that has most of the rows',
      line,
      {
        in: [BLOCKED],
        count: [
          { busy: 0.1, numRecordsInPerSecond: 10 },
          { busy: 1, numRecordsInPerSecond: 900 },
        ],
      },
      { count: 1 },
      [['count', 'skewedSubtask']],
    ],
    [
      'a sink in the task of its source',
      chain,
      { in: [{ busy: 1 }], send: [{ busy: 1, waiting: 0.95 }] },
      {},
      [['send', 'slowSink']],
    ],
  ])('is %s', (_, raw, operators, queues, expected) => {
    const found = findCulprits(observed(raw, operators, queues)).map(({ nodeId, reasons }) => [
      nodeId,
      reasons[0]!.code,
    ]);
    expect(found).toEqual(expected);
  });

  it.each<[string, object, Written, Readonly<Record<string, number>>, number?]>([
    ['little load', line, { in: [{ busy: 0.1 }], count: twice({ busy: 0.2 }) }, {}],
    [
      'a busy operator that nobody waits for',
      line,
      { in: [{ busy: 0.4 }], count: twice({ busy: 0.95 }) },
      { count: 0.2 },
    ],
    [
      'barriers that are aligned: blocked, and nobody at work',
      line,
      { in: [BLOCKED], count: twice({ busy: 0.1 }) },
      { count: 1 },
    ],
    ['a job that has only begun', line, { in: [BLOCKED], count: twice({ busy: 1 }) }, { count: 1 }, 2],
    [
      'a sink in the task of a source that waits a little',
      chain,
      { in: [{ busy: 0.5 }], send: [{ busy: 0.5, waiting: 0.5 }] },
      {},
    ],
  ])('is nobody with %s', (_, raw, operators, queues, reports = 6) => {
    expect(findCulprits(observed(raw, operators, queues, reports))).toEqual([]);
  });

  it('is not who was busy for a moment, as at a checkpoint', () => {
    const calm = writtenReport(line, { in: [{ busy: 0.2 }], count: twice({ busy: 0.3 }) });
    const burst = writtenReport(line, { in: [BLOCKED], count: twice({ busy: 1 }) }, { count: 1 });
    expect(findCulprits(observedJob(line, [calm, calm, calm, calm, calm, burst]))).toEqual([]);
  });

  it('counts from the newest attempt on', () => {
    const before = writtenReport(
      line,
      { in: [{ ...BLOCKED, numRecordsOut: { out: 9000 } }], count: twice({ busy: 1 }) },
      { count: 1 },
    );
    const after = writtenReport(line, { in: [{ busy: 0.1 }] });
    expect(findCulprits(observedJob(line, [before, before, before, before, after]))).toEqual([]);
  });

  it('is nobody once the job has ended', () => {
    const { reports } = observed(line, { in: [BLOCKED], count: twice({ busy: 1 }) }, { count: 1 });
    expect(findCulprits(observedJob(line, reports, { state: 'FINISHED' }))).toEqual([]);
  });

  it('is named with what it holds up, its limit, and what helps', () => {
    const subtasks = [
      { busy: 0.2, numRecordsInPerSecond: 50 },
      { busy: 0.98, numRecordsInPerSecond: 400 },
    ];
    const [culprit] = findCulprits(observed(line, { in: [BLOCKED], count: subtasks }, { count: 1 }));
    expect(culprit).toEqual({
      nodeId: 'count',
      reasons: [
        {
          code: 'skewedSubtask',
          subtask: 1,
          busy: expect.closeTo(0.98),
          othersBusy: expect.closeTo(0.2),
          rowsPerSecond: 400,
          othersRowsPerSecond: 50,
          keys: ['k'],
        },
        { code: 'cpu', busy: expect.closeTo(0.98) },
      ],
      remedies: ['splitKey', 'lessRows', 'raiseParallelism', 'simplify'],
      busy: expect.closeTo(0.98),
      rowsPerSecond: 450,
      holdsUp: ['in'],
      chainedWith: [],
    });
  });

  it('is a composite where one of its operators waits for another', () => {
    const raw = {
      nodes: [
        generator('in', fields, {}),
        simulatedNode('query', 'sql', {
          query: 'SELECT k, COUNT(*) AS c FROM rows GROUP BY k',
          inputs: [{ name: 'rows' }],
        }),
        simulatedNode('out', 'sink.print', {}),
      ],
      edges: [{ from: 'in', to: 'query', toPort: 'rows' }, edge('query', 'out')],
    };
    const shown = (at: number) => ({
      at,
      operators: [
        ['in', BLOCKED],
        ['query', { blocked: 0.7, busy: 0.3 }],
        ['out', { busy: 0.1 }],
      ].map(([nodeId, one]) => ({
        ...writtenReport(line, { in: [one as WrittenSubtask] }).operators[0]!,
        nodeId: nodeId as never,
      })),
      links: [
        { from: 'in', fromPort: 'out', to: 'query', toPort: 'rows', exchange: 'chained', queueUsage: 0 },
        { from: 'query', fromPort: 'out', to: 'out', toPort: 'in', exchange: 'chained', queueUsage: 0 },
      ] as never,
      memoryBytes: 0,
      managedMemory: { usedBytes: 0, budgetBytes: 0 },
    });
    expect(findCulprits(observedJob(raw, [shown(0), shown(1), shown(2)])).map(({ nodeId }) => nodeId)).toEqual([
      'query',
    ]);
  });
});

describe('a starved job', () => {
  const slow = {
    ...line,
    nodes: [generator('in', fields, { rowsPerSecond: 100 }), ...line.nodes.slice(1)],
  };

  it.each<[string, object, WrittenSubtask, object]>([
    [
      'the rate that is set',
      slow,
      { numRecordsOutPerSecond: { out: 100 } },
      { code: 'rateSetting', rowsPerSecond: 100 },
    ],
    ['that nothing comes', line, {}, { code: 'nothingComes' }],
    ['that all is worked off', line, { numRecordsOutPerSecond: { out: 7 } }, { code: 'keepsUp' }],
    [
      'its own work',
      line,
      { busy: 0.97, numRecordsOutPerSecond: { out: 7 } },
      { code: 'sourceCpu', busy: expect.closeTo(0.97) },
    ],
  ])('has %s at its source as the limit', (_, raw, source, reason) => {
    const rowsPerSecond = source.numRecordsOutPerSecond?.out ?? 0;
    expect(findStarvation(observed(raw, { in: [source] }))).toEqual([{ nodeId: 'in', reason, rowsPerSecond }]);
  });

  it('is none where an operator has enough to do', () => {
    expect(findStarvation(observed(slow, { count: twice({ busy: 0.8 }) }))).toEqual([]);
    expect(findStarvation(observed(slow, { in: [BLOCKED], count: twice({ busy: 0.1 }) }))).toEqual([]);
  });

  it('is none where the source has ended', () => {
    expect(findStarvation(observed(slow, { in: [{ currentOutputWatermark: 'end' }] }))).toEqual([]);
  });
});
