/**
 * A connection with a server. A message counts as sent once the system has taken it; those it had not taken when the connection broke are
 * sent again on the next one.
 */
import type { ConnectionEvents, WebSocketConnection } from '../../core/network-io.ts';
import type { OperatorContext, Pending } from '../../core/operator.ts';
import { headersOf } from '../shared/http-headers.ts';
import { KeptConnection } from '../shared/kept-connection.ts';
import type { Outlet } from './outlet.ts';
import type { SinkWebSocketConfig } from './spec.ts';

export type ClientConfig = Extract<SinkWebSocketConfig['connection'], { readonly mode: 'client' }>;

export class ToServer implements Outlet {
  readonly #config: ClientConfig;
  readonly #bufferBytes: number;
  readonly #context: OperatorContext;
  readonly #server: KeptConnection<WebSocketConnection>;
  /** Wait for a connection, or for room in its buffer. */
  #waiting: string[] = [];
  /** In the buffer of `#connection`, as far as is known. */
  #handedOver: string[] = [];
  #connection: WebSocketConnection | null = null;

  constructor(config: ClientConfig, bufferBytes: number, context: OperatorContext) {
    this.#config = config;
    this.#bufferBytes = bufferBytes;
    this.#context = context;
    this.#server = new KeptConnection((events) => this.#connect(events), config.reconnect, context);
  }

  open(): void {
    this.#server.keep();
  }

  send(message: string): void {
    this.#waiting.push(message);
    this.#handOver();
  }

  pending(): Pending {
    if (this.#waiting.length > 0) return 'full';
    return this.#handedOver.length > 0 ? 'some' : 'none';
  }

  work(): void {
    this.#server.keep();
    const { current } = this.#server;
    if (current !== this.#connection) {
      this.#waiting = [...this.#handedOver, ...this.#waiting];
      this.#handedOver = [];
      this.#connection = current;
    }
    if (this.#connection?.bufferedBytes === 0) {
      if (this.#handedOver.length > 0) this.#server.heard();
      this.#handedOver = [];
    }
    this.#handOver();
  }

  close(): void {
    this.#server.close();
  }

  #connect({ onOpen, onClose }: Omit<ConnectionEvents, 'onData'>): WebSocketConnection {
    const { url, headers } = this.#config;
    return this.#context.network.connectWebSocket(
      { url, headers: headersOf(headers) },
      {
        ...(onOpen === undefined ? {} : { onOpen }),
        onClose,
        onData: () => this.#server.heard(),
        onDrain: () => this.#context.wake(),
      },
    );
  }

  #handOver(): void {
    const connection = this.#connection;
    if (connection === null) return;
    let sent = 0;
    while (sent < this.#waiting.length && connection.bufferedBytes < this.#bufferBytes) {
      connection.send(this.#waiting[sent++]!);
    }
    this.#handedOver.push(...this.#waiting.splice(0, sent));
  }
}
