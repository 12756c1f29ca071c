import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { fakeIo, fakeServices, withFolder } from './fake-io.ts';
import { runCli } from './run-cli.ts';

const SCRIPT = `CREATE TABLE a (x INT) WITH ('connector' = 'filesystem', 'path' = 'a', 'format' = 'json');
CREATE TABLE b (x INT) WITH ('connector' = 'print');
INSERT INTO b SELECT x FROM a WHERE x > 1;
DROP TABLE c;
`;

async function imported(cwd: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd });
  const code = await runCli(['import', ...args], io, fakeServices([], null));
  return { code, out: io.out(), err: io.err() };
}

it('makes a pipeline of a script, says what it left out, and replaces nothing unasked', () =>
  withFolder({ 'job.sql': SCRIPT, 'none.sql': 'DROP TABLE c' }, async (cwd) => {
    const { code, out, err } = await imported(cwd, 'job.sql', '-o', 'job.pipeline.json');
    expect([code, out]).toEqual([0, 'job.pipeline.json\n']);
    expect(err).toMatch(/^job\.sql: warning MR2402: line 4, column 1: DROP TABLE: /);
    const { nodes } = JSON.parse(readFileSync(path.join(cwd, 'job.pipeline.json'), 'utf8')) as { nodes: { type: string }[] }; // prettier-ignore
    expect(nodes.map(({ type }) => type)).toEqual(['source.file', 'sink.print', 'filter']);
    expect(await imported(cwd, 'job.sql', '-o', 'job.pipeline.json')).toMatchObject({ code: 1, out: '' });
    expect(await imported(cwd, 'job.sql', '-o', 'job.pipeline.json', '--force')).toMatchObject({ code: 0 });
    expect(await imported(cwd, 'none.sql', '-o', 'none.json')).toMatchObject({ code: 1 });
    expect(existsSync(path.join(cwd, 'none.json'))).toBe(false);
  }));
