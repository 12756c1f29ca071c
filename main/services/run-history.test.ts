import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import type { JobEvent, JobState } from '../../runtime/protocol/job.ts';
import { subtaskMetrics } from '../../runtime/testing/subtask-metrics.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { RunHistory } from './run-history.ts';

const AS_DOCUMENT = { params: {}, parallelism: null, runtimeMode: null } as const;
const ERROR = { code: null, message: 'no room', remedy: 'Make some.', isRetryable: false, stack: null };

function state(name: JobState, error: string | null = null): JobEvent {
  const report = error === null ? null : { ...ERROR, name: 'StreamError', message: error, nodeId: null };
  return { type: 'state', state: name, at: 0, attempt: 1, error: report };
}

function given(rows: number): JobEvent {
  const operator = (id: string) => ({
    nodeId: nodeId(id),
    subtasks: [subtaskMetrics({ numRecordsOut: { out: rows, rejected: 1 } })],
  });
  const link = { from: nodeId('in'), fromPort: 'out', to: nodeId('keep'), toPort: 'in' };
  const links = [{ ...link, exchange: 'chained', queueUsage: 0 } as const];
  const managedMemory = { usedBytes: 0, budgetBytes: 1 };
  const operators = [operator('in'), operator('keep')];
  return { type: 'metrics', metrics: { at: 0, operators, links, memoryBytes: 0, managedMemory } };
}

describe('the history of runs', () => {
  it('tells how a run ended, what its sources gave, and why it failed', async () => {
    let now = 100;
    const history = new RunHistory(path.join(await temporaryFolder(), 'runs.json'), () => now);
    const run = history.begin('a.pipeline.json', 'run', AS_DOCUMENT);
    run.receive([state('RUNNING'), given(41)]);
    expect(await history.list()).toMatchObject([{ state: 'RUNNING', startedAt: 100, endedAt: null, rows: 42 }]);
    now = 250;
    run.receive([state('FAILED', 'no room')]);
    run.end();
    const error = { code: null, message: 'no room', remedy: 'Make some.' };
    expect(await history.list()).toMatchObject([{ state: 'FAILED', endedAt: 250, rows: 42, error }]);
  });

  it('has no word on the end of a run that the app did not live to see, and forgets one that never began', async () => {
    const file = path.join(await temporaryFolder(), 'runs.json');
    const killed = new RunHistory(file);
    killed.begin('a.pipeline.json', 'run', AS_DOCUMENT).receive([state('RUNNING')]);
    await killed.list();
    const history = new RunHistory(file);
    history.begin('b.pipeline.json', 'preview', AS_DOCUMENT).forget();
    expect(await history.list()).toMatchObject([{ path: 'a.pipeline.json', state: null, endedAt: null }]);
  });
});
