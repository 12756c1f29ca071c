/** A connection with a server that is made again whenever it breaks. */
import { StreamError } from '../../core/errors.ts';
import type { Connection, ConnectionEvents } from '../../core/network-io.ts';
import type { OperatorContext } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { printDuration } from '../../core/time.ts';
import { delayAfter, type BackoffConfig } from './backoff.ts';

export class KeptConnection<T extends Connection> {
  readonly #connect: (events: Omit<ConnectionEvents, 'onData'>) => T;
  readonly #backoff: BackoffConfig;
  readonly #context: OperatorContext;
  #connection: T | null = null;
  #isOpen = false;
  /** In a row, since the other side was last heard. */
  #failures = 0;
  /** The wait before the next attempt is over. */
  #isDue = true;
  /** What `onClose` said; undefined when there is nothing to handle. */
  #closed: StreamError | null | undefined;

  /** `connect` begins to connect; it may be called again once `onClose` was. */
  constructor(
    connect: (events: Omit<ConnectionEvents, 'onData'>) => T,
    backoff: BackoffConfig,
    context: OperatorContext,
  ) {
    this.#connect = connect;
    this.#backoff = backoff;
    this.#context = context;
  }

  /** Null while there is none. */
  get current(): T | null {
    return this.#isOpen ? this.#connection : null;
  }

  /** The other side has sent something. */
  heard(): void {
    this.#failures = 0;
  }

  /** Takes the connection for dead. */
  abandon(reason: StreamError): void {
    this.#connection?.close();
    this.#lose(reason);
  }

  /** Call whenever woken. Throws StreamError MR2111 when the backoff says to give up, or no further attempt can help. */
  keep(): void {
    if (this.#closed !== undefined) this.#handleClosed(this.#closed);
    if (this.#connection !== null || !this.#isDue) return;
    this.#connection = this.#connect({
      onOpen: () => {
        this.#isOpen = true;
        this.#context.wake();
      },
      onClose: (error) => {
        this.#lose(error);
        this.#context.wake();
      },
    });
  }

  close(): void {
    this.#connection?.close();
  }

  #lose(error: StreamError | null): void {
    this.#connection = null;
    this.#isOpen = false;
    this.#closed = error;
  }

  #handleClosed(error: StreamError | null): void {
    this.#closed = undefined;
    this.#failures++;
    const { maxAttempts } = this.#backoff;
    if (error?.retryable === false || (maxAttempts !== null && this.#failures >= maxAttempts)) {
      throw error ?? closedAgain(this.#failures);
    }
    const delay = delayAfter(this.#backoff, this.#failures, () => this.#context.random());
    this.#isDue = false;
    // Not a timer: in batch mode a sink may have to connect again, too.
    void this.#context.delay(delay).then(() => {
      this.#isDue = true;
      this.#context.wake();
    });
    const what = error === null ? say`the other side closed the connection` : error.message;
    this.#context.log('warn', `${what}; connecting again in ${printDuration(delay)}`);
  }
}

function closedAgain(failures: number): StreamError {
  return new StreamError(
    'MR2111',
    say`the other side closed ${failures} connections in a row without sending anything`,
    {
      remedy: say`Its log may say why. To keep trying leave reconnect.maxAttempts out.`,
    },
  );
}
