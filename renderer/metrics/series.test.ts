import { describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { JobMetrics } from '../../runtime/protocol/job.ts';
import { subtaskMetrics } from '../../runtime/testing/subtask-metrics.ts';
import { chartData, WINDOW_MS } from './series.ts';

function report(at: number, ...nodes: readonly string[]): JobMetrics {
  return {
    at,
    memoryBytes: at * 2,
    managedMemory: { usedBytes: at, budgetBytes: 4000 },
    links: [],
    operators: nodes.map((id) => ({
      nodeId: nodeId(id),
      subtasks: [0, 1].map((subtask) =>
        subtaskMetrics({
          subtask,
          numRecordsInPerSecond: 7,
          numRecordsOutPerSecond: id === 'sink' ? {} : { out: 10, late: 1 },
          busyTimeMsPerSecond: subtask === 0 ? 900 : 100,
          backPressuredTimeMsPerSecond: 100,
          stateSize: 5,
        }),
      ),
    })),
  };
}

describe('chartData', () => {
  it('is empty before the first report', () => {
    expect(chartData([], 'throughput')).toEqual({ times: [], series: [] });
  });

  it('adds up ports and subtasks; a sink counts what comes', () => {
    const { times, series } = chartData([report(1000, 'source', 'sink')], 'throughput');
    expect(times).toEqual([1]);
    expect(series).toEqual([
      { id: 'source', values: [22] },
      { id: 'sink', values: [14] },
    ]);
  });

  it('takes the busiest subtask for load, the sum for state', () => {
    expect(chartData([report(0, 'a')], 'busy').series[0]?.values).toEqual([0.9]);
    expect(chartData([report(0, 'a')], 'state').series[0]?.values).toEqual([10]);
  });

  it('leaves gaps where there is no value', () => {
    expect(chartData([report(0), report(1000, 'a')], 'busy').series[0]?.values).toEqual([null, 0.9]);
    expect(chartData([report(0, 'a')], 'lag').series[0]?.values).toEqual([null]);
  });

  it('has the memory of the job, and what of it is managed against its budget', () => {
    expect(chartData([report(0), report(1000)], 'memory').series).toEqual([
      { id: 'process', values: [0, 2000] },
      { id: 'managed', values: [0, 1000] },
      { id: 'budget', values: [4000, 4000] },
    ]);
  });

  it('has a line per percentile of latency', () => {
    const measured = report(0, 'sink');
    const [sink] = measured.operators;
    const latency = { count: 1, p50: 3, p95: 5, p99: 8 };
    const subtasks = sink!.subtasks.map((one) => ({ ...one, latency }));
    const { series } = chartData([{ ...measured, operators: [{ ...sink!, subtasks }] }], 'latency');
    expect(series).toEqual([
      { id: 'sink p50', values: [3] },
      { id: 'sink p95', values: [5] },
      { id: 'sink p99', values: [8] },
    ]);
  });

  it('goes back ten minutes', () => {
    expect(chartData([report(0), report(1), report(WINDOW_MS)], 'memory').times).toEqual([0.001, WINDOW_MS / 1000]);
  });
});
