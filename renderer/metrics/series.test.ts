import { describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { JobMetrics } from '../../runtime/protocol/job.ts';
import { chartData, WINDOW_MS } from './series.ts';

function report(at: number, ...nodes: readonly string[]): JobMetrics {
  return {
    at,
    memoryBytes: at * 2,
    links: [],
    operators: nodes.map((id) => ({
      nodeId: nodeId(id),
      subtasks: [0, 1].map((subtask) => ({
        subtask,
        numRecordsIn: 0,
        numRecordsOut: {},
        numRecordsInPerSecond: 7,
        numRecordsOutPerSecond: id === 'sink' ? {} : { out: 10, late: 1 },
        numLateRecordsDropped: 0,
        busyTimeMsPerSecond: subtask === 0 ? 900 : 100,
        idleTimeMsPerSecond: 0,
        backPressuredTimeMsPerSecond: 100,
        currentInputWatermark: null,
        currentOutputWatermark: null,
        isIdle: false,
        stateSize: 5,
      })),
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
      { nodeId: 'source', values: [22] },
      { nodeId: 'sink', values: [14] },
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

  it('has one line for the memory of the job', () => {
    expect(chartData([report(0), report(1000)], 'memory').series).toEqual([{ nodeId: null, values: [0, 2000] }]);
  });

  it('goes back ten minutes', () => {
    expect(chartData([report(0), report(1), report(WINDOW_MS)], 'memory').times).toEqual([0.001, WINDOW_MS / 1000]);
  });
});
