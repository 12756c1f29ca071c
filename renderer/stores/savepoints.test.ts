// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { codedError } from '../../runtime/protocol/wire.ts';
import type { FakeHost } from '../host/fake.ts';
import { openPipeline, sketch, startTest } from '../testing/app.tsx';
import { answerQuestion, closeDialog, useDialogStore } from './dialog-store.ts';
import { useNoticeStore } from './notice-store.ts';
import { run, selectCanTakeSavepoint, useRunStore } from './run-store.ts';
import { savepoint, startFrom, stopWithSavepoint } from './savepoints.ts';

const PATH = 'test.pipeline.json';
const LOCATION = '/home/user/pipelines/.millrace/savepoints/savepoint-1';
const POINT = { kind: 'savepoint', id: 1, location: LOCATION } as const;

let host: FakeHost;
beforeEach(async () => {
  host = startTest();
  openPipeline(sketch({ a: { type: 'filter' } }), PATH);
  await run();
  host.emitState('RUNNING');
});

function lastNotice() {
  return useNoticeStore.getState().notices.at(-1);
}

describe('savepoints', () => {
  it('are taken while the job goes on, one at a time, and their path is told', async () => {
    const taken = savepoint();
    expect(selectCanTakeSavepoint(useRunStore.getState())).toBe(false);
    await taken;
    expect(useRunStore.getState()).toMatchObject({ state: 'RUNNING', isTakingSavepoint: false });
    expect(lastNotice()).toMatchObject({ tone: 'success', messageKey: 'app:notices.savepoint', detail: LOCATION });
  });

  it('tell why they failed, and what to do', async () => {
    host.refuseNextSavepoint(codedError('MR2005', 'no room', { remedy: 'Make some.' }));
    await savepoint();
    expect(lastNotice()).toMatchObject({ tone: 'error', detail: 'no room', remedy: 'Make some.' });
    expect(selectCanTakeSavepoint(useRunStore.getState())).toBe(true);
  });

  it('end a job', async () => {
    await stopWithSavepoint();
    expect(useRunStore.getState().state).toBe('STOPPED');
    expect(lastNotice()).toMatchObject({ messageKey: 'app:notices.stoppedWithSavepoint', detail: LOCATION });
  });
});

describe('starting from a savepoint', () => {
  it('is at once when nothing runs', async () => {
    host.emitState('FINISHED');
    await startFrom(PATH, POINT, true);
    expect(host.started.at(-1)?.options).toMatchObject({
      resume: false,
      fromSavepoint: LOCATION,
      allowNonRestoredState: true,
    });
  });

  it.each(['stop', 'cancel'])('asks about a job that runs: %s', async (choice) => {
    const started = startFrom(PATH, POINT);
    expect(useDialogStore.getState().dialog?.type).toBe('question');
    answerQuestion(choice);
    await started;
    expect(host.started).toHaveLength(2);
    expect(host.started[1]?.options.fromSavepoint).toBe(LOCATION);
  });

  it('leaves the job alone when the question is closed', async () => {
    const started = startFrom(PATH, POINT);
    closeDialog();
    await started;
    expect([host.started.length, useRunStore.getState().state]).toEqual([1, 'RUNNING']);
  });
});
