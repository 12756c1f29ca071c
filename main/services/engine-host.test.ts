import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { JobEvent } from '../../runtime/protocol/job.ts';
import { FakeEngine } from '../testing/fake-engine.ts';
import { EngineHost } from './engine-host.ts';

const OPTIONS = {
  stateFolder: null,
  resume: false,
  fromSavepoint: null,
  allowNonRestoredState: false,
  allowsUserCode: true,
  mends: [],
};
const REQUEST = { text: '{}', folder: '/w', options: { ...OPTIONS, printTo: 'events' as const } };

function setUp() {
  const engine = new FakeEngine();
  const host = new EngineHost(engine.launch);
  onTestFinished(() => host.shutDown());
  const events: JobEvent[] = [];
  const ended = vi.fn<() => void>();
  const start = () => host.start(REQUEST, (batch) => void events.push(...batch), ended);
  return { engine, host, events, ended, start };
}

describe('the engine host', () => {
  it('starts the process with the first job and keeps it', async () => {
    const { engine, host, ended, start } = setUp();
    expect(engine.launches).toBe(0);
    const { jobId } = await start();
    await start();
    expect(engine.launches).toBe(1);
    await host.stop(jobId);
    expect(engine.stopped).toEqual(['job-1']);
    await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(1));
  });

  it('tells running jobs that they failed when the process dies, and starts another', async () => {
    const { engine, host, events, ended, start } = setUp();
    const { jobId } = await start();
    await engine.emit('RUNNING');
    engine.die();
    await vi.waitFor(() => expect(ended).toHaveBeenCalledTimes(1));
    expect(events.at(-1)).toMatchObject({ type: 'state', state: 'FAILED', attempt: 2, error: { code: 'MR2003' } });
    await expect(host.stop(jobId)).rejects.toMatchObject({ code: 'MR2005' });
    await start();
    expect(engine.launches).toBe(2);
  });

  it('does not fail a job that had ended before', async () => {
    const { engine, events, ended, start } = setUp();
    await start();
    await engine.emit('FINISHED');
    engine.die();
    // Until its end is noticed, the dead process is asked, and says so.
    await vi.waitFor(() => start());
    expect(engine.launches).toBe(2);
    expect(ended).toHaveBeenCalledTimes(1);
    expect(events.map((event) => event.type === 'state' && event.state)).toEqual(['FINISHED']);
  });
});
