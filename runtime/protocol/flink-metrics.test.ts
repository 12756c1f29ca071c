import { describe, expect, it } from 'vitest';
import { jobId, nodeId } from '../core/ids.ts';
import { printJobMetrics, type ReportedJob } from './flink-metrics.ts';
import { subtaskMetrics } from '../testing/subtask-metrics.ts';
import type { JobMetrics, SubtaskMetrics } from './job.ts';
import { JobStatistics } from './job-statistics.ts';

const untouched = subtaskMetrics();

function job(id: string, name: string, metrics: JobMetrics | null): ReportedJob {
  const statistics = new JobStatistics();
  if (metrics !== null) statistics.note({ type: 'metrics', metrics });
  return { start: { jobId: jobId(id), name, operatorNames: { [nodeId('a')]: 'Only "A"' } }, statistics };
}

function report(at: number, subtasks: readonly SubtaskMetrics[]): JobMetrics {
  const link = { from: nodeId('a'), fromPort: 'late', to: nodeId('b'), toPort: 'in', queueUsage: 0.5 };
  return {
    at,
    operators: [{ nodeId: nodeId('a'), subtasks }],
    links: [
      { ...link, exchange: 'hash' },
      { ...link, fromPort: 'out', exchange: 'chained' },
    ],
    memoryBytes: at,
    managedMemory: { usedBytes: 5, budgetBytes: 100 },
  };
}

function samples(text: string, name: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`millrace_${name}{`) || line.startsWith(`millrace_${name} `));
}

const labels = 'job_id="1",job_name="x",operator_id="a",operator_name="Only \\"A\\""';

describe('the metrics of jobs', () => {
  it('have a sample per operator, subtask and, for what it emits, port', () => {
    const busy = { ...untouched, subtask: 1, numRecordsOut: { out: 7, late: 2 }, isIdle: true };
    const text = printJobMetrics([job('1', 'x', report(9, [untouched, busy]))]);
    expect(samples(text, 'numRecordsOut')).toEqual([
      `millrace_numRecordsOut{${labels},subtask_index="1",port="out"} 7`,
      `millrace_numRecordsOut{${labels},subtask_index="1",port="late"} 2`,
    ]);
    expect(samples(text, 'isIdle')).toEqual([
      `millrace_isIdle{${labels},subtask_index="0"} 0`,
      `millrace_isIdle{${labels},subtask_index="1"} 1`,
    ]);
    expect(samples(text, 'outPoolUsage')).toEqual([
      `millrace_outPoolUsage{${labels},port="late",to_operator_id="b",to_port="in"} 0.5`,
    ]);
  });

  it('have no watermark before the first, and an infinite one after the last', () => {
    const subtasks = [
      untouched,
      { ...untouched, subtask: 1, currentInputWatermark: 0 },
      { ...untouched, subtask: 2, currentInputWatermark: 'end' as const },
    ];
    const text = printJobMetrics([job('1', 'x', report(9, subtasks))]);
    expect(samples(text, 'currentInputWatermark')).toEqual([
      `millrace_currentInputWatermark{${labels},subtask_index="1"} 0`,
      `millrace_currentInputWatermark{${labels},subtask_index="2"} +Inf`,
    ]);
    expect(text).not.toContain('currentOutputWatermark');
  });

  it('have the quantiles of what rows took to a sink', () => {
    const sink = { ...untouched, latency: { count: 9, p50: 1.5, p95: 20, p99: 30 } };
    const text = printJobMetrics([job('1', 'x', report(9, [untouched, { ...sink, subtask: 1 }]))]);
    expect(text).toContain('# TYPE millrace_latency summary\n');
    expect(samples(text, 'latency')).toEqual([
      `millrace_latency{${labels},subtask_index="1",quantile="0.5"} 1.5`,
      `millrace_latency{${labels},subtask_index="1",quantile="0.95"} 20`,
      `millrace_latency{${labels},subtask_index="1",quantile="0.99"} 30`,
    ]);
  });

  it("say how much of its budget a job's state takes", () => {
    const text = printJobMetrics([job('1', 'x', report(9, [untouched]))]);
    expect(samples(text, 'managedMemoryUsed')).toEqual(['millrace_managedMemoryUsed{job_id="1",job_name="x"} 5']);
    expect(samples(text, 'managedMemoryTotal')).toEqual(['millrace_managedMemoryTotal{job_id="1",job_name="x"} 100']);
  });

  it('tell of the job alone before it runs, and nothing without jobs', () => {
    const text = printJobMetrics([job('1', 'x', null)]);
    const names = text
      .split('\n')
      .flatMap((line) => /^millrace_(\w+)\{job_id="1",job_name="x"\} [01]$/.exec(line)?.[1] ?? []);
    expect(names).toEqual([
      'createdState',
      'runningState',
      'restartingState',
      'stoppingState',
      'numRestarts',
      'numberOfInProgressCheckpoints',
      'numberOfCompletedCheckpoints',
      'numberOfFailedCheckpoints',
    ]);
    expect(text.split('\n')).toHaveLength(names.length * 3 + 1);
    expect(printJobMetrics([])).toBe('');
  });

  it('of several jobs share their families and the memory', () => {
    const text = printJobMetrics([job('1', 'x', report(9, [untouched])), job('2', 'y', report(8, [untouched]))]);
    expect(text.match(/^# TYPE millrace_numRecordsIn counter$/gm)).toHaveLength(1);
    expect(samples(text, 'numRecordsIn').map((line) => line.slice(0, 33))).toEqual([
      'millrace_numRecordsIn{job_id="1",',
      'millrace_numRecordsIn{job_id="2",',
    ]);
    expect(samples(text, 'memoryBytes')).toEqual(['millrace_memoryBytes 9']);
  });

  it('name the last checkpoint', () => {
    const one = job('1', 'x', null);
    const rest = { triggeredAt: 0, acknowledged: 1, subtasks: 1, failure: null, path: null, details: [] };
    const sizes = { durationMs: 12.5, sizeBytes: 4096, stateBytes: 8192 };
    one.statistics.note({
      type: 'checkpoint',
      checkpoint: { id: 3, kind: 'checkpoint', status: 'completed', ...sizes, ...rest },
    });
    const text = printJobMetrics([one]);
    expect(samples(text, 'lastCheckpointDuration')).toEqual([
      'millrace_lastCheckpointDuration{job_id="1",job_name="x"} 12.5',
    ]);
    expect(samples(text, 'lastCheckpointSize')).toEqual(['millrace_lastCheckpointSize{job_id="1",job_name="x"} 4096']);
    expect(samples(text, 'lastCheckpointFullSize')).toEqual([
      'millrace_lastCheckpointFullSize{job_id="1",job_name="x"} 8192',
    ]);
    expect(samples(text, 'numberOfCompletedCheckpoints')).toEqual([
      'millrace_numberOfCompletedCheckpoints{job_id="1",job_name="x"} 1',
    ]);
  });
});
