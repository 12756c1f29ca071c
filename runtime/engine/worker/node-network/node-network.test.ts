/** The network of the machine against servers and clients of Node's own and of ws, on 127.0.0.1. */
import { once } from 'node:events';
import { createServer as createHttpServer, request as httpRequest, type Server as HttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { StreamError } from '../../../core/errors.ts';
import type {
  ConnectionEvents,
  HttpAnswer,
  HttpReceiver,
  HttpRequest,
  HttpResponse,
  Listener,
} from '../../../core/network-io.ts';
import { decodeUtf8, encodeUtf8 } from '../../../core/utf8.ts';
import { networkError } from './network-errors.ts';
import { NodeNetwork } from './node-network.ts';

const network = new NodeNetwork();
const host = '127.0.0.1';

const cleanups: (() => unknown)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

function closing<T extends { close(): unknown }>(one: T): T {
  cleanups.push(() => one.close());
  return one;
}

async function listening<T extends Server | HttpServer>(server: T): Promise<number> {
  closing(server).listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A port that nothing listens at. */
async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Events of a connection as a list that can be waited for. */
class Heard implements ConnectionEvents {
  text = '';
  opened = 0;
  pongs = 0;
  drains = 0;
  closed: StreamError | null | undefined;
  #changed: () => void = () => undefined;

  onOpen = (): void => this.#note(() => this.opened++);
  onPong = (): void => this.#note(() => this.pongs++);
  onDrain = (): void => this.#note(() => this.drains++);
  onData = (bytes: Uint8Array): void => this.#note(() => (this.text += decodeUtf8(bytes)));
  onClose = (error: StreamError | null): void => this.#note(() => (this.closed = error));

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => (this.#changed = resolve));
  }

  #note(change: () => void): void {
    change();
    this.#changed();
  }
}

describe('TCP', () => {
  it('connects, hears what is sent, and that the other side closes', async () => {
    const port = await listening(createServer((socket) => socket.end('hello\n')));
    const heard = new Heard();
    const connection = network.connectTcp({ host, port }, heard);
    await heard.until(() => heard.closed !== undefined);
    expect([connection.peer, heard.opened, heard.text, heard.closed]).toEqual([`${host}:${port}`, 1, 'hello\n', null]);
  });

  it('holds the other side up while it is paused', async () => {
    const total = 64 * 1024 * 1024;
    let server!: Socket;
    const port = await listening(
      createServer((socket) => {
        server = socket;
        socket.on('error', () => undefined);
        socket.write(Buffer.alloc(total, 'x'));
      }),
    );
    let bytes = 0;
    const heard = new Heard();
    const connection = network.connectTcp(
      { host, port },
      {
        onOpen: () => {
          connection.pause();
          heard.onOpen();
        },
        onData: (data) => {
          bytes += data.length;
          heard.onPong();
        },
        onClose: heard.onClose,
      },
    );
    await heard.until(() => heard.opened === 1);
    // A round of another connection: long enough for what would come.
    const other = new Heard();
    closing(network.connectTcp({ host, port }, other));
    await other.until(() => other.text.length > 0);
    expect(bytes).toBe(0);
    expect(server.destroyed).toBe(false);
    connection.resume();
    await heard.until(() => bytes === total);
    connection.close();
  });

  it('says why a connection cannot be made, with a remedy', async () => {
    const port = await freePort();
    const refused = new Heard();
    network.connectTcp({ host, port }, refused);
    const unknown = new Heard();
    network.connectTcp({ host: 'no-such-host.invalid', port }, unknown);
    await refused.until(() => refused.closed !== undefined);
    await unknown.until(() => unknown.closed !== undefined);
    expect(refused.closed).toMatchObject({ code: 'MR2111', retryable: true });
    expect(refused.closed!.message).toContain(`no connection with ${host}:${port}: `);
    expect(refused.closed!.remedy).toContain('Check host and port');
    expect(unknown.closed!.remedy).toMatch(/name server|name of the host/);
  });

  it('listens for any number of clients, and closes them with the listener', async () => {
    const heard = new Heard();
    const peers: string[] = [];
    const listener = await network.listenTcp({ host, port: 0 }, ({ peer }) => {
      peers.push(peer);
      return heard;
    });
    const clients = [connect(listener.port, host), connect(listener.port, host)];
    clients.forEach((client, i) => client.write(`${i}`));
    await heard.until(() => heard.text.length === 2);
    expect(peers).toHaveLength(2);
    const closed = clients.map((client) => once(client.resume(), 'close'));
    listener.close();
    await Promise.all(closed);
  });

  it('says that a port is taken, or not to be had', async () => {
    const port = await listening(createServer());
    const events = (): Heard => new Heard();
    await expect(network.listenTcp({ host, port }, events)).rejects.toMatchObject({
      code: 'MR2112',
      message: expect.stringContaining(`cannot listen at ${host}:${port}`) as string,
      remedy: expect.stringContaining('choose another port') as string,
    });
    await expect(network.listenTcp({ host: '192.0.2.1', port: 0 }, events)).rejects.toMatchObject({
      code: 'MR2112',
      retryable: false,
      remedy: expect.stringContaining('no address of this machine') as string,
    });
    await expect(network.listenHttp({ host, port, maxBodyBytes: 1 }, () => ok)).rejects.toMatchObject({
      code: 'MR2112',
    });
    await expect(network.listenWebSocket({ host, port, path: '/' }, events)).rejects.toMatchObject({ code: 'MR2112' });
  });
});

const ok: HttpAnswer = { status: 200, body: '"ok"' };

describe('HTTP listener', () => {
  /** Answers with what it got; refuses `/no`. */
  async function start(aborted: () => void = () => undefined): Promise<Listener> {
    const receiver: HttpReceiver = {
      onBody: (body, answer) => answer({ status: 200, headers: { 'X-Own': 'yes' }, body: decodeUtf8(body) }),
      onAbort: aborted,
    };
    return closing(
      await network.listenHttp({ host, port: 0, maxBodyBytes: 1000 }, ({ path, method, headers }) =>
        path === '/no'
          ? { status: 429, headers: { 'Retry-After': '1' }, body: `${method} ${headers['x-a']}` }
          : receiver,
      ),
    );
  }

  it('hands bodies over and sends answers', async () => {
    const { port } = await start();
    const answer = await fetch(`http://${host}:${port}/a?b=c`, { method: 'POST', body: 'hello' });
    expect([answer.status, answer.headers.get('x-own'), await answer.text()]).toEqual([200, 'yes', 'hello']);
    const refused = await fetch(`http://${host}:${port}/no`, { method: 'PUT', body: 'x', headers: { 'X-A': 'b' } });
    expect([refused.status, refused.headers.get('retry-after'), await refused.text()]).toEqual([429, '1', 'PUT b']);
  });

  it.each(['with its length', 'in chunks'])('answers 413 to a body that is too long, told %s', async (how) => {
    let aborts = 0;
    const { port } = await start(() => aborts++);
    const headers: Record<string, string> =
      how === 'in chunks' ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': '5000' };
    const sent = httpRequest({ host, port, method: 'POST', headers });
    sent.on('error', () => undefined).end('x'.repeat(5000));
    const [answer] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
    answer.resume();
    expect([answer.statusCode, aborts]).toEqual([413, 1]);
  });

  it('refuses before the body is sent, where the client asks', async () => {
    const { port } = await start();
    const sent = httpRequest({ host, port, method: 'POST', path: '/no', headers: { Expect: '100-continue' } });
    let isAskedFor = false;
    sent.on('continue', () => (isAskedFor = true)).flushHeaders();
    const [answer] = (await once(sent, 'response')) as [{ statusCode: number; resume(): void }];
    answer.resume();
    sent.destroy();
    expect([answer.statusCode, isAskedFor]).toEqual([429, false]);
    const other = httpRequest({ host, port, method: 'POST', headers: { Expect: '100-continue' } });
    other.on('continue', () => other.end('body')).flushHeaders();
    const [taken] = (await once(other, 'response')) as [{ statusCode: number; resume(): void }];
    taken.resume();
    expect(taken.statusCode).toBe(200);
  });

  it('hears of bodies that break off', async () => {
    const heard = new Heard();
    const { port } = await start(() => heard.onPong());
    const socket = connect(port, host);
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nabc');
    await once(socket, 'connect');
    socket.end();
    await heard.until(() => heard.pongs === 1);
  });
});

describe('HTTP requests', () => {
  function send(url: string, options: Partial<HttpRequest> = {}): Promise<HttpResponse | StreamError> {
    const request = { method: 'POST', url, headers: { 'X-A': 'b' }, body: encodeUtf8('rows'), timeoutMs: 5000 };
    return new Promise((resolve) => network.request({ ...request, ...options }, resolve));
  }

  it('gives the answer, whatever its status', async () => {
    const port = await listening(
      createHttpServer((request, response) => {
        let body = '';
        request
          .on('data', (part: Buffer) => (body += part.toString()))
          .on('end', () => {
            response.writeHead(503, { 'Retry-After': '7' });
            response.end(`${request.method} ${request.url} ${request.headers['x-a'] as string} ${body}`);
          });
      }),
    );
    expect(await send(`http://${host}:${port}/p?q=1`, { method: 'PUT' })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '7' },
      body: 'PUT /p?q=1 b rows',
    });
  });

  it('says why there is none, and whether another attempt may help', async () => {
    const silent = await listening(createServer((socket) => socket.on('error', () => undefined)));
    const dropping = await listening(createServer((socket) => socket.destroy()));
    const outcomes = await Promise.all([
      send(`http://${host}:${await freePort()}`),
      send(`http://${host}:${dropping}`),
      send(`http://${host}:${silent}`, { timeoutMs: 20 }),
      send(`https://${host}:${await listening(createHttpServer())}`),
      send('http://['),
      send(`http://${host}:1`, { headers: { 'a b': '' } }),
    ]);
    expect(outcomes.map((outcome) => outcome instanceof StreamError && [outcome.code, outcome.retryable])).toEqual([
      ['MR2111', true],
      ['MR2111', true],
      ['MR2111', true],
      ['MR2111', false],
      ['MR2111', false],
      ['MR2111', false],
    ]);
    expect((outcomes[2] as StreamError).message).toContain('no answer for 0.02 s');
    expect((outcomes[3] as StreamError).remedy).toContain('does not speak TLS');
  });

  it('says how to trust a certificate', () => {
    const error = networkError(
      'MR2111',
      'x',
      Object.assign(new Error('self-signed'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
    );
    expect(error).toMatchObject({
      retryable: false,
      domain: 'user',
      remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string,
    });
  });

  it('is not heard of after it was cancelled', async () => {
    const server = createHttpServer();
    const port = await listening(server);
    let isDone = false;
    const request = {
      method: 'GET',
      url: `http://${host}:${port}`,
      headers: {},
      body: new Uint8Array(0),
      timeoutMs: 5000,
    };
    const handle = network.request(request, () => (isDone = true));
    const [incoming] = (await once(server, 'request')) as [{ once(event: string, then: () => void): void }];
    const gone = new Promise<void>((resolve) => incoming.once('close', resolve));
    handle.cancel();
    await gone;
    expect(isDone).toBe(false);
  });
});

describe('WebSockets', () => {
  it('connects with headers, sends and hears, pings', async () => {
    const server = closing(new WebSocketServer({ host, port: 0 }));
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.on('connection', (socket, request) => {
      socket.send(`hello ${request.headers['x-a'] as string}`);
      socket.on('message', (data) => socket.close(1000, String(data as Buffer)));
    });
    const heard = new Heard();
    const connection = network.connectWebSocket({ url: `ws://${host}:${port}/`, headers: { 'X-A': 'b' } }, heard);
    await heard.until(() => heard.text === 'hello b');
    connection.ping();
    await heard.until(() => heard.pongs === 1);
    connection.send('bye');
    await heard.until(() => heard.closed !== undefined);
    expect([heard.opened, heard.closed, connection.bufferedBytes]).toEqual([1, null, 0]);
    expect(heard.drains).toBe(1);
  });

  it('says why there is no connection, and whether another attempt may help', async () => {
    const http = createHttpServer((_, response) => response.writeHead(401).end());
    http.on('upgrade', (_, socket: Socket) => socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n'));
    const refusing = await listening(http);
    const outcomes = await Promise.all(
      [`ws://${host}:${refusing}/`, `ws://${host}:${await freePort()}/`].map(async (url) => {
        const heard = new Heard();
        network.connectWebSocket({ url, headers: {} }, heard);
        await heard.until(() => heard.closed !== undefined);
        return heard.closed;
      }),
    );
    expect(outcomes).toMatchObject([
      { code: 'MR2111', retryable: false, message: `ws://${host}:${refusing}/ refused the connection with status 401` },
      { code: 'MR2111', retryable: true },
    ]);
  });

  it('listens at its path, and says farewell', async () => {
    const heard = new Heard();
    const listener = await network.listenWebSocket({ host, port: 0, path: '/live' }, (connection) => ({
      onOpen: () => connection.send('welcome'),
      onData: (bytes) => heard.onData(bytes),
      onClose: (error) => heard.onClose(error),
    }));
    const other = new WebSocket(`ws://${host}:${listener.port}/other`);
    await once(other, 'error');
    const client = new WebSocket(`ws://${host}:${listener.port}/live`);
    const [data] = (await once(client, 'message')) as [Buffer];
    expect(String(data)).toBe('welcome');
    client.send('hi');
    await heard.until(() => heard.text === 'hi');
    const closed = once(client, 'close');
    listener.close();
    expect((await closed)[0]).toBe(1001);
  });
});
