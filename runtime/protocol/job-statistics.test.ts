import { describe, expect, it } from 'vitest';
import type { CheckpointReport, CheckpointStatus, JobEvent, JobState } from './job.ts';
import { JobStatistics } from './job-statistics.ts';

function after(...events: readonly JobEvent[]): JobStatistics {
  const statistics = new JobStatistics();
  for (const event of events) statistics.note(event);
  return statistics;
}

function state(name: JobState, attempt: number): JobEvent {
  return { type: 'state', state: name, at: 0, error: null, attempt };
}

function checkpoint(id: number, status: CheckpointStatus): JobEvent {
  const rest = { triggeredAt: 0, acknowledged: 0, subtasks: 1, failure: null, path: null, details: [] };
  const sizes = { durationMs: id * 10, sizeBytes: id * 100, stateBytes: id * 100 };
  const report: CheckpointReport = { id, kind: 'checkpoint', status, ...sizes, ...rest };
  return { type: 'checkpoint', checkpoint: report };
}

const metrics: JobEvent = {
  type: 'metrics',
  metrics: { at: 1, operators: [], links: [], memoryBytes: 2, managedMemory: { usedBytes: 0, budgetBytes: 1 } },
};

describe('the statistics of a job', () => {
  it('knows nothing at first', () => {
    const { state, attempt, metrics, lastCheckpoint, checkpoints } = after();
    expect({ state, attempt, metrics, lastCheckpoint }).toEqual({
      state: 'CREATED',
      attempt: 1,
      metrics: null,
      lastCheckpoint: null,
    });
    expect(checkpoints).toEqual({ inProgress: 0, completed: 0, failed: 0 });
  });

  it('counts a checkpoint once, as it ended', () => {
    const { checkpoints, lastCheckpoint } = after(
      checkpoint(1, 'running'),
      checkpoint(1, 'running'),
      checkpoint(1, 'completed'),
      checkpoint(2, 'running'),
      checkpoint(2, 'failed'),
      checkpoint(3, 'expired'),
      checkpoint(4, 'running'),
    );
    expect(checkpoints).toEqual({ inProgress: 1, completed: 1, failed: 2 });
    expect(lastCheckpoint).toMatchObject({ id: 1, durationMs: 10, sizeBytes: 100 });
  });

  it('drops what an attempt that failed leaves behind', () => {
    const failed = after(state('RUNNING', 1), metrics, checkpoint(1, 'running'), state('RESTARTING', 2));
    expect(failed).toMatchObject({ state: 'RESTARTING', attempt: 2, metrics: null });
    expect(failed.checkpoints).toEqual({ inProgress: 0, completed: 0, failed: 1 });
    failed.note(state('RUNNING', 2));
    failed.note(metrics);
    expect(failed).toMatchObject({ state: 'RUNNING', attempt: 2, metrics: { at: 1 } });
  });
});
