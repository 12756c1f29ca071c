/** Whole jobs that talk to servers and clients on 127.0.0.1: in worker threads, and in a process that is killed. */
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { JobEvent } from '../../../protocol/job.ts';
import { startRun } from '../../../testing/run-cli-process.ts';
import { createJob, node, TestFolder, type Started } from '../../../testing/whole-job.ts';

const folder = new TestFolder();
const host = '127.0.0.1';
const schema = [{ name: 'id', type: 'INT' }];

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const LISTENS = /^listens at .*:(\d+)/;

function portIn(event: JobEvent): number | null {
  const port = event.type === 'log' ? LISTENS.exec(event.record.message)?.[1] : undefined;
  return port === undefined ? null : Number(port);
}

async function listeningPort({ waitFor }: Pick<Started, 'waitFor'>): Promise<number> {
  return portIn(await waitFor((event) => portIn(event) !== null))!;
}

async function started(nodes: readonly object[], settings: object = {}): Promise<Started> {
  const ids = nodes.map((one) => (one as { id: string }).id);
  const edges = ids.slice(1).map((to, i) => ({ from: ids[i], to }));
  const job = createJob(folder.path, { nodes, edges, settings });
  cleanups.push(async () => {
    await job.job.cancel();
    await job.job.ended;
  });
  await job.job.start();
  return job;
}

describe('network jobs', () => {
  it('take lines from a socket and deliver them over HTTP, though the server fails now and then', async () => {
    const delivered = new Map<string, number[]>();
    let requests = 0;
    let onAll: () => void;
    const all = new Promise<void>((resolve) => (onAll = resolve));
    const server = createServer((request: IncomingMessage, response: ServerResponse) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => {
        const rows = JSON.parse(body) as { id: number }[];
        delivered.set(
          request.headers['idempotency-key'] as string,
          rows.map((row) => row.id),
        );
        response.writeHead(++requests % 3 === 0 ? 503 : 200, { 'Retry-After': '0' }).end();
        if ([...delivered.values()].flat().length === 1000) onAll();
      });
    });
    cleanups.push(() => server.close());
    server.listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const job = await started([
      node('in', 'source.socket', { mode: 'listener', port: 0, format: 'json', schema }),
      node('out', 'sink.http', {
        url: `http://${host}:${port}/rows`,
        batchRows: 50,
        linger: '10 milliseconds',
        retry: { initialDelay: '1 millisecond' },
      }),
    ]);
    const client = connect(await listeningPort(job), host);
    client.end(Array.from({ length: 1000 }, (_, id) => `{"id":${id}}\n`).join(''));
    await all;
    await job.job.stop();
    expect((await job.job.ended).state).toBe('STOPPED');
    const ids = [...delivered.values()].flat();
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, id) => id));
  });

  it('take messages from a WebSocket server and broadcast them', async () => {
    const feed = new WebSocketServer({ host, port: 0 });
    cleanups.push(() => {
      for (const client of feed.clients) client.terminate();
      feed.close();
    });
    await once(feed, 'listening');
    const { port } = feed.address() as AddressInfo;
    const subscribed = once(feed, 'connection').then(async ([socket]) => {
      const [first] = (await once(socket as WebSocket, 'message')) as [Buffer];
      return { socket: socket as WebSocket, first: String(first) };
    });
    const job = await started([
      node('in', 'source.websocket', { url: `ws://${host}:${port}/`, subscribe: ['all'], format: 'json', schema }),
      node('out', 'sink.websocket', { connection: { mode: 'server', port: 0 }, format: 'object' }),
    ]);
    const { socket, first } = await subscribed;
    const client = new WebSocket(`ws://${host}:${await listeningPort(job)}/`);
    cleanups.push(() => client.terminate());
    await once(client, 'open');
    // The server may hear of the client a little later than the client of the server.
    let next = 0;
    const received = once(client, 'message');
    const sending = (): void => {
      if (client.readyState === WebSocket.OPEN && next < 100_000) socket.send(`{"id":${next++}}`, sending);
    };
    sending();
    const [message] = (await received) as [Buffer];
    client.terminate();
    expect([first, typeof (JSON.parse(String(message)) as { id: unknown }).id]).toEqual(['all', 'number']);
  });

  it('fail with a remedy when the port is taken', async () => {
    const other = createTcpServer();
    cleanups.push(() => other.close());
    other.listen(0, host);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const job = createJob(folder.path, {
      nodes: [node('in', 'source.http', { port, format: 'json', schema }), node('out', 'sink.print', {})],
      edges: [{ from: 'in', to: 'out' }],
    });
    await job.job.start().catch(() => undefined);
    expect(await job.job.ended).toMatchObject({
      state: 'FAILED',
      error: { code: 'MR2112', nodeId: 'in', remedy: expect.stringContaining('choose another port') as string },
    });
  });
});

describe('a killed job with an HTTP source that acknowledges by checkpoints', () => {
  it('has, once it is resumed, every row of a client that sends again what was not answered', async () => {
    const port = await freePort();
    const file = folder.within('orders.pipeline.json');
    const url = `http://${host}:${port}/`;
    writeFileSync(
      file,
      JSON.stringify({
        format: 'millrace/pipeline',
        version: 1,
        name: 'orders',
        settings: { checkpoint: { intervalMs: 50 } },
        nodes: [
          node('in', 'source.http', { port, format: 'json', schema, acknowledge: 'checkpoint' }),
          node('out', 'sink.file', { path: 'out', format: 'jsonl' }),
        ],
        edges: [{ from: 'in', to: 'out' }],
        notes: [],
        groups: [],
      }),
    );
    const answered = new Set<number>();
    const post = async (id: number): Promise<void> => {
      const response = await fetch(url, { method: 'POST', body: `{"id":${id}}` }).catch(() => null);
      if (response?.status === 200) answered.add(id);
    };
    const state = folder.within('state');
    const first = startRun(file, ['--state-dir', state]);
    cleanups.push(() => first.process.kill('SIGKILL'));
    await first.waitFor((event) => portIn(event) !== null);
    await Promise.all([1, 2, 3].map(post));
    expect([...answered].sort()).toEqual([1, 2, 3]);
    const underWay = Array.from({ length: 50 }, (_, i) => post(4 + i));
    await Promise.race(underWay);
    first.process.kill('SIGKILL');
    await Promise.all(underWay);
    const answeredBefore = [...answered];

    const second = startRun(file, ['--state-dir', state, '--resume']);
    cleanups.push(() => second.process.kill('SIGKILL'));
    await second.waitFor((event) => portIn(event) !== null);
    const all = Array.from({ length: 53 }, (_, i) => 1 + i);
    await Promise.all(all.filter((id) => !answered.has(id)).map(post));
    second.process.kill('SIGTERM');
    expect(await second.exitCode, second.stderr()).toBe(0);
    const written = readdirSync(folder.within('out'))
      .filter((name) => !name.startsWith('.'))
      .flatMap((name) => readFileSync(folder.within('out', name), 'utf8').split('\n').filter(Boolean))
      .map((line) => (JSON.parse(line) as { id: number }).id);
    expect([...new Set(written)].sort((a, b) => a - b)).toEqual(all);
    for (const id of answeredBefore) expect(written.filter((one) => one === id)).toEqual([id]);
  });

  async function freePort(): Promise<number> {
    const server = createTcpServer();
    server.listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
});
