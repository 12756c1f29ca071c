import { describe, expect, it } from 'vitest';
import { StreamError } from '../../core/errors.ts';
import { shape } from '../../testing/builders.ts';
import { MemoryNetwork, type MemoryPeer } from '../../testing/memory-network.ts';
import { createHarness, inferOperator, type OperatorHarness } from '../../testing/operator-harness.ts';
import { createSinkWebSocket } from './runtime.ts';
import { sinkWebSocketSpec } from './spec.ts';

const URL = 'ws://hub.example/in';
const PORT = 8090;

function open(network: MemoryNetwork, connection: object, config: object = {}): Promise<OperatorHarness> {
  return createHarness({
    spec: sinkWebSocketSpec,
    create: createSinkWebSocket,
    config: { connection, format: 'object', ...config },
    inputs: [shape('id INT')],
    network,
  });
}

const message = (id: number): string => `{"id":${id}}`;

describe('sink.websocket, a client', () => {
  function serve(network: MemoryNetwork): MemoryPeer[] {
    const clients: MemoryPeer[] = [];
    network.serve(URL, (client) => clients.push(client));
    return clients;
  }

  it.each([
    ['json', ['[{"id":1},{"id":2}]', '[{"id":3}]']],
    ['jsonl', ['{"id":1}\n{"id":2}\n', '{"id":3}\n']],
    ['object', [1, 2, 3].map(message)],
  ])('sends %s', async (format, expected) => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const sink = await open(network, { mode: 'client', url: URL }, { format, batchRows: 2 });
    sink.push(0, [[1], [2], [3]]);
    await sink.settle();
    expect(clients[0]!.received).toEqual(expected);
  });

  it('holds rows up while the server takes nothing, and until it can be reached', async () => {
    const network = new MemoryNetwork();
    const sink = await open(network, { mode: 'client', url: URL }, { bufferBytes: 10 });
    sink.push(0, [[1], [2], [3]]);
    await sink.turn();
    expect(sink.pending).toBe('full');
    const clients = serve(network);
    sink.advanceToNext();
    while (clients.length === 0) await sink.turn();
    clients[0]!.isResponsive = false;
    await sink.turn();
    expect([clients[0]!.received, sink.pending]).toEqual([[], 'full']);
    clients[0]!.isResponsive = true;
    await sink.settle();
    expect(clients[0]!.received).toEqual([1, 2, 3].map(message));
  });

  it('sends again on the next connection what the last one had not taken', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const sink = await open(network, { mode: 'client', url: URL });
    await sink.turn();
    sink.push(0, [[1]]);
    await sink.settle();
    clients[0]!.isResponsive = false;
    sink.push(0, [[2], [3]]);
    expect(sink.pending).toBe('some');
    clients[0]!.close();
    await sink.settle();
    expect(clients.map((client) => client.received)).toEqual([[message(1)], [2, 3].map(message)]);
  });

  it('fails where no attempt can help', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const sink = await open(network, { mode: 'client', url: URL });
    clients[0]!.close(new StreamError('MR2111', 'refused', { domain: 'user' }));
    await expect(sink.turn()).rejects.toThrow('refused');
  });
});

describe('sink.websocket, a server', () => {
  const server = { mode: 'server', port: PORT };

  it('sends to all who are there', async () => {
    const network = new MemoryNetwork();
    const sink = await open(network, server);
    const early = network.dial(PORT, '/');
    network.settle();
    sink.push(0, [[1]]);
    const late = network.dial(PORT, '/');
    network.settle();
    sink.push(0, [[2]]);
    early.close();
    network.settle();
    sink.push(0, [[3]]);
    await sink.settle();
    expect([early.received, late.received]).toEqual([[1, 2].map(message), [2, 3].map(message)]);
  });

  /** One client that takes nothing, one that does. */
  async function withSlowClient(
    slowClient: string,
  ): Promise<{ sink: OperatorHarness; slow: MemoryPeer; fast: MemoryPeer }> {
    const network = new MemoryNetwork();
    const sink = await open(network, { ...server, slowClient }, { bufferBytes: 10 });
    const slow = network.dial(PORT, '/');
    const fast = network.dial(PORT, '/');
    slow.isResponsive = false;
    network.settle();
    for (const id of [1, 2, 3]) if (sink.pending === 'none') sink.push(0, [[id]]);
    return { sink, slow, fast };
  }

  it('leaves messages out for a slow client', async () => {
    const { sink, slow, fast } = await withSlowClient('skip');
    slow.isResponsive = true;
    await sink.turn();
    sink.push(0, [[4]]);
    slow.close();
    await sink.turn();
    expect([slow.received, fast.received]).toEqual([[1, 2, 4].map(message), [1, 2, 3, 4].map(message)]);
    expect(sink.logs.at(-1)?.message).toBe('1 messages were left out for client:1');
  });

  it('disconnects a slow client', async () => {
    const { sink, slow, fast } = await withSlowClient('disconnect');
    expect([slow.isClosed, fast.isClosed]).toEqual([true, false]);
    expect(sink.logs.at(-1)?.message).toBe('client:1 is too slow: disconnected');
    expect(fast.received).toEqual([1, 2, 3].map(message));
  });

  it('waits for a slow client, or until it is gone', async () => {
    const { sink, slow, fast } = await withSlowClient('wait');
    expect([sink.pending, fast.received]).toEqual(['full', [1, 2].map(message)]);
    slow.isResponsive = true;
    await sink.settle();
    slow.isResponsive = false;
    sink.push(0, [[3], [4]]);
    expect(sink.pending).toBe('full');
    slow.close();
    await sink.turn();
    expect(sink.pending).toBe('none');
  });

  it('disconnects who does not answer a ping', async () => {
    const network = new MemoryNetwork();
    const sink = await open(network, server);
    const [dead, alive] = [network.dial(PORT, '/'), network.dial(PORT, '/')];
    dead.isResponsive = false;
    network.settle();
    sink.advanceToNext();
    sink.advanceToNext();
    expect([dead.isClosed, alive.isClosed, alive.pings]).toEqual([true, false, 2]);
  });

  it('runs as one subtask; a client as any number', () => {
    const most = (connection: object): unknown => {
      const { config } = inferOperator(sinkWebSocketSpec, { connection }, [shape('id INT')]);
      return sinkWebSocketSpec.traits(config!).maxParallelism;
    };
    expect([most(server), most({ mode: 'client', url: URL })]).toEqual([1, null]);
  });
});

describe('the config of sink.websocket', () => {
  it.each([
    [{ mode: 'client', url: 'http://x' }, 'connection.url'],
    [{ mode: 'client', url: URL, headers: [{ name: ':', value: 'x' }] }, 'connection.headers[0].name'],
    [{ mode: 'server', port: PORT, path: 'x' }, 'connection.path'],
  ])('%j is refused', (connection, path) => {
    const { diagnostics } = inferOperator(sinkWebSocketSpec, { connection }, [shape('id INT')]);
    expect(diagnostics).toMatchObject([{ code: 'MR1203', path }]);
  });
});
