/** Several sources and their times, in whole jobs under a virtual clock: alignment, idleness, ingestion time. */
import { describe, expect, it } from 'vitest';
import {
  generator,
  metricsOf,
  simulatedNode,
  simulateJob,
  type SimulatedJob,
  type SimulatedNode,
} from '../testing/simulated-job.ts';

/** A row every 100 ms of event time. */
const FIELDS = [
  ['n', 'BIGINT', 'n'],
  ['ts', 'TIMESTAMP', 'TO_TIMESTAMP_LTZ(n * 100, 3)'],
] as const;

const countPerSecond = simulatedNode('count', 'aggregate.window', {
  groupBy: [],
  window: { type: 'tumbling', size: '1 second' },
  aggregates: [{ as: 'rows', fn: 'COUNT', expr: '*' }],
  allowedLateness: '0 seconds',
});

/** Sources into a union, and rows counted per second of event time. */
function counted(sources: readonly SimulatedNode[]): object {
  return {
    settings: { batchRows: 10 },
    nodes: [...sources, simulatedNode('all', 'union', {}), countPerSecond, simulatedNode('out', 'sink.print', {})],
    edges: [
      ...sources.map(({ id }) => ({ from: id, to: 'all' })),
      { from: 'all', to: 'count' },
      { from: 'count', to: 'out' },
    ],
  };
}

function watermarkOf(job: SimulatedJob, nodeId: string, metrics = job.readMetrics()): number {
  const marks = metricsOf(metrics, nodeId).map(({ currentOutputWatermark: mark }) =>
    mark === 'end' ? Infinity : (mark ?? -Infinity),
  );
  return Math.min(...marks);
}

const aligned = (maxDriftMs: number, group = 'g', more: object = {}): object => ({
  eventTime: { field: 'ts', alignment: { group, maxDriftMs }, ...more },
});

describe('aligned sources', () => {
  /** How far `fast` was ahead of `slow` at most, while both went on. */
  function drift(job: SimulatedJob): number {
    let most = -Infinity;
    job.runUntil(Infinity, () => {
      const metrics = job.readMetrics();
      const [fast, slow] = [watermarkOf(job, 'fast', metrics), watermarkOf(job, 'slow', metrics)];
      if (fast < Infinity && slow < Infinity && slow > -Infinity) most = Math.max(most, fast - slow);
    });
    return most;
  }

  it('keep within the drift and a batch of each other, until one ends', async () => {
    const job = await simulateJob(
      counted([
        generator('fast', FIELDS, { rows: 500, ...aligned(2000) }),
        generator('slow', FIELDS, { rows: 300, rowsPerSecond: 20, ...aligned(2000) }),
      ]),
    );
    expect(drift(job)).toBeLessThanOrEqual(2000 + 10 * 100);
    expect(job.scheduler.now).toBeGreaterThan(14_000);
    expect(job.printed).toHaveLength(50);
  });

  it('of another group, or of none, do not wait', async () => {
    for (const other of [aligned(2000, 'h'), { eventTime: { field: 'ts' } }]) {
      const job = await simulateJob(
        counted([
          generator('fast', FIELDS, { rows: 500, ...aligned(2000) }),
          generator('slow', FIELDS, { rows: 300, rowsPerSecond: 20, ...other }),
        ]),
      );
      job.runUntil(1000);
      expect(watermarkOf(job, 'fast')).toBe(Infinity);
    }
  });

  it('do not wait for one that is idle, nor for themselves', async () => {
    const job = await simulateJob(
      counted([
        generator('fast', FIELDS, { rows: 500, rowsPerSecond: 100, ...aligned(0) }, 2),
        generator('slow', FIELDS, { rows: 2, rowsPerSecond: 0.01, ...aligned(0, 'g', { idleTimeoutMs: 1000 }) }),
      ]),
    );
    job.runUntil(500);
    expect(watermarkOf(job, 'fast')).toBeLessThan(500);
    job.runUntil(60_000);
    expect(watermarkOf(job, 'fast')).toBe(Infinity);
    job.runUntil(Infinity);
    expect(job.scheduler.isFinished).toBe(true);
  });

  it('do not run ahead of one that has not begun', async () => {
    const job = await simulateJob(
      counted([
        generator('fast', FIELDS, { rows: 500, ...aligned(2000) }),
        generator('slow', FIELDS, { rows: 300, ...aligned(2000) }),
      ]),
      { mayStep: (task) => task.id !== 'slow' || job.scheduler.now > 100 },
    );
    for (let held = 0; held < 100;) held = job.scheduler.step() === 'held' ? held + 1 : 0;
    // Its first batch made its first watermark.
    expect(metricsOf(job.readMetrics(), 'fast')[0]!.numRecordsOut.out).toBe(10);
    job.scheduler.elapse(200);
    job.runUntil(Infinity);
    expect(job.printed).toHaveLength(50);
  });

  it('tell how far they are apart', async () => {
    const job = await simulateJob(
      counted([
        generator('fast', FIELDS, { rows: 500, ...aligned(2000) }),
        generator('slow', FIELDS, { rows: 300, rowsPerSecond: 20, ...aligned(2000) }),
        generator('other', FIELDS, { rows: 1, eventTime: { field: 'ts' } }),
      ]),
    );
    job.runUntil(3000);
    const drifts = ['fast', 'slow', 'other'].map((id) => metricsOf(job.readMetrics(), id)[0]!.watermarkAlignmentDrift);
    expect(drifts[0]).toBe(watermarkOf(job, 'fast') - watermarkOf(job, 'slow'));
    expect(drifts.slice(1)).toEqual([0, null]);
  });
});

describe('a source that falls silent', () => {
  const sources = (idleTimeoutMs: number): SimulatedNode[] => [
    generator('busy', FIELDS, { rows: 100, rowsPerSecond: 10, eventTime: { field: 'ts' } }),
    generator('silent', FIELDS, { rows: 2, rowsPerSecond: 0.001, eventTime: { field: 'ts', idleTimeoutMs } }),
  ];

  it('holds windows up', async () => {
    const job = await simulateJob(counted(sources(0)));
    job.runUntil(60_000);
    expect(job.printed).toEqual([]);
  });

  it('does not once it is idle', async () => {
    const job = await simulateJob(counted(sources(1000)));
    job.runUntil(900);
    expect(job.printed).toEqual([]);
    job.runUntil(60_000);
    // What has ended does not move time on for what is idle: the last window stays open.
    expect(job.printed).toHaveLength(9);
    job.runUntil(Infinity);
    // Its second row is late by then.
    expect(metricsOf(job.readMetrics(), 'count')[0]!.numLateRecordsDropped).toBe(1);
  });
});

describe('ingestion time', () => {
  const ingested = { eventTime: { time: 'ingestion' } };

  it('puts rows into windows by when they were read, and none is late', async () => {
    const raw = counted([
      generator('a', FIELDS, { rows: 35, rowsPerSecond: 10, ...ingested }),
      generator('b', FIELDS, { rows: 20, rowsPerSecond: 5, ...ingested }),
    ]);
    const counts = await Promise.all(
      [1, 2, 3].map(async (seed) => {
        const job = await simulateJob(raw, { seed });
        job.runUntil(Infinity);
        expect(metricsOf(job.readMetrics(), 'count')[0]!.numLateRecordsDropped).toBe(0);
        return job.printed.map((line) => Number(/\d+/.exec(line.slice(line.indexOf('rows')))![0]));
      }),
    );
    for (const perSecond of counts) {
      expect(perSecond.reduce((sum, n) => sum + n, 0)).toBe(55);
      expect(perSecond.length).toBeGreaterThanOrEqual(4);
    }
  });

  it('goes on while there are no rows: windows close', async () => {
    const job = await simulateJob(counted([generator('a', FIELDS, { rows: 2, rowsPerSecond: 0.01, ...ingested })]));
    job.runUntil(999);
    expect(job.printed).toEqual([]);
    job.runUntil(1500);
    expect(job.printed).toHaveLength(1);
  });

  it('gives rows new times when they are read again', async () => {
    const raw = counted([generator('a', FIELDS, { rows: 40, rowsPerSecond: 10, ...ingested })]);
    const first = await simulateJob(raw);
    first.runUntil(1500);
    first.scheduler.triggerCheckpoint();
    first.runUntil(2500);
    const restoreFrom = first.scheduler.latest!;
    const second = await simulateJob(raw, { restoreFrom, startAt: 100_000 });
    second.runUntil(Infinity);
    const starts = second.printed.map((line) => /1970-01-01T?\s?(\S{8})/.exec(line)![1]);
    // The window that was open, and those of rows read from 100 s on.
    expect(starts[0]).toBe('00:00:01');
    expect(starts[1]).toBe('00:01:40');
    expect(metricsOf(second.readMetrics(), 'count')[0]!.numLateRecordsDropped).toBe(0);
  });
});
