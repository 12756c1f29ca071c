/**
 * The network as operators see it. Nothing blocks. Callbacks come between the operator's own calls: they only put what they are given
 * into a bounded buffer and call `context.wake()`. The engine gives the real thing, tests a network in memory.
 */
import type { StreamError } from './errors.ts';

export interface NetworkIo {
  /** Begins to connect: `onOpen`, or `onClose` with what went wrong, follows. */
  connectTcp(address: TcpAddress, events: ConnectionEvents): Connection;
  /** Settles once it listens, or rejects with StreamError MR2112. `accept` is called for each client. */
  listenTcp(address: TcpAddress, accept: (connection: Connection) => ConnectionEvents): Promise<Listener>;
  /** As `listenTcp`. `accept` is called with the head of each request, before its body. */
  listenHttp(options: HttpListenOptions, accept: (head: HttpHead) => HttpAnswer | HttpReceiver): Promise<Listener>;
  /** Sends a request; `onDone` gets the answer, whatever its status, or StreamError MR2111 when none came. Not called after `cancel`. */
  request(request: HttpRequest, onDone: (outcome: HttpResponse | StreamError) => void): { cancel(): void };
  /** As `connectTcp`; each message is one `onData`. */
  connectWebSocket(options: WebSocketOptions, events: WebSocketEvents): WebSocketConnection;
  /** As `listenTcp`. Clients that ask for another path are refused. */
  listenWebSocket(
    options: TcpAddress & { readonly path: string },
    accept: (connection: WebSocketConnection) => WebSocketEvents,
  ): Promise<Listener>;
}

export interface TcpAddress {
  readonly host: string;
  /** To listen at: 0 is any port that is free. */
  readonly port: number;
}

export interface Listener {
  /** The port it listens at. */
  readonly port: number;
  /** Takes no more clients and closes the connections it has. */
  close(): void;
}

export interface Connection {
  /** `host:port` of the other side. */
  readonly peer: string;
  /** No `onData` until `resume`; the other side is held up once the system's buffers are full. */
  pause(): void;
  resume(): void;
  /** At once, without `onClose`. */
  close(): void;
}

export interface ConnectionEvents {
  onOpen?(): void;
  onData(bytes: Uint8Array): void;
  /** Once: the other side closed it in order (null), or it failed, or could not be made (StreamError MR2111). */
  onClose(error: StreamError | null): void;
}

export interface WebSocketConnection extends Connection {
  send(text: string): void;
  ping(): void;
  /** Bytes that wait to be sent. */
  readonly bufferedBytes: number;
}

export interface WebSocketEvents extends ConnectionEvents {
  onPong?(): void;
  /** A part of what waited to be sent has gone: `bufferedBytes` is less. */
  onDrain?(): void;
}

export interface WebSocketOptions {
  /** `ws://` or `wss://`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface HttpListenOptions extends TcpAddress {
  /** A longer body is answered with 413. */
  readonly maxBodyBytes: number;
}

export interface HttpHead {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `host:port` of the client. */
  readonly peer: string;
}

/** What becomes of a request whose head was accepted: one of the two is called. */
export interface HttpReceiver {
  /** The whole body. Call `answer` once, now or later. */
  onBody(body: Uint8Array, answer: (answer: HttpAnswer) => void): void;
  /** The body did not come whole, or was too long. */
  onAbort(): void;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpRequest {
  readonly method: string;
  /** `http://` or `https://`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Longest silence before the request counts as failed, in ms. */
  readonly timeoutMs: number;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Cut at 64 KiB: an answer is only ever shown, and by its beginning. */
  readonly body: string;
}
