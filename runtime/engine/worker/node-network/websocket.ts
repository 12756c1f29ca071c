/** WebSockets of core/network-io.ts over the package ws. */
import { createServer, type IncomingMessage } from 'node:http';
import { WebSocket, WebSocketServer, type RawData } from 'ws';
import { StreamError } from '../../../core/errors.ts';
import type {
  Listener,
  TcpAddress,
  WebSocketConnection,
  WebSocketEvents,
  WebSocketOptions,
} from '../../../core/network-io.ts';
import { say } from '../../../core/say.ts';
import { networkError } from './network-errors.ts';
import { CONNECT_TIMEOUT_MS, printAddress, startListening } from './tcp.ts';

/** A longer message ends the connection. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** Ended in order, or by a side that went away. */
const ORDERLY_CODES = new Set([1000, 1001, 1005]);

export function connectWebSocket({ url, headers }: WebSocketOptions, events: WebSocketEvents): WebSocketConnection {
  const options = { headers, handshakeTimeout: CONNECT_TIMEOUT_MS, maxPayload: MAX_MESSAGE_BYTES };
  return new NodeWebSocket(new WebSocket(url, options), url, () => events);
}

export async function listenWebSocket(
  address: TcpAddress & { readonly path: string },
  accept: (connection: WebSocketConnection) => WebSocketEvents,
): Promise<Listener> {
  const http = createServer((_, response) => response.writeHead(426, { Upgrade: 'websocket' }).end());
  const server = new WebSocketServer({ server: http, path: address.path, maxPayload: MAX_MESSAGE_BYTES });
  // It repeats what the HTTP server says, which `startListening` has heard.
  server.on('error', () => undefined);
  server.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const peer = printAddress(request.socket.remoteAddress ?? '', request.socket.remotePort ?? 0);
    const connection = new NodeWebSocket(socket, peer, () => events);
    const events = accept(connection);
    events.onOpen?.();
  });
  const port = await startListening(http, address);
  return {
    port,
    close() {
      for (const client of server.clients) client.close(1001);
      server.close();
      http.close();
      // The farewells leave first.
      setImmediate(() => {
        for (const client of server.clients) client.terminate();
        http.closeAllConnections();
      });
    },
  };
}

class NodeWebSocket implements WebSocketConnection {
  readonly peer: string;
  readonly #socket: WebSocket;
  readonly #events: () => WebSocketEvents;
  #isOver = false;

  /** `events` is asked for when something happens, which is never at once. */
  constructor(socket: WebSocket, peer: string, events: () => WebSocketEvents) {
    this.peer = peer;
    this.#socket = socket;
    this.#events = events;
    socket
      .on('open', () => events().onOpen?.())
      .on('message', (data: RawData) => {
        if (!this.#isOver) events().onData(bytesOf(data));
      })
      .on('pong', () => events().onPong?.())
      .on('unexpected-response', (request, { statusCode = 0 }) => {
        this.#end(refused(peer, statusCode));
        request.destroy();
      })
      .on('error', (error) => this.#end(networkError('MR2111', say`no connection with ${peer}`, error)))
      .on('close', (code, reason) => this.#end(ORDERLY_CODES.has(code) ? null : broken(peer, code, reason.toString())));
  }

  get bufferedBytes(): number {
    return this.#socket.bufferedAmount;
  }

  send(text: string): void {
    // What became of it is told by `close`.
    this.#socket.send(text, () => {
      if (!this.#isOver) this.#events().onDrain?.();
    });
  }

  ping(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.ping();
  }

  pause(): void {
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#isOver = true;
    // A polite farewell where there is somebody to hear it; nobody waits for the answer.
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close(1000);
    else this.#socket.terminate();
  }

  #end(error: StreamError | null): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#events().onClose(error);
  }
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
}

/** The server has answered, and would answer the same again, unless it is only busy. */
function refused(peer: string, status: number): StreamError {
  const isLasting = status < 500 && status !== 408 && status !== 429;
  return new StreamError('MR2111', say`${peer} refused the connection with status ${status}`, {
    domain: isLasting ? 'user' : 'external',
    retryable: !isLasting,
    remedy: say`Check the path of the URL and the headers, such as Authorization.`,
  });
}

function broken(peer: string, code: number, reason: string): StreamError {
  const why = reason === '' ? say`code ${code}` : say`code ${code}, ${reason}`;
  return new StreamError('MR2111', say`the connection with ${peer} was closed with ${why}`, {
    remedy: say`The other side broke the connection off: its log may say why.`,
  });
}
