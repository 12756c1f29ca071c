import { afterEach, describe, expect, it, vi } from 'vitest';
import { Verifier } from '../bench/nexmark/index.ts';
import { bundledWorker } from '../testing/whole-job.ts';
import { fakeIo, fakeServices } from './fake-io.ts';
import { runCli } from './run-cli.ts';

async function bench(line: string): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const io = fakeIo({ cwd: process.cwd() });
  const services = { ...fakeServices([], null), workerFile: bundledWorker };
  const code = await runCli(['bench', 'nexmark', ...line.split(' ')], io, services);
  return { code, out: io.out(), err: io.err() };
}

afterEach(() => vi.restoreAllMocks());

describe('millrace bench nexmark', () => {
  it('verifies the queries that are asked for', async () => {
    const { code, out, err } = await bench('--verify --query q2 --query q0 --events 1000 --parallelism 1');
    expect(code).toBe(0);
    expect(out.split('\n').filter((line) => line.includes('equal'))).toHaveLength(2);
    expect(err).toBe('q0 …\nq2 …\n');
  });

  it('shows what differs, and fails', async () => {
    const comparison = { expected: 2, seen: 2, missing: ['[1]'], unexpected: ['[3]'] };
    vi.spyOn(Verifier.prototype, 'verify').mockResolvedValue(comparison);
    const { code, out } = await bench('--verify --query q7 --parallelism 2');
    expect(code).toBe(1);
    expect(out).toContain('DIFFERENT');
    expect(out).toContain('q7, parallelism 2: missing [1]\nq7, parallelism 2: unexpected [3]\n');
  });

  it('measures events a second', async () => {
    const { code, out } = await bench('--query q0 --events 5000 --runs 1');
    expect(code).toBe(0);
    expect(out).toMatch(/^\| query +\| M events +\| M events\/s, parallelism 1 +\| M events\/s, parallelism 2 +\|\n/);
    expect(out).toMatch(/\n\| q0 +\| 0\.005 +\| [\d.]+ +\| [\d.]+ +\|\n/);
  });

  it('knows its queries', async () => {
    const { code, err } = await bench('--query q99');
    expect([code, err]).toEqual([2, expect.stringContaining('There is no query "q99"; known are q0, q1')]);
  });
});
