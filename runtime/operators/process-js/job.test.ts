/** A whole job that is killed and goes on: state and timers of user code are in its checkpoints. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startRun } from '../../testing/run-cli-process.ts';
import {
  countPerMinute,
  createJob,
  expectedCounts,
  isCompleted,
  node,
  readCounts,
  TestFolder,
  writeInput,
} from '../../testing/whole-job.ts';

const folder = new TestFolder();

const ROWS = 4000;

/** What `countPerMinute`'s window does, by hand. */
const CODE = `const MINUTE = 60_000;
const name = (start) => String(start);

export function onRow(row, ctx) {
  if (row.v % 2n === 0n) return;
  const start = Math.floor(row.ts / MINUTE) * MINUTE;
  const counts = ctx.state.map('counts');
  const { rows, total } = counts.get(name(start)) ?? { rows: 0n, total: 0n };
  counts.set(name(start), { rows: rows + 1n, total: total + row.v });
  ctx.timers.event(start + MINUTE - 1);
}

export function onTimer(at, ctx) {
  const start = at + 1 - MINUTE;
  const counts = ctx.state.map('counts');
  ctx.emit({ k: ctx.key, window_start: start, ...counts.get(name(start)) });
  counts.remove(name(start));
}
`;

function document(stateBackend: string, slow?: number, code = CODE): object {
  const { settings, nodes, edges } = countPerMinute({
    checkpointMs: 50,
    ...(slow === undefined ? {} : { slow }),
  }) as { settings: object; nodes: { id: string }[]; edges: object[] };
  const counting = node('count', 'process.js', {
    code,
    keys: ['k'],
    outputSchema: [
      { name: 'k', type: 'STRING' },
      { name: 'window_start', type: 'TIMESTAMP' },
      { name: 'rows', type: 'BIGINT' },
      { name: 'total', type: 'BIGINT' },
    ],
    state: [{ name: 'counts', kind: 'map' }],
  });
  return {
    ...{ format: 'millrace/pipeline', version: 1, name: 'counts', notes: [], groups: [], edges },
    settings: { ...settings, stateBackend },
    nodes: nodes.map((one) => (one.id === 'count' ? counting : one)),
  };
}

describe.each(['memory', 'rocksdb'])('a job with user code, state in %s', (stateBackend) => {
  it('gives each row once when it is killed and resumed', async () => {
    writeInput(folder.path, ROWS);
    const file = folder.within('counts.pipeline.json');
    const args = ['--state-dir', folder.within('state'), '--parallelism', '2'];
    writeFileSync(file, JSON.stringify(document(stateBackend, 2000)));
    const first = startRun(file, args);
    await first.waitFor((event) => event.type === 'checkpoint' && isCompleted(event) && event.checkpoint.id >= 3);
    first.process.kill('SIGKILL');
    expect(await first.exitCode).toBeNull();
    writeFileSync(file, JSON.stringify(document(stateBackend)));
    const second = startRun(file, [...args, '--resume']);
    expect(await second.exitCode, second.stderr()).toBe(0);
    expect(readCounts(folder.path)).toEqual(expectedCounts(ROWS));
  });
});

describe('an error of user code', () => {
  it('fails the job at once, naming node, line and column', async () => {
    writeInput(folder.path, 100);
    const code = CODE.replace('total + row.v', 'total + row.w.x');
    const { job, events } = createJob(folder.path, document('memory', undefined, code));
    await job.start();
    await job.ended;
    const failed = events.find((event) => event.type === 'state' && event.state === 'FAILED');
    expect(failed).toMatchObject({
      error: {
        code: 'MR2301',
        nodeId: 'count',
        message: "onRow threw TypeError: Cannot read properties of undefined (reading 'x') (line 9, column 67)",
      },
    });
    expect(events.some((event) => event.type === 'state' && event.state === 'RESTARTING')).toBe(false);
  });
});
