import { describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { JobMetrics, LinkMetrics, SubtaskMetrics } from '../../runtime/protocol/job.ts';
import { subtaskMetrics } from '../../runtime/testing/subtask-metrics.ts';
import { edgeKey, lagOf, summariseMetrics } from './metrics-summary.ts';

function metrics(
  operators: Readonly<Record<string, readonly Partial<SubtaskMetrics>[]>>,
  links: readonly (readonly [string, string])[] = [],
): JobMetrics {
  return {
    at: 10_000,
    operators: Object.entries(operators).map(([id, subtasks]) => ({
      nodeId: nodeId(id),
      subtasks: subtasks.map((one, subtask) => subtaskMetrics({ subtask, ...one })),
    })),
    links: links.map(([from, to]): LinkMetrics => ({
      from: nodeId(from),
      fromPort: 'out',
      to: nodeId(to),
      toPort: 'in',
      exchange: 'hash',
      queueUsage: 0.5,
    })),
    memoryBytes: 1,
    managedMemory: { usedBytes: 1, budgetBytes: 2 },
  };
}

describe('metrics summary', () => {
  it('adds rows over subtasks and takes the worst share', () => {
    const { nodes } = summariseMetrics(
      metrics({
        a: [
          { numRecordsOut: { out: 10, late: 1 }, busyTimeMsPerSecond: 900 },
          { numRecordsOut: { out: 5 }, busyTimeMsPerSecond: 100, backPressuredTimeMsPerSecond: 50 },
        ],
      }),
    );
    expect(nodes.get('a')).toMatchObject({
      subtasks: 2,
      recordsOut: { out: 15, late: 1 },
      busy: 0.9,
      backPressured: 0.05,
    });
  });

  it('takes the lowest watermark of the subtasks that are not idle', () => {
    const { nodes, lagMs } = summariseMetrics(
      metrics({
        a: [{ currentOutputWatermark: 9000 }, { currentOutputWatermark: 2000, isIdle: true }],
        b: [{ currentOutputWatermark: 'end' }],
        c: [{ currentOutputWatermark: 9000 }, {}],
      }),
    );
    expect([nodes.get('a')?.watermark, nodes.get('b')?.watermark, nodes.get('c')?.watermark]).toEqual([
      9000,
      'end',
      null,
    ]);
    expect([nodes.get('a')?.lagMs, nodes.get('b')?.lagMs, lagMs]).toEqual([1000, null, 1000]);
  });

  it('says nothing of the lag of event time that is not of about now', () => {
    const day = 86_400_000;
    expect(lagOf(3 * day, day)).toBeNull();
    expect(lagOf(day, 3 * day)).toBeNull();
    expect([lagOf(day, 1), lagOf(0, 1000)]).toEqual([day - 1, 0]);
    const summary = summariseMetrics(metrics({ a: [{ currentOutputWatermark: -3 * day }] }));
    expect([summary.lagMs, summary.watermark]).toEqual([null, -3 * day]);
  });

  it('takes each percentile of the latency from the slowest subtask', () => {
    const { nodes } = summariseMetrics(
      metrics({
        a: [{ latency: { count: 3, p50: 1, p95: 9, p99: 9 } }, { latency: { count: 2, p50: 4, p95: 5, p99: 10 } }, {}],
        b: [{}],
      }),
    );
    expect(nodes.get('a')?.latency).toEqual({ count: 5, p50: 4, p95: 9, p99: 10 });
    expect(nodes.get('b')?.latency).toBeNull();
  });

  it('gives an edge the rate of the port it leaves, and the sources their sum', () => {
    const summary = summariseMetrics(
      metrics({ a: [{ numRecordsOutPerSecond: { out: 7 }, numRecordsOut: { out: 70 } }], b: [{}] }, [['a', 'b']]),
    );
    const key = edgeKey({ from: 'a', fromPort: 'out', to: 'b', toPort: 'in' });
    expect(summary.edges.get(key)).toEqual({ records: 70, recordsPerSecond: 7, queueUsage: 0.5, isChained: false });
    expect(summary.sourceRowsPerSecond).toBe(7);
  });

  it('measures skew as the busiest subtask against the mean', () => {
    const { nodes } = summariseMetrics(metrics({ a: [{ numRecordsIn: 30 }, { numRecordsIn: 10 }] }));
    expect(nodes.get('a')?.skew).toBe(1.5);
  });
});
