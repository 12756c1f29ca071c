import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fakeIo, fakeServices, withFolder } from './fake-io.ts';
import { runCli } from './run-cli.ts';

const pipeline = (condition: string, sink: object): string =>
  JSON.stringify({
    format: 'millrace/pipeline',
    version: 1,
    name: 'Few',
    nodes: [
      { id: 'numbers', type: 'source.generator', config: { rows: 3, fields: [{ name: 'v', type: 'BIGINT', expr: 'n' }] } }, // prettier-ignore
      { id: 'few', type: 'filter', config: { condition } },
      { id: 'out', ...sink },
    ],
    edges: [
      { from: 'numbers', to: 'few' },
      { from: 'few', to: 'out' },
    ],
  });

const PRINT = { type: 'sink.print', config: {} };

async function exported(cwd: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd });
  const code = await runCli(['export', 'few.json', ...args], io, fakeServices([], null));
  return { code, out: io.out(), err: io.err() };
}

describe('export', () => {
  it('writes the job and says what differs', () =>
    withFolder({ 'few.json': pipeline('v < 2', PRINT) }, async (cwd) => {
      const { code, out, err } = await exported(cwd, '--to', 'flink-sql', '--out', 'a/job');
      expect([code, out]).toEqual([0, 'a/job/few.sql\na/job/README.md\na/job/manifest.json\n']);
      expect(err).toContain('| Print (`out`) | exact, with a note |');
      expect(readFileSync(path.join(cwd, 'a/job/few.sql'), 'utf8')).toContain('WHERE v < 2');
    }));

  it('names what is impossible, and writes nothing', () =>
    withFolder({ 'few.json': pipeline('v < 2', { type: 'sink.http', config: { url: 'http://x/' } }) }, async (cwd) => {
      const { code, out, err } = await exported(cwd, '--to', 'flink-sql', '--out', 'job');
      expect([code, out, existsSync(path.join(cwd, 'job'))]).toEqual([1, '', false]);
      expect(err).toMatch(/^few\.json:out: error MR2401: Flink SQL: "HTTP sink" has no connector/);
    }));

  it('fails on errors, and on a target that is not there', () =>
    withFolder({ 'few.json': pipeline('nobody < 2', PRINT) }, async (cwd) => {
      expect(await exported(cwd, '--to', 'json', '--out', 'job')).toMatchObject({ code: 1, out: '' });
      expect(await exported(cwd, '--to', 'abacus', '--out', 'job')).toMatchObject({ code: 2 });
      expect(readdirSync(cwd)).toEqual(['few.json']);
    }));
});
