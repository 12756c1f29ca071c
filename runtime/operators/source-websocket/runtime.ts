/** Messages of a WebSocket server. What has come and is not emitted is in the checkpoint; what comes while nobody is there is lost. */
import type { DeadLetters } from '../../core/dead-letters.ts';
import { assert, StreamError } from '../../core/errors.ts';
import type { ConnectionEvents, WebSocketConnection } from '../../core/network-io.ts';
import type {
  OperatorContext,
  OperatorFactory,
  OperatorPlan,
  SourceOperator,
  SourceStatus,
} from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { printDuration } from '../../core/time.ts';
import { headersOf } from '../shared/http-headers.ts';
import { Inbox, type Sender } from '../shared/sources/inbox.ts';
import { KeptConnection } from '../shared/kept-connection.ts';
import type { SourceWebSocketConfig } from './spec.ts';

export const createSourceWebSocket: OperatorFactory<SourceWebSocketConfig> = (plan, context) =>
  new SourceWebSocketOperator(plan, context);

class SourceWebSocketOperator implements SourceOperator {
  readonly #config: SourceWebSocketConfig;
  readonly #context: OperatorContext;
  readonly #inbox: Inbox;
  readonly #server: KeptConnection<WebSocketConnection>;
  /** The one that was greeted. */
  #connection: WebSocketConnection | null = null;
  #pingAt = Infinity;
  /** Nothing has come since the last ping. */
  #isSilent = false;

  constructor(plan: OperatorPlan<SourceWebSocketConfig>, context: OperatorContext) {
    this.#config = plan.config;
    this.#context = context;
    this.#inbox = new Inbox(plan, context, 'document');
    this.#server = new KeptConnection((events) => this.#connect(events), plan.config.reconnect, context);
  }

  open(): void {
    this.#inbox.open();
    this.#server.keep();
  }

  get deadLetters(): DeadLetters {
    return this.#inbox.deadLetters;
  }

  poll(): SourceStatus {
    this.#server.keep();
    const connection = this.#server.current;
    if (connection !== null && connection !== this.#connection) this.#greet(connection);
    this.#connection = connection;
    if (connection !== null) this.#ping(connection);
    return this.#inbox.poll() ? 'ready' : 'waiting';
  }

  processBatch(): void {
    assert(false, 'a source has no input');
  }

  onTimer(): void {
    this.#inbox.onTimer();
  }

  snapshot(): void {
    this.#inbox.snapshot();
  }

  close(): void {
    this.#server.close();
    this.#inbox.close();
  }

  #connect({ onOpen, onClose }: Omit<ConnectionEvents, 'onData'>): WebSocketConnection {
    const { url, headers } = this.#config;
    const sender: Sender = { name: url, line: 1 };
    const connection: WebSocketConnection = this.#context.network.connectWebSocket(
      { url, headers: headersOf(headers) },
      {
        onOpen: () => {
          this.#inbox.attach(connection);
          onOpen?.();
        },
        onData: (bytes) => {
          this.#hear();
          this.#inbox.add(sender, bytes);
        },
        onPong: () => this.#hear(),
        onClose: (error) => {
          this.#inbox.detach(connection);
          onClose(error);
        },
      },
    );
    return connection;
  }

  #hear(): void {
    this.#server.heard();
    this.#isSilent = false;
  }

  #greet(connection: WebSocketConnection): void {
    for (const message of this.#config.subscribe) connection.send(message);
    this.#isSilent = false;
    this.#setPing();
  }

  #ping(connection: WebSocketConnection): void {
    if (this.#context.clock.now() < this.#pingAt) return;
    if (this.#isSilent) {
      this.#inbox.detach(connection);
      this.#server.abandon(silent(this.#config));
      // It says what was lost, and waits before it connects again.
      this.#server.keep();
      return;
    }
    this.#isSilent = true;
    connection.ping();
    this.#setPing();
  }

  #setPing(): void {
    const { pingInterval } = this.#config;
    if (pingInterval === 0) return;
    this.#pingAt = this.#context.clock.now() + pingInterval;
    this.#context.setTimer(this.#pingAt);
  }
}

function silent({ url, pingInterval }: SourceWebSocketConfig): StreamError {
  return new StreamError('MR2111', say`${url} has not answered a ping for ${printDuration(pingInterval)}`, {
    remedy: say`Check that the server is running and can be reached. If it answers no pings, set pingInterval to "0 seconds".`,
  });
}
