import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { EngineProcess } from './engine-process.ts';

describe('EngineProcess', () => {
  it('kills an engine that does not become ready, and says so', async () => {
    const engine = new EngineProcess(spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)']));
    expect(await engine.firstAnswer(50)).toBeNull();
    expect(engine.logEnd()).toContain('killed, since it was not ready 0.05 s after its start');
    await engine.stop(0);
  });

  it('kills what the process has begun along with it', async () => {
    const child = "require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: ['pipe', 'inherit', 'inherit'] })"; // prettier-ignore
    const cancel = new AbortController();
    const engine = EngineProcess.begin(process.execPath, ['-e', `${child}; console.log('begun'); process.stdin.resume()`], { signal: cancel.signal }); // prettier-ignore
    expect(await engine.firstAnswer()).toBe('begun');
    cancel.abort();
    // As long as the child lives, it keeps its end of the pipe.
    expect(await engine.answer()).toBeNull();
  });

  it('gives the first answer of one that does', async () => {
    const engine = new EngineProcess(spawn(process.execPath, ['-e', 'console.log("ready"); process.stdin.resume()']));
    expect(await engine.firstAnswer()).toBe('ready');
    await engine.stop(10_000);
  });

  it('is not held up by what it prints when nobody reads it any more', async () => {
    const talks =
      'console.log("ready"); for (let i = 0; i < 20000; i++) console.log("row " + i); console.error("done");';
    const child = spawn(process.execPath, ['-e', talks]);
    const ended = once(child, 'exit');
    const engine = new EngineProcess(child);
    expect(await engine.firstAnswer()).toBe('ready');
    engine.ignoreAnswers();
    await ended;
    expect(engine.logEnd()).toContain('done');
  });
});
