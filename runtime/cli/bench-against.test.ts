import { describe, expect, it } from 'vitest';
import { fakeIo, fakeServices } from './fake-io.ts';
import { runCli } from './run-cli.ts';

async function bench(...args: string[]): Promise<readonly [number, string]> {
  const io = fakeIo({ cwd: process.cwd() });
  const code = await runCli(['bench', ...args], io, { ...fakeServices([], null), workerFile: '/nowhere/dist/engine/worker.cjs' }); // prettier-ignore
  return [code, io.err()];
}

describe('millrace bench --against', () => {
  it.each([
    [['--against', 'flink,samza'], 'There is no engine "samza"; known are flink, spark, storm.'],
    [['--against', 'flink', '--query', 'q10'], 'There is no query "q10"; known are q0, q1'],
  ])('%j', async (args, message) => {
    expect(await bench(...args)).toEqual([2, expect.stringContaining(message)]);
  });
});
