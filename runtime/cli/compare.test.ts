import { describe, expect, it } from 'vitest';
import { fakeEngines, handingOn } from '../testing/fake-engines.ts';
import { bundledWorker } from '../testing/whole-job.ts';
import type { Row } from '../comparison/engine.ts';
import { fakeIo, fakeServices, withFolder } from './fake-io.ts';
import { runCli } from './run-cli.ts';

const pipeline = (sink: object): string =>
  JSON.stringify({
    format: 'millrace/pipeline',
    version: 1,
    name: 'Few',
    nodes: [
      { id: 'numbers', type: 'source.generator', config: { rows: 3, fields: [{ name: 'v', type: 'BIGINT', expr: 'n' }] } }, // prettier-ignore
      { id: 'out', ...sink },
    ],
    edges: [{ from: 'numbers', to: 'out' }],
  });
const PRINT = pipeline({ type: 'sink.print', config: {} });

async function compared(cwd: string, change: (rows: readonly Row[]) => readonly Row[], ...args: string[]) {
  const io = fakeIo({ cwd });
  const { engines } = fakeEngines(handingOn(change));
  const services = { ...fakeServices([], null), workerFile: bundledWorker, engines };
  return { code: await runCli(['compare', 'few.json', ...args], io, services), out: io.out(), err: io.err() };
}

describe('millrace compare', () => {
  it('ends well when the rows are the same, and otherwise shows them and what is known to differ', () =>
    withFolder({ 'few.json': PRINT }, async (cwd) => {
      const same = await compared(cwd, (rows) => rows, '--target', 'flink');
      expect(same).toMatchObject({ code: 0, out: expect.stringMatching(/^✓ out: the same 3 rows\nhere and on Fake flink, over 3 rows of numbers, in /) as string }); // prettier-ignore
      expect(same.err).toBe('starting Fake flink …\nrecording the input …\nrunning it here …\nrunning it on Fake flink …\n'); // prettier-ignore
      const other = await compared(cwd, ([, ...rows]) => [...rows, ['9'], ['9']], '--target', 'spark', '--rows', '2');
      expect(other.code).toBe(1);
      expect(other.out).toContain('✗ out: expected 2 rows, got 3\n');
      expect(other.out).toContain('v: expected 0, got 9');
      expect(other.out).toContain('+ {"v":9}   unexpected');
      expect(other.out).toContain('over the first 2 rows of numbers');
      expect(other.err).toContain('What is known to differ:');
    }));

  it('gives the report as JSON', () =>
    withFolder({ 'few.json': PRINT }, async (cwd) => {
      const { out } = await compared(cwd, (rows) => rows, '--target', 'storm', '--json');
      expect(JSON.parse(out)).toMatchObject({ engine: 'storm', checks: [{ nodeId: 'out', isMet: true }] });
    }));

  it('refuses what the engine has no place for, and engines that are not there', () =>
    withFolder({ 'few.json': pipeline({ type: 'sink.http', config: { url: 'http://x/' } }) }, async (cwd) => {
      const impossible = await compared(cwd, (rows) => rows, '--target', 'flink');
      expect(impossible).toMatchObject({ code: 3, out: '' });
      expect(impossible.err).toContain('few.json:out: error MR2401');
      expect(await compared(cwd, (rows) => rows, '--target', 'samza')).toMatchObject({ code: 2 });
    }));
});
