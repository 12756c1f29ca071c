// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { setLabel, setSettings } from '../../runtime/graph/index.ts';
import type { FakeHost } from '../host/fake.ts';
import { openPipeline, sketch, startTest } from '../testing/app.tsx';
import { edit } from './document-store.ts';
import { liveBuffer, sampleKey } from './live-buffer.ts';
import { useNoticeStore } from './notice-store.ts';
import { run, selectIsActive, setRunSettings, setWatches, stop, useRunStore } from './run-store.ts';
import { useViewStore } from './view-store.ts';

describe('running', () => {
  let host: FakeHost;
  beforeEach(() => {
    host = startTest();
    setWatches('test', []);
    openPipeline(sketch({ a: { type: 'filter' } }));
  });

  it('starts what is on screen, saved or not, as the settings say', async () => {
    edit('label', (d) => setSettings(setLabel(d, nodeId('a'), 'Unsaved'), { params: { input: 'in.csv' } }));
    // What another document has is none of this one's.
    setRunSettings({ parallelism: 4, params: { input: 'x.csv', other: '1' }, resume: true });
    await run();
    expect(host.started).toHaveLength(1);
    expect(host.started[0]?.options).toEqual({
      parallelism: 4,
      params: { input: 'x.csv' },
      resume: true,
      fromSavepoint: null,
      allowNonRestoredState: false,
      watches: [],
    });
    expect(host.started[0]?.text).toContain('Unsaved');
    expect(useRunStore.getState()).toMatchObject({ state: 'CREATED', path: 'test.pipeline.json' });
  });

  it('follows the job through its states', async () => {
    await run();
    host.emitState('RUNNING');
    expect(selectIsActive(useRunStore.getState())).toBe(true);
    host.emitState('FINISHED');
    expect([selectIsActive(useRunStore.getState()), useRunStore.getState().endedAt]).toEqual([
      false,
      expect.any(Number),
    ]);
  });

  it('does not start a second job while one is active', async () => {
    await run();
    await run();
    expect(host.started).toHaveLength(1);
  });

  it('stops the job that runs', async () => {
    await run();
    host.emitState('RUNNING');
    await stop();
    expect(useRunStore.getState().state).toBe('STOPPED');
  });

  it('goes on as before when the job cannot be stopped', async () => {
    await run();
    host.emitState('RUNNING');
    host.refuseNextSavepoint(new Error('the disk is full'));
    expect(await stop(true)).toBeNull();
    expect(useRunStore.getState().state).toBe('RUNNING');
    expect(useNoticeStore.getState().notices[0]).toMatchObject({ tone: 'error', detail: 'the disk is full' });
  });

  it('shows why the host refused to start', async () => {
    const diagnostic = { severity: 'error', code: 'MR1110', message: 'there is no source' };
    host.refuseNextStart(Object.assign(new Error('the document has errors'), { diagnostics: [diagnostic] }));
    await run();
    expect(useRunStore.getState()).toMatchObject({ state: null, refusals: [diagnostic] });
    expect(useViewStore.getState().requestedPanel?.id).toBe('problems');
    expect(useNoticeStore.getState().notices[0]).toMatchObject({ tone: 'error', detail: 'the document has errors' });
  });

  it('asks for the rows of every owner, each port once, also of a job that starts later', async () => {
    const port = { nodeId: nodeId('a'), port: 'out' };
    setWatches('selection', [port]);
    setWatches('test', [port, { nodeId: nodeId('a'), port: 'late' }]);
    expect(host.watches).toEqual([]);
    await run();
    expect(host.watches).toEqual([port, { nodeId: 'a', port: 'late' }]);
    setWatches('test', []);
    expect(host.watches).toEqual([port]);
    setWatches('selection', []);
    expect(host.watches).toEqual([]);
  });

  it('forgets the figures of the last run', async () => {
    await run();
    host.emit([{ type: 'rows', sample: { nodeId: nodeId('a'), port: 'out', fields: [], rows: [], seen: 1 } }]);
    host.emitState('FINISHED');
    liveBuffer.flush();
    expect(liveBuffer.state.samples.has(sampleKey('a', 'out'))).toBe(true);
    await run();
    expect(liveBuffer.state.samples.size).toBe(0);
  });
});
