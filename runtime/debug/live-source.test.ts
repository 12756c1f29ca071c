/** A source that listens to the network: what it was given once is all that a session ever asks of it. */
import { describe, expect, it } from 'vitest';
import { asNode, startSession } from '../testing/debug-sessions.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { MemoryNetwork, type MemoryPeer } from '../testing/memory-network.ts';
import { simulatedNode } from '../testing/simulated-job.ts';

const SCHEMA = [{ name: 'id', type: 'INT' }];

describe('a live source', () => {
  it('is waited for, recorded, and not asked again', async () => {
    const network = new MemoryNetwork();
    const peers: MemoryPeer[] = [];
    network.serve('tcp://127.0.0.1:7000', (peer) => peers.push(peer));
    let clock = 1000;
    const outside = {
      files: new MemoryFiles(),
      network,
      now: () => clock,
      later: (_: number, callback: () => void) => {
        const timer = setImmediate(callback);
        return () => clearImmediate(timer);
      },
    };
    const { session } = await startSession(
      {
        nodes: [
          simulatedNode('in', 'source.socket', { port: 7000, format: 'json', schema: SCHEMA }),
          simulatedNode('twice', 'project', {
            fields: [
              { as: 'id', expr: 'id * 2' },
              { as: 'at', expr: 'NOW()' },
            ],
          }),
          simulatedNode('out', 'sink.table', {}),
        ],
        edges: [
          { from: 'in', to: 'twice' },
          { from: 'twice', to: 'out' },
        ],
      },
      { checkpointEvery: 10 },
      { outside },
    );
    network.settle();
    await session.setBreakpoints([
      { id: 'b', mode: 'enabled', place: { type: 'node', nodeId: asNode('out') }, hits: { type: 'every', n: 3 } },
    ]);
    const give = async (...ids: readonly number[]): Promise<void> => {
      // The run comes to wait first: only then time goes by for it.
      await new Promise((resolve) => setImmediate(resolve));
      clock += 500;
      peers[0]!.send(ids.map((id) => `{"id":${id}}\n`).join(''));
      network.settle();
    };
    let going = session.resume();
    await give(1, 2);
    await give(3);
    expect(await going).toMatchObject({ reason: 'breakpoint', next: { row: { values: [6, expect.any(String)] } } });
    going = session.resume();
    await give(4, 5, 6);
    const stop = await going;
    const rows = await session.rowsInto(asNode('out'), 100);
    expect(rows.map(({ values }) => values[0])).toEqual([2, 4, 6, 8, 10]);
    expect(new Set(rows.map(({ values }) => values[1])).size).toBeGreaterThan(1);

    peers[0]!.close(null);
    network.serve('tcp://127.0.0.1:7000', null);
    await session.jump(0);
    await session.setBreakpoints([]);
    await session.jump(stop.moment);
    expect(await session.rowsInto(asNode('out'), 100)).toEqual(rows);
    expect((await session.jump(stop.moment)).next).toEqual(stop.next);
    expect(peers).toHaveLength(1);
    await session.close();
  });
});
