/** A server that sends each message to all clients that are there. */
import type { Listener, WebSocketConnection, WebSocketEvents } from '../../core/network-io.ts';
import type { OperatorContext, Pending } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import type { Outlet } from './outlet.ts';
import type { SinkWebSocketConfig } from './spec.ts';

export type ServerConfig = Extract<SinkWebSocketConfig['connection'], { readonly mode: 'server' }>;

/** A client that has not answered a ping for so long is gone, in ms. */
const PING_MS = 30_000;

interface Client {
  readonly connection: WebSocketConnection;
  /** It has answered the last ping. */
  isAlive: boolean;
  skipped: number;
}

export class Broadcast implements Outlet {
  readonly #config: ServerConfig;
  readonly #bufferBytes: number;
  readonly #context: OperatorContext;
  readonly #clients = new Set<Client>();
  #listener: Listener | null = null;
  #pingAt = Infinity;

  constructor(config: ServerConfig, bufferBytes: number, context: OperatorContext) {
    this.#config = config;
    this.#bufferBytes = bufferBytes;
    this.#context = context;
  }

  async open(): Promise<void> {
    const { host, port, path } = this.#config;
    this.#listener = await this.#context.network.listenWebSocket({ host, port, path }, (connection) =>
      this.#accept(connection),
    );
    this.#context.log('info', `listens at ws://${host}:${this.#listener.port}${path}`);
    this.#setPing();
  }

  send(message: string): void {
    for (const client of this.#clients) {
      if (this.#config.slowClient !== 'wait' && this.#isFull(client)) this.#handleSlow(client);
      else client.connection.send(message);
    }
  }

  /** Only the policy `wait` has the pipeline wait. */
  pending(): Pending {
    if (this.#config.slowClient !== 'wait') return 'none';
    for (const client of this.#clients) if (this.#isFull(client)) return 'full';
    return 'none';
  }

  work(): void {
    const now = this.#context.clock.now();
    if (now < this.#pingAt) return;
    for (const client of this.#clients) {
      if (client.isAlive) {
        client.isAlive = false;
        client.connection.ping();
      } else this.#dismiss(client, say`has not answered a ping`);
    }
    this.#setPing();
  }

  close(): void {
    this.#listener?.close();
  }

  #accept(connection: WebSocketConnection): WebSocketEvents {
    const client: Client = { connection, isAlive: true, skipped: 0 };
    this.#clients.add(client);
    return {
      // What clients say does not matter, but that they do.
      onData: () => (client.isAlive = true),
      onPong: () => (client.isAlive = true),
      onDrain: () => this.#context.wake(),
      onClose: () => {
        this.#clients.delete(client);
        this.#reportSkipped(client);
        this.#context.wake();
      },
    };
  }

  #isFull({ connection }: Client): boolean {
    return connection.bufferedBytes >= this.#bufferBytes;
  }

  #handleSlow(client: Client): void {
    if (this.#config.slowClient === 'disconnect') this.#dismiss(client, say`is too slow`);
    else if (client.skipped++ === 0) {
      this.#context.log('warn', `${client.connection.peer} is too slow: messages are left out for it`);
    }
  }

  #dismiss(client: Client, why: string): void {
    client.connection.close();
    this.#clients.delete(client);
    this.#reportSkipped(client);
    this.#context.log('warn', `${client.connection.peer} ${why}: disconnected`);
  }

  #reportSkipped({ connection, skipped }: Client): void {
    if (skipped > 0) this.#context.log('warn', `${skipped} messages were left out for ${connection.peer}`);
  }

  #setPing(): void {
    this.#pingAt = this.#context.clock.now() + PING_MS;
    this.#context.setTimer(this.#pingAt);
  }
}
