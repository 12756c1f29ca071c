import { describe, expect, it } from 'vitest';
import { MemoryNetwork, type MemoryPeer } from '../../testing/memory-network.ts';
import {
  createHarness,
  inferOperator,
  type HarnessOptions,
  type OperatorHarness,
} from '../../testing/operator-harness.ts';
import { createSourceWebSocket } from './runtime.ts';
import { sourceWebSocketSpec, type SourceWebSocketConfig } from './spec.ts';

const URL = 'ws://feed.example/trades';
const SCHEMA = [{ name: 'id', type: 'INT' }];

function open(
  network: MemoryNetwork,
  config: Record<string, unknown> = {},
  options: Partial<HarnessOptions<SourceWebSocketConfig>> = {},
): Promise<OperatorHarness> {
  return createHarness({
    spec: sourceWebSocketSpec,
    create: createSourceWebSocket,
    config: { url: URL, format: 'json', schema: SCHEMA, ...config },
    network,
    ...options,
  });
}

/** A server that keeps whoever connects. */
function serve(network: MemoryNetwork): MemoryPeer[] {
  const clients: MemoryPeer[] = [];
  network.serve(URL, (client) => clients.push(client));
  return clients;
}

const ids = (source: OperatorHarness): unknown[] => source.rows().map((row) => row[0]);

async function wait(source: OperatorHarness): Promise<void> {
  source.advanceToNext();
  await source.turn();
  source.poll();
}

describe('source.websocket', () => {
  it('subscribes whenever it connects, and reads messages of one row or many', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const source = await open(network, { subscribe: ['hello', 'all'] });
    clients[0]!.send('{"id":1}');
    clients[0]!.send('[{"id":2},{"id":3}]');
    source.poll();
    clients[0]!.close();
    source.poll();
    await wait(source);
    clients[1]!.send('{"id":4}\n{"id":5}');
    source.poll();
    expect(ids(source)).toEqual([1, 2, 3, 4, 5]);
    expect(clients.map((client) => client.received)).toEqual([
      ['hello', 'all'],
      ['hello', 'all'],
    ]);
  });

  it.each([
    ['csv', SCHEMA, '1\n2\n', [1, 2]],
    ['raw', [{ name: 'text', type: 'STRING' }], 'a\nb', ['a\nb']],
  ])('reads %s', async (format, schema, message, expected) => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const source = await open(network, { format, schema });
    clients[0]!.send(message);
    source.poll();
    expect(ids(source)).toEqual(expected);
  });

  it('pings, and connects again when there is no sign of life', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const source = await open(network, { pingInterval: '10 seconds' });
    source.poll();
    await wait(source);
    await wait(source);
    expect([clients[0]!.pings, clients[0]!.isClosed]).toEqual([2, false]);
    clients[0]!.isResponsive = false;
    await wait(source);
    await wait(source);
    expect(clients[0]!.isClosed).toBe(true);
    expect(source.logs.at(-1)?.message).toContain('has not answered a ping for 10 seconds; connecting again');
    await wait(source);
    expect(clients).toHaveLength(2);
  });

  it('takes messages for a sign of life', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const source = await open(network, { pingInterval: '10 seconds' });
    source.poll();
    clients[0]!.isResponsive = false;
    for (let i = 0; i < 5; i++) {
      await wait(source);
      clients[0]!.send('{"id":1}');
      source.poll();
    }
    expect(clients[0]!.isClosed).toBe(false);
  });

  it('holds the server up while much waits', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const source = await open(network);
    const many = JSON.stringify(Array.from({ length: 150_000 }, (_, id) => ({ id })));
    clients[0]!.send(many);
    network.settle();
    expect(clients[0]!.isPaused).toBe(true);
    source.poll();
    expect([source.rows().length, clients[0]!.isPaused]).toEqual([150_000, false]);
  });

  it('emits after a restore what had come before, also of half a message', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const config = { onError: 'reject' };
    const first = await open(network, config, { batchRows: 2 });
    clients[0]!.send('{"id":0}');
    clients[0]!.send('[{"id":1},{"id":"x"},{"id":3}]');
    clients[0]!.send('{"id":"y"}');
    first.pollOnce();
    expect(ids(first)).toEqual([0, 1]);
    const second = await open(network, config, { restoreFrom: [first.snapshot(1)] });
    second.poll();
    expect(ids(second)).toEqual([3]);
    expect(second.rows('rejected').map((row) => row.slice(0, 2))).toEqual([
      [URL, 3n],
      [URL, 5n],
    ]);
  });

  it.each([
    [{ url: 'http://host' }, 'url'],
    [{ url: 'ws://' }, 'url'],
    [{ headers: [{ name: 'a b', value: 'c' }] }, 'headers[0].name'],
    [{ headers: [{ name: 'a', value: 'b\r\nc' }] }, 'headers[0].value'],
  ])('%j is refused', (config, path) => {
    const raw = { url: URL, format: 'json', schema: SCHEMA, ...config };
    expect(inferOperator(sourceWebSocketSpec, raw, []).diagnostics[0]).toMatchObject({ path });
  });
});
