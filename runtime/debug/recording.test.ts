/** Captured once, replayed often: a session that starts from a recording gives what the one that made it gave. */
import { describe, expect, it } from 'vitest';
import { asNode, startSession, type StartedSession } from '../testing/debug-sessions.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { generator, simulatedNode } from '../testing/simulated-job.ts';

const counted = (rows: number) => ({
  nodes: [
    generator(
      'in',
      [
        ['k', 'STRING', "CONCAT('k', CAST(n % 3 AS STRING))"],
        ['v', 'BIGINT', 'n'],
        ['ts', 'TIMESTAMP', "TIMESTAMP '1970-01-01 00:00:00' + n * INTERVAL '1' SECOND"],
      ],
      { rows, eventTime: { field: 'ts', maxOutOfOrdernessMs: 0, perRow: true } },
    ),
    simulatedNode('even', 'filter', { condition: 'v % 2 = 0' }),
    simulatedNode('count', 'aggregate.window', {
      groupBy: ['k'],
      window: { type: 'tumbling', size: '4 seconds' },
      aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }],
    }),
    simulatedNode('out', 'sink.file', { path: 'out', format: 'jsonl' }),
  ],
  edges: [
    { from: 'in', to: 'even' },
    { from: 'even', to: 'count' },
    { from: 'count', to: 'out' },
  ],
});
const COUNTED = counted(12);

async function rowsOf({ session }: StartedSession): Promise<unknown[]> {
  expect((await session.resume()).reason).toBe('end');
  return (await session.rowsInto(asNode('out'), 100)).map(({ values, eventTime }) => [values, eventTime]);
}

describe('a recording', () => {
  it.each([
    ['in', 12],
    ['even', 6],
    ['count', 6],
  ])('of %s gives the same rows, and nothing before it runs', async (nodeId, rows) => {
    const files = new MemoryFiles();
    const first = await startSession(COUNTED, {}, { files });
    const given = await rowsOf(first);
    expect(await first.session.record(asNode(nodeId), 'kept/it.jsonl')).toEqual({ rows });
    await first.session.close();
    const recordings = { [nodeId]: 'kept/it.jsonl' };
    const again = await startSession(COUNTED, { recordings, checkpointEvery: 20 }, { files });
    const ids = COUNTED.nodes.map(({ id }) => id);
    const { plan } = again.start;
    expect(plan.operators.map((operator) => operator.nodeId)).toEqual(ids.slice(ids.indexOf(nodeId)));
    expect(await rowsOf(again)).toEqual(given);
    await again.session.restart({ parallelism: 2 });
    expect((await rowsOf(again)).map(String).sort()).toEqual(given.map(String).sort());
    await again.session.jump(5);
    await again.session.close();
  });

  it.each(['even', 'count'])('of several subtasks of %s gives again what each gave', async (nodeId) => {
    const files = new MemoryFiles();
    const first = await startSession(COUNTED, { parallelism: 2 }, { files });
    const given = await rowsOf(first);
    await first.session.record(asNode(nodeId), 'it.jsonl');
    await first.session.close();
    // Also where what comes behind has other subtasks than it.
    for (const parallelism of [2, 1]) {
      const again = await startSession(COUNTED, { recordings: { [nodeId]: 'it.jsonl' }, parallelism }, { files });
      const at = again.start.plan.operators.map((operator) => [operator.nodeId, operator.subtasks]);
      expect(at.find(([id]) => id === nodeId)).toEqual([nodeId, 2]);
      expect((await rowsOf(again)).map(String).sort()).toEqual(given.map(String).sort());
      await again.session.close();
    }
  });

  it('is refused when it is none, or of other fields, and overwrites nothing else', async () => {
    const files = new MemoryFiles();
    files.write('/job/notes.txt', 'mine');
    const { session } = await startSession(COUNTED, {}, { files });
    await expect(session.record(asNode('in'), 'notes.txt')).rejects.toThrow('no recording');
    await expect(session.record(asNode('out'), 'it.jsonl')).rejects.toThrow('nothing to record');
    await session.record(asNode('in'), 'it.jsonl');
    await session.close();
    const start = (recordings: object) => startSession(COUNTED, { recordings } as never, { files });
    await expect(start({ in: 'notes.txt' })).rejects.toThrow('no recording');
    await expect(start({ count: 'it.jsonl' })).rejects.toThrow('other fields');
  });
});

describe('the memory for input', () => {
  it('has a bound, which says what is lost', async () => {
    const { session } = await startSession(counted(300), { inputBytes: 1 });
    const stop = await session.resume();
    expect(stop).toMatchObject({ reason: 'error', next: { error: { code: 'MR2107' } } });
    // A first batch of 256 had been read.
    expect(stop.next?.nodeId).toBe('in');
    // All that came before is there still.
    expect((await session.jump(0)).moment).toBe(0);
    await session.close();
  });
});
