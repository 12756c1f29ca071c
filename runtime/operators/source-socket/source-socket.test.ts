import { describe, expect, it } from 'vitest';
import { StreamError } from '../../core/errors.ts';
import { FAKE_EPOCH_MS } from '../../testing/fake-clock.ts';
import { MemoryNetwork, type MemoryPeer } from '../../testing/memory-network.ts';
import {
  createHarness,
  inferOperator,
  type HarnessOptions,
  type OperatorHarness,
} from '../../testing/operator-harness.ts';
import { createSourceSocket } from './runtime.ts';
import { sourceSocketSpec, type SourceSocketConfig } from './spec.ts';

const SCHEMA = [
  { name: 'id', type: 'INT' },
  { name: 'ts', type: 'TIMESTAMP' },
];
const URL = 'tcp://127.0.0.1:7000';

function open(
  network: MemoryNetwork,
  config: Record<string, unknown> = {},
  options: Partial<HarnessOptions<SourceSocketConfig>> = {},
): Promise<OperatorHarness> {
  return createHarness({
    spec: sourceSocketSpec,
    create: createSourceSocket,
    config: { port: 7000, format: 'json', schema: SCHEMA, ...config },
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
const line = (id: unknown): string => `{"id":${String(id)}}\n`;

describe('source.socket, a client', () => {
  it('reads lines, however they are cut', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const source = await open(network);
    for (const text of [line(1).slice(0, 4), line(1).slice(4) + line(2) + '{"i', 'd":3}\r\n']) clients[0]!.send(text);
    expect(source.poll()).toBe('waiting');
    expect(ids(source)).toEqual([1, 2, 3]);
  });

  it('reads raw lines, and with another delimiter rows that hold newlines', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const text = [{ name: 'text', type: 'STRING' }];
    const lines = await open(network, { format: 'raw', schema: text });
    const others = await open(network, { format: 'raw', schema: text, lineDelimiter: '\\0' });
    for (const client of clients) client.send('a\n\nb c\r\nd\0e\n\0');
    for (const source of [lines, others]) source.poll();
    expect(lines.rows().flat()).toEqual(['a', '', 'b c', 'd\0e']);
    expect(others.rows().flat()).toEqual(['a\n\nb c\r\nd', 'e\n']);
  });

  it('takes the last line when the connection ends, and connects again', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const source = await open(network);
    clients[0]!.send(`${line(1)}{"id":2}`);
    clients[0]!.close();
    source.poll();
    expect(ids(source)).toEqual([1, 2]);
    expect(source.logs.at(-1)?.message).toMatch(
      /^the other side closed the connection; connecting again in \d+ milliseconds$/,
    );
    source.advanceToNext();
    await source.turn();
    source.poll();
    clients[1]!.send(line(3));
    source.poll();
    expect(ids(source)).toEqual([1, 2, 3]);
  });

  it('waits twice as long after each failure, and fails after as many as it may', async () => {
    const network = new MemoryNetwork();
    const source = await open(network, {
      reconnect: { initialDelay: '1 second', maxDelay: '3 seconds', maxAttempts: 5 },
    });
    const waits: number[] = [];
    for (let i = 0; i < 4; i++) {
      source.poll();
      const before = source.clock.now();
      source.advanceToNext();
      waits.push(source.clock.now() - before);
      await source.turn();
    }
    [1000, 2000, 3000, 3000].forEach((most, i) => {
      expect(waits[i]).toBeGreaterThanOrEqual(most / 2);
      expect(waits[i]).toBeLessThanOrEqual(most);
    });
    expect(() => source.poll()).toThrow(
      expect.objectContaining({ code: 'MR2111', remedy: expect.any(String) as string }),
    );
  });

  it('fails at once when no further attempt can help', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const source = await open(network);
    clients[0]!.close(new StreamError('MR2111', 'bad certificate', { domain: 'user' }));
    expect(() => source.poll()).toThrow('bad certificate');
  });

  it('holds the server up while much waits, and lets go once there is room', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const source = await open(network);
    const many = line(1).repeat(20_000);
    for (let i = 0; i < 10; i++) clients[0]!.send(many);
    network.settle();
    expect(clients[0]!.isPaused).toBe(true);
    source.poll();
    expect(ids(source)).toHaveLength(200_000);
    expect(clients[0]!.isPaused).toBe(false);
  });

  it('emits after a restore what had come before, also of half a block of lines', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const first = await open(network, { onError: 'reject' }, { batchRows: 2 });
    clients[0]!.send(`${line(1)}${line(2)}${line(3)}oops\n${line(5)}{"id"`);
    first.pollOnce();
    expect(ids(first)).toEqual([1, 2]);
    const snapshot = first.snapshot(1);
    first.close();
    const second = await open(network, { onError: 'reject' }, { restoreFrom: [snapshot] });
    second.poll();
    expect(ids(second)).toEqual([3, 5]);
    expect(second.rows('rejected')).toMatchObject([
      ['127.0.0.1:7000', 4n, expect.stringContaining('not JSON'), 'oops'],
    ]);
  });

  it('keeps lines apart in CSV even when a quote is left open', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const source = await open(network, { format: 'csv', onError: 'reject' });
    clients[0]!.send('1,\n"2,\n3,\n');
    source.poll();
    expect(ids(source)).toEqual([1, 3]);
    expect(source.rows('rejected').map((row) => [row[1], row[2]])).toEqual([[2n, 'a quote is not closed']]);
  });

  it('stops at a bad row, saying whose and which', async () => {
    const network = new MemoryNetwork();
    const clients = serve(network);
    const source = await open(network);
    clients[0]!.send(`${line(1)}${line('"x"')}`);
    expect(() => source.poll()).toThrow(
      expect.objectContaining({ code: 'MR2103', message: '127.0.0.1:7000:2: "id" is not a INT: x: {"id":"x"}' }),
    );
  });

  it('is idle when nothing comes', async () => {
    const network = new MemoryNetwork();
    serve(network);
    const source = await open(network, { eventTime: { field: 'ts', idleTimeoutMs: 100 } });
    source.poll();
    source.advanceTo(FAKE_EPOCH_MS + 100);
    expect(source.events).toEqual([{ type: 'idle' }]);
  });
});

describe('source.socket, a listener', () => {
  it('reads from all who connect, each with lines of its own', async () => {
    const network = new MemoryNetwork();
    const source = await open(network, { mode: 'listener', port: 0, onError: 'reject' });
    const port = 40_000;
    expect(source.logs.at(-1)?.message).toBe(`listens at 127.0.0.1:${port}`);
    const [a, b] = [network.dial(port), network.dial(port)];
    a.send('{"id"');
    b.send(`${line(2)}no\n`);
    a.send(`:1}\nneither\n`);
    b.close();
    source.poll();
    expect(ids(source)).toEqual([2, 1]);
    expect(source.rows('rejected').map((row) => row.slice(0, 2))).toEqual([
      ['client:2', 2n],
      ['client:1', 2n],
    ]);
  });

  it('holds up those who come while much waits', async () => {
    const network = new MemoryNetwork();
    const source = await open(network, { mode: 'listener' });
    network.dial(7000).send(line(1).repeat(200_000));
    network.settle();
    const late = network.dial(7000);
    late.send(line(2));
    network.settle();
    expect(late.isPaused).toBe(true);
    source.poll();
    source.poll();
    expect(ids(source)).toHaveLength(200_001);
  });
});

describe('the config of source.socket', () => {
  it.each([
    [{ port: 0 }, 'MR1203', 'port'],
    [{ lineDelimiter: '\\q' }, 'MR1203', 'lineDelimiter'],
    [{ delimiter: ';;' }, 'MR1203', 'delimiter'],
    [{ format: 'raw' }, 'MR1405', 'schema'],
    [{ schema: [...SCHEMA, SCHEMA[0]] }, 'MR1402', 'schema[2].name'],
    [{ eventTime: { field: 'id' } }, 'MR1502', 'eventTime.field'],
  ])('%j is refused', (config, code, path) => {
    const raw = { port: 7000, format: 'json', schema: SCHEMA, ...config };
    expect(inferOperator(sourceSocketSpec, raw, []).diagnostics).toMatchObject([{ code, path }]);
  });
});
