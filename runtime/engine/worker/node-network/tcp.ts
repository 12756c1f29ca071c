/** TCP of core/network-io.ts over node:net. */
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import type { Connection, ConnectionEvents, Listener, TcpAddress } from '../../../core/network-io.ts';
import { say } from '../../../core/say.ts';
import { networkError } from './network-errors.ts';

/** Longest wait for a connection, in ms: the system's own would be minutes. */
export const CONNECT_TIMEOUT_MS = 10_000;
/** How soon a silent connection is probed: one whose other side has vanished is found so. */
const KEEP_ALIVE_MS = 30_000;

export function connectTcp({ host, port }: TcpAddress, events: ConnectionEvents): Connection {
  const socket = createConnection({ host, port });
  const peer = printAddress(host, port);
  socket.setTimeout(CONNECT_TIMEOUT_MS, () => {
    socket.destroy(Object.assign(new Error(say`no answer for ${CONNECT_TIMEOUT_MS / 1000} s`), { code: 'ETIMEDOUT' }));
  });
  socket.once('connect', () => {
    socket.setTimeout(0);
    events.onOpen?.();
  });
  return new TcpConnection(socket, peer, () => events);
}

export async function listenTcp(
  address: TcpAddress,
  accept: (connection: Connection) => ConnectionEvents,
): Promise<Listener> {
  const open = new Set<TcpConnection>();
  const server = createServer((socket) => {
    const peer = printAddress(socket.remoteAddress ?? '', socket.remotePort ?? 0);
    const connection = new TcpConnection(socket, peer, () => events);
    const events = accept(connection);
    open.add(connection);
    socket.once('close', () => open.delete(connection));
    events.onOpen?.();
  });
  const port = await startListening(server, address);
  return {
    port,
    close() {
      server.close();
      for (const connection of open) connection.close();
    },
  };
}

/** Settles with the port once the server listens; rejects with StreamError MR2112. */
export function startListening(server: Server, { host, port }: TcpAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const refuse = (error: unknown): void => {
      reject(networkError('MR2112', say`cannot listen at ${printAddress(host, port)}`, error));
    };
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

export function printAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

class TcpConnection implements Connection {
  readonly peer: string;
  readonly #socket: Socket;
  #isOver = false;

  /** `events` is asked for when something happens, which is never at once. */
  constructor(socket: Socket, peer: string, events: () => ConnectionEvents) {
    this.peer = peer;
    this.#socket = socket;
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on('data', (bytes: Buffer) => {
      if (!this.#isOver) events().onData(bytes);
    });
    const end = (error: unknown): void => {
      if (this.#isOver) return;
      this.#isOver = true;
      events().onClose(error === null ? null : networkError('MR2111', say`no connection with ${peer}`, error));
    };
    socket.on('error', end);
    socket.on('close', () => end(null));
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  close(): void {
    this.#isOver = true;
    this.#socket.destroy();
  }
}
