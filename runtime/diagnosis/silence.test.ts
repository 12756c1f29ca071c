import { describe, expect, it } from 'vitest';
import { nodeId } from '../core/ids.ts';
import type { CheckpointReport } from '../protocol/job.ts';
import { observedJob, writtenReport, type WrittenSubtask } from '../testing/observed-jobs.ts';
import { generator, simulatedNode } from '../testing/simulated-job.ts';
import { explainSilence, type ObservedJob, type SilenceReason } from './index.ts';

const MINUTE = 60_000;
const NOON = Date.UTC(2026, 0, 1, 12);

const fields = [
  ['k', 'BIGINT', 'n % 10'],
  ['ts', 'TIMESTAMP', 'TO_TIMESTAMP_LTZ(n, 3)'],
] as const;
const source = (id: string, config: object = {}) => generator(id, fields, { eventTime: { field: 'ts' }, ...config });
const edge = (from: string, to: string, toPort = 'in', fromPort = 'out') => ({ from, fromPort, to, toPort });
const window = (config: object = {}) =>
  simulatedNode('count', 'aggregate.window', {
    groupBy: ['k'],
    window: { type: 'tumbling', size: '1 minute' },
    aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }],
    ...config,
  });
const sink = simulatedNode('out', 'sink.print', {});

/** in → keep → count → out */
const line = (config: object = {}, settings: object = {}) => ({
  settings,
  nodes: [source('in'), simulatedNode('keep', 'filter', { condition: 'k > 3' }), window(config), sink],
  edges: [edge('in', 'keep'), edge('keep', 'count'), edge('count', 'out')],
});
/** a, b → all → count → out */
const union = {
  nodes: [source('a'), source('b'), simulatedNode('all', 'union', {}), window(), sink],
  edges: [edge('a', 'all'), edge('b', 'all'), edge('all', 'count'), edge('count', 'out')],
};
/** a, b → pair → out */
const join = {
  nodes: [
    source('a'),
    source('b'),
    simulatedNode('pair', 'join.interval', {
      on: [{ left: 'k', right: 'k' }],
      kind: 'inner',
      lowerBound: '0 seconds',
      upperBound: '1 minute',
    }),
    sink,
  ],
  edges: [edge('a', 'pair', 'left'), edge('b', 'pair', 'right'), edge('pair', 'out')],
};
/** in → write */
const file = {
  settings: { checkpoint: { intervalMs: 30_000 } },
  nodes: [source('in'), simulatedNode('write', 'sink.file', { path: 'rows.jsonl', format: 'jsonl' })],
  edges: [edge('in', 'write')],
};

const gone = (rows: number, perSecond = 0): WrittenSubtask => ({
  numRecordsOut: { out: rows },
  numRecordsOutPerSecond: { out: perSecond },
});
const come = (rows: number, change: WrittenSubtask = {}): WrittenSubtask => ({ numRecordsIn: rows, ...change });
const at = (watermark: number | 'end' | null): WrittenSubtask => ({
  currentInputWatermark: watermark,
  currentOutputWatermark: watermark,
});

/** Of the last report: places as `node`, `node<input` or `node>output`. */
function explain(
  raw: object,
  operators: Readonly<Record<string, WrittenSubtask>>,
  node: string,
  change: Partial<ObservedJob> = {},
): readonly (readonly [string, SilenceReason])[] {
  const subtasks = Object.fromEntries(Object.entries(operators).map(([id, one]) => [id, [one]]));
  const job = observedJob(raw, [writtenReport(raw, subtasks, {}, NOON)], change);
  return explainSilence(job, nodeId(node)).map(({ place: { nodeId: id, input, output }, reason }) => [
    `${id}${input === undefined ? '' : `<${input}`}${output === undefined ? '' : `>${output}`}`,
    reason,
  ]);
}

describe('why there is no output', () => {
  it.each<[string, Partial<ObservedJob>, SilenceReason]>([
    ['was never started', { state: null, reports: [] }, { code: 'notRunning', state: null }],
    ['is restarting', { state: 'RESTARTING' }, { code: 'notRunning', state: 'RESTARTING' }],
    ['has not reported yet', { reports: [] }, { code: 'starting' }],
  ])('is that the job %s', (_, change, reason) => {
    expect(explain(line(), {}, 'out', change)).toEqual([['out', reason]]);
  });

  it('is, first of all, what the job failed of', () => {
    const error = { message: 'a row that cannot be read', nodeId: nodeId('in') };
    const [first, second] = explain(line(), {}, 'out', { state: 'FAILED', error, reports: [] });
    expect(first).toEqual(['in', { code: 'failed', message: error.message }]);
    expect(second).toBeUndefined();
  });

  it.each<[string, WrittenSubtask, SilenceReason]>([
    ['sent nothing yet', {}, { code: 'sourceSilent' }],
    ['said that it is idle', { isIdle: true }, { code: 'sourceIdle' }],
    ['ended without a row', at('end'), { code: 'sourceEnded' }],
  ])('is a source that has %s, found from the sink', (_, written, reason) => {
    expect(explain(line(), { in: written }, 'out')).toEqual([['in', reason]]);
  });

  it('is a source that waits for others of its group', () => {
    const eventTime = { field: 'ts', alignment: { group: 'g', maxDriftMs: 1000 } };
    const raw = { nodes: [source('in', { eventTime }), sink], edges: [edge('in', 'out')] };
    const reason = { code: 'sourceAligned', group: 'g', driftMs: 5000, maxDriftMs: 1000 };
    expect(explain(raw, { in: { watermarkAlignmentDrift: 5000 } }, 'out')).toEqual([['in', reason]]);
  });

  it('is a condition that no row satisfied', () => {
    const rows = { in: gone(500, 10), keep: come(500) };
    expect(explain(line(), rows, 'out')).toEqual([['keep', { code: 'allFiltered', rows: 500 }]]);
    expect(explain(line(), rows, 'keep')).toEqual([['keep', { code: 'allFiltered', rows: 500 }]]);
  });

  it('is a window that has not closed, with its end and how far it is', () => {
    const time = { ...at(NOON + 20_000) };
    const rows = {
      in: { ...gone(500), ...time },
      keep: { ...gone(200), ...come(500), ...time },
      count: come(200, time),
    };
    const reason = {
      code: 'windowOpen',
      time: 'event',
      windowEnd: NOON + MINUTE,
      now: NOON + 20_000,
      missingMs: 40_000,
    };
    expect(explain(line(), rows, 'out')).toEqual([['count', reason]]);
  });

  it.each<[string, object, number, number]>([
    ['at the instant before its end', { type: 'tumbling', size: '1 minute' }, NOON - 1, NOON + MINUTE],
    ['with an offset', { type: 'tumbling', size: '1 minute', offset: '10 seconds' }, NOON, NOON + 10_000],
    ['that hops', { type: 'hopping', size: '1 minute', slide: '15 seconds' }, NOON, NOON + 15_000],
    ['that cumulates', { type: 'cumulative', size: '1 minute', step: '20 seconds' }, NOON, NOON + 20_000],
  ])('knows the next end of a window %s', (_, config, watermark, windowEnd) => {
    const rows = { in: { ...gone(5), ...at(watermark) }, keep: { ...gone(5), ...come(5), ...at(watermark) } };
    const [cause] = explain(line({ window: config }), { ...rows, count: come(5, at(watermark)) }, 'count');
    expect(cause?.[1]).toMatchObject({ code: 'windowOpen', windowEnd });
  });

  it('is a window by the clock, a session, or too few rows', () => {
    const rows = { in: gone(5), keep: { ...gone(5), ...come(5) }, count: come(5) };
    const one = (config: object) => explain(line({ window: config }), rows, 'count').at(-1)![1];
    expect(one({ type: 'tumbling', size: '1 hour', time: 'processing' })).toEqual({
      code: 'windowOpen',
      time: 'processing',
      windowEnd: NOON + 60 * MINUTE,
      now: NOON,
      missingMs: 60 * MINUTE,
    });
    expect(one({ type: 'session', gap: '5 minutes' })).toEqual({
      code: 'sessionOpen',
      time: 'event',
      gapMs: 5 * MINUTE,
    });
    expect(one({ type: 'count', size: 100 })).toEqual({ code: 'tooFewRows', needed: 100, rows: 5 });
  });

  it('is the end of the input in batch mode', () => {
    const bounded = {
      ...line({}, { runtimeMode: 'batch' }),
      nodes: [source('in', { rows: 1000 }), ...line().nodes.slice(1)],
    };
    const rows = { in: gone(5), keep: { ...gone(5), ...come(5) }, count: come(5) };
    expect(explain(bounded, rows, 'out')).toEqual([['count', { code: 'endOfInput' }]]);
  });

  it('is the input that holds event time back, where the other is past the end of the window', () => {
    const rows = {
      a: { ...gone(90, 10), ...at(NOON + 90_000) },
      b: { ...gone(3), ...at(NOON) },
      all: { ...gone(93), ...come(93), ...at(NOON) },
      count: come(93, at(NOON)),
    };
    const open = { code: 'windowOpen', time: 'event', windowEnd: NOON + MINUTE, now: NOON, missingMs: MINUTE };
    const held = { code: 'watermarkHeld', origin: 'b', subtask: null, watermark: NOON, behindMs: 90_000 };
    expect(explain(union, rows, 'out')).toEqual([
      ['all<in', held],
      ['count', open],
    ]);
    // Else the window would be open without it, too.
    const near = { ...rows, a: { ...gone(90), ...at(NOON + 30_000) } };
    expect(explain(union, near, 'out').map(([, { code }]) => code)).toEqual(['windowOpen', 'watermarkHeld']);
  });

  it('is an input without watermarks, and a source that has sent nothing', () => {
    const rows = {
      a: { ...gone(90, 10), ...at(NOON) },
      all: { ...gone(90), ...come(90) },
      count: come(90),
    };
    expect(explain(union, rows, 'out')).toEqual([
      ['all<in', { code: 'watermarkMissing', origin: 'b', subtask: null }],
      ['b', { code: 'sourceSilent' }],
    ]);
  });

  it('is that all inputs are idle', () => {
    const idle = { ...gone(9), ...at(NOON), isIdle: true };
    const rows = { a: idle, b: idle, all: { ...idle, ...come(18), ...gone(18) }, count: come(18, at(NOON)) };
    expect(explain(union, rows, 'count')[1]).toEqual(['count', { code: 'inputsIdle', watermark: NOON }]);
  });

  it('is rows that were all late, or some of them', () => {
    const time = at(NOON);
    const rows = { in: { ...gone(50), ...time }, keep: { ...gone(50), ...come(50), ...time } };
    const late = (n: number) =>
      explain(line(), { ...rows, count: come(50, { ...time, numLateRecordsDropped: n }) }, 'out');
    expect(late(50)).toEqual([['count', { code: 'allLate', rows: 50, watermark: NOON }]]);
    expect(late(20).at(-1)).toEqual(['count', { code: 'someLate', rows: 20, of: 50 }]);
  });

  it('is rows that all left by another output', () => {
    const raw = {
      nodes: [
        simulatedNode('in', 'source.file', {
          path: 'a.csv',
          format: 'csv',
          schema: [{ name: 'k', type: 'BIGINT' }],
          onError: 'reject',
        }),
        sink,
      ],
      edges: [edge('in', 'out')],
    };
    expect(explain(raw, { in: { numRecordsOut: { rejected: 12 } } }, 'out')).toEqual([
      ['in>rejected', { code: 'otherOutput', rows: 12, of: 12 }],
    ]);
    // It has had rows, and gets none at the moment.
    const paused = { in: { numRecordsOut: { out: 100, rejected: 12 } }, out: come(100) };
    expect(explain(raw, paused, 'in').map(([place]) => place)).not.toContain('in>rejected');
  });

  it('is a side of a join that has had no rows, and why; or keys that do not match', () => {
    const none = { a: gone(40, 5), pair: come(40) };
    expect(explain(join, none, 'out')).toEqual([
      ['pair<right', { code: 'sideEmpty', otherRows: 40 }],
      ['b', { code: 'sourceSilent' }],
    ]);
    const both = { a: gone(40, 5), b: gone(30, 5), pair: come(70) };
    expect(explain(join, both, 'out')).toEqual([['pair', { code: 'noMatch', rows: 70 }]]);
  });

  it('is rows that are on their way', () => {
    expect(explain(line(), { in: gone(9, 3), keep: { busy: 1 } }, 'keep')).toEqual([
      ['keep<in', { code: 'rowsQueued', rows: 9, busy: 1 }],
    ]);
  });

  it('is requests that a sink waits for', () => {
    const raw = {
      nodes: [source('in'), simulatedNode('out', 'sink.http', { url: 'http://h/' })],
      edges: [edge('in', 'out')],
    };
    const [first] = explain(raw, { in: gone(9, 3), out: come(9, { waiting: 0.9 }) }, 'out');
    expect(first).toEqual(['out', { code: 'waitsOutside', rows: 9, waiting: 0.9 }]);
  });

  it('is a checkpoint that has yet to complete', () => {
    const rows = { in: gone(80, 10), write: come(80, { numRecordsInPerSecond: 10 }) };
    const waits = {
      code: 'waitsForCheckpoint',
      rows: 80,
      intervalMs: 30_000,
      lastCompletedAt: null,
      lastFailure: null,
    };
    expect(explain(file, rows, 'write')).toEqual([
      ['write', waits],
      ['write', { code: 'flowing', rows: 80, rowsPerSecond: 10 }],
    ]);
    const report = { id: 1, triggeredAt: NOON, durationMs: 500, status: 'completed' } as CheckpointReport;
    const failed = { ...report, id: 2, status: 'failed', failure: 'the disk is full' } as CheckpointReport;
    const checkpoints = { completed: report, failed };
    expect(explain(file, rows, 'write', { checkpoints })[0]).toEqual([
      'write',
      { ...waits, lastCompletedAt: NOON + 500, lastFailure: 'the disk is full' },
    ]);
    expect(explain(file, rows, 'write', { state: 'FINISHED' }).map(([, { code }]) => code)).toEqual([
      'ended',
      'paused',
    ]);
  });

  it('is nothing where rows flow', () => {
    const rows = { in: gone(80, 10), keep: { ...gone(40, 5), ...come(80) } };
    expect(explain(line(), rows, 'keep')).toEqual([['keep>out', { code: 'flowing', rows: 40, rowsPerSecond: 5 }]]);
  });

  it('is that the node was added after the start', () => {
    const raw = line();
    const job = observedJob(raw, [writtenReport(file, {}, {}, NOON)]);
    expect(explainSilence(job, nodeId('keep'))).toEqual([{ place: { nodeId: 'keep' }, reason: { code: 'notInJob' } }]);
  });
});
