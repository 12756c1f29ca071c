/** The bundled command line with real signals: a savepoint on SIGUSR2, one at an interrupt, and a start from it. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { countPerMinute, expectedCounts, readCounts, TestFolder, writeInput } from '../testing/whole-job.ts';

const MILLRACE = path.resolve(import.meta.dirname, '../../dist/cli/millrace.cjs');
const ROWS = 2000;

const folder = new TestFolder();

function document(name: string, raw: object): string {
  const file = folder.within(name);
  writeFileSync(file, JSON.stringify({ format: 'millrace/pipeline', version: 1, name: 'Counts', ...raw }));
  return file;
}

function millrace(...args: string[]) {
  const child = spawn(process.execPath, [MILLRACE, ...args], { cwd: folder.path });
  let out = '';
  let waiting: { pattern: RegExp; resolve: (match: RegExpExecArray) => void }[] = [];
  const take = (chunk: Buffer): void => {
    out += chunk.toString();
    waiting = waiting.filter(({ pattern, resolve }) => {
      const match = pattern.exec(out);
      if (match !== null) resolve(match);
      return match === null;
    });
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  return {
    child,
    out: () => out,
    ended: new Promise<number | null>((resolve) => child.once('close', resolve)),
    /** Settles once the output, from now on looked at as a whole, has it. */
    says: (pattern: RegExp): Promise<RegExpExecArray> =>
      new Promise((resolve) => {
        waiting.push({ pattern, resolve });
        take(Buffer.alloc(0));
      }),
  };
}

it.skipIf(process.platform === 'win32')('takes savepoints when signalled, and starts from them', async () => {
  writeInput(folder.path, ROWS, 3);
  const slow = document('slow.json', countPerMinute({ slow: 500, checkpointMs: 50 }));
  const first = millrace('run', slow, '--json', '--savepoint-dir', 'saved');
  await first.says(/"status":"completed"/);
  first.child.kill('SIGUSR2');
  const [, taken] = await first.says(/savepoint in (.*)\n/);
  first.child.kill('SIGINT');
  expect(await first.ended, first.out()).toBe(0);
  const [, , last] = /savepoint in .*\n[^]*(savepoint in (.*)\n)/.exec(first.out())!;
  expect(first.out()).toContain('stopping with a savepoint');

  const inspected = millrace('inspect', taken!);
  expect(await inspected.ended).toBe(0);
  expect(inspected.out()).toMatch(/^savepoint \d+: "Counts", /);

  const fast = document('fast.json', countPerMinute());
  for (const savepoint of [last!, taken!]) {
    const again = millrace('run', fast, '--from-savepoint', savepoint, '--parallelism', '2');
    expect(await again.ended, again.out()).toBe(0);
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
  }
});
