import { fork, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { EngineApi } from '../protocol/engine.ts';
import { isTerminal, type JobEvent } from '../protocol/job.ts';
import { connect, engineLost } from '../protocol/remote.ts';
import { processIpc } from '../protocol/transport.ts';

const ENGINE = path.resolve(import.meta.dirname, '../../dist/engine/engine-process.cjs');

function counting(rows: number | null, rowsPerSecond: number | null): string {
  return JSON.stringify({
    format: 'millrace/pipeline',
    version: 1,
    name: 'Count',
    nodes: [
      {
        id: 'numbers',
        type: 'source.generator',
        position: { x: 0, y: 0 },
        config: { rows, rowsPerSecond, fields: [{ name: 'i', type: 'BIGINT', expr: 'n' }] },
      },
      { id: 'out', type: 'sink.print', position: { x: 200, y: 0 }, config: {} },
    ],
    edges: [{ from: 'numbers', to: 'out' }],
  });
}

async function startEngine() {
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-engine-'));
  const child: ChildProcess = fork(ENGINE, { serialization: 'advanced' });
  const { api, dispose } = connect<EngineApi>(processIpc(child), engineLost);
  onTestFinished(async () => {
    dispose();
    child.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });
  const events: JobEvent[] = [];
  const start = (text: string) => {
    const options = {
      stateFolder: path.join(folder, 'state'),
      resume: false,
      fromSavepoint: null,
      allowNonRestoredState: false,
      allowsUserCode: true,
      mends: [],
      printTo: 'events' as const,
    };
    return api.start({ text, folder, options }, (batch) => void events.push(...batch));
  };
  const lastState = () => events.findLast((event) => event.type === 'state')?.state;
  return { api, child, events, start, lastState };
}

describe('the engine process', () => {
  it('runs a job to its end and tells all of it', async () => {
    const { events, start, lastState } = await startEngine();
    expect(await start(counting(3, null))).toMatchObject({
      name: 'Count',
      operatorNames: { numbers: 'Generator', out: 'Print' },
    });
    await vi.waitFor(() => expect(lastState()).toBe('FINISHED'), { timeout: 20_000 });
    const printed = events.flatMap((event) => (event.type === 'print' ? event.text.trim().split('\n') : []));
    expect(printed).toHaveLength(3);
  });

  it('stops an endless job when asked', async () => {
    const { api, start, lastState } = await startEngine();
    const { jobId } = await start(counting(null, 100));
    await vi.waitFor(() => expect(lastState()).toBe('RUNNING'), { timeout: 20_000 });
    await api.stop(jobId, null);
    await vi.waitFor(() => expect(isTerminal(lastState()!)).toBe(true));
    await expect(api.stop(jobId, null)).rejects.toMatchObject({ code: 'MR2005' });
  });

  it('refuses a document with errors', async () => {
    const { start } = await startEngine();
    await expect(start('{"format": 1}')).rejects.toMatchObject({ diagnostics: [{ code: 'MR1002' }] });
  });

  it('rejects the calls in flight when it is killed', async () => {
    const { api, child, start } = await startEngine();
    const { jobId } = await start(counting(null, 100));
    child.kill('SIGSTOP');
    const inFlight = api.stop(jobId, null);
    child.kill('SIGKILL');
    await expect(inFlight).rejects.toMatchObject({ code: 'MR2003' });
  });
});
