/**
 * Lines from a server, or from all clients of a port. What has come and is not emitted is in the checkpoint; what had come of a line
 * without its end, and what is still on its way, is lost with the connection.
 */
import { assert } from '../../core/errors.ts';
import type { DeadLetters } from '../../core/dead-letters.ts';
import type { Connection, ConnectionEvents, Listener } from '../../core/network-io.ts';
import type {
  OperatorContext,
  OperatorFactory,
  OperatorPlan,
  SourceOperator,
  SourceStatus,
} from '../../core/operator.ts';
import { Inbox, type Sender } from '../shared/sources/inbox.ts';
import { KeptConnection } from '../shared/kept-connection.ts';
import { readLineDelimiter } from './line-delimiter.ts';
import { isNewline, LineSplitter } from './line-splitter.ts';
import type { SourceSocketConfig } from './spec.ts';

export const createSourceSocket: OperatorFactory<SourceSocketConfig> = (plan, context) =>
  new SourceSocketOperator(plan, context);

class SourceSocketOperator implements SourceOperator {
  readonly #config: SourceSocketConfig;
  readonly #context: OperatorContext;
  readonly #delimiter: string;
  readonly #inbox: Inbox;
  /** Null for a listener. */
  readonly #server: KeptConnection<Connection> | null;
  #listener: Listener | null = null;

  constructor(plan: OperatorPlan<SourceSocketConfig>, context: OperatorContext) {
    this.#config = plan.config;
    this.#context = context;
    this.#delimiter = readLineDelimiter(plan.config.lineDelimiter)!;
    this.#inbox = new Inbox(plan, context, isNewline(this.#delimiter) ? 'lines' : 'document');
    this.#server =
      plan.config.mode === 'listener'
        ? null
        : new KeptConnection((events) => this.#connect(events), plan.config.reconnect, context);
  }

  async open(): Promise<void> {
    this.#inbox.open();
    if (this.#server !== null) {
      this.#server.keep();
      return;
    }
    const { host, port } = this.#config;
    this.#listener = await this.#context.network.listenTcp({ host, port }, (connection) =>
      this.#handle(connection, () => undefined),
    );
    this.#context.log('info', `listens at ${host}:${this.#listener.port}`);
  }

  get deadLetters(): DeadLetters {
    return this.#inbox.deadLetters;
  }

  poll(): SourceStatus {
    this.#server?.keep();
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
    this.#listener?.close();
    this.#server?.close();
    this.#inbox.close();
  }

  #connect({ onOpen, onClose }: Omit<ConnectionEvents, 'onData'>): Connection {
    const { host, port } = this.#config;
    let events: ConnectionEvents | null = null;
    const connection: Connection = this.#context.network.connectTcp(
      { host, port },
      {
        onOpen: () => {
          events = this.#handle(connection, onClose);
          onOpen?.();
        },
        onData: (bytes) => {
          this.#server!.heard();
          events?.onData(bytes);
        },
        onClose: (error) => {
          // One that was never open has nothing to finish.
          if (events === null) onClose(error);
          else events.onClose(error);
        },
      },
    );
    return connection;
  }

  /** An open connection. */
  #handle(connection: Connection, onClose: ConnectionEvents['onClose']): ConnectionEvents {
    const sender: Sender = { name: connection.peer, line: 1 };
    const lines = new LineSplitter(this.#delimiter, (bytes, problem) => this.#inbox.add(sender, bytes, problem));
    this.#inbox.attach(connection);
    return {
      onData: (bytes) => lines.push(bytes),
      onClose: (error) => {
        this.#inbox.detach(connection);
        lines.end();
        onClose(error);
      },
    };
  }
}
