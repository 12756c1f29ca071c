/**
 * A network in memory: what an operator does on it meets the servers and clients that a test puts there. Nothing happens by itself:
 * what was sent arrives in `settle`, in the order it was sent.
 */
import { assert, StreamError } from '../core/errors.ts';
import type {
  Connection,
  ConnectionEvents,
  HttpAnswer,
  HttpHead,
  HttpListenOptions,
  HttpReceiver,
  HttpRequest,
  HttpResponse,
  Listener,
  NetworkIo,
  TcpAddress,
  WebSocketConnection,
  WebSocketEvents,
  WebSocketOptions,
} from '../core/network-io.ts';
import { decodeUtf8, encodeUtf8 } from '../core/utf8.ts';

/** The test's end of a connection. */
export interface MemoryPeer {
  /** All that the operator sent: a text each message. */
  readonly received: readonly string[];
  readonly pings: number;
  /** The operator closed it. */
  readonly isClosed: boolean;
  /** The operator does not want data for now. */
  readonly isPaused: boolean;
  /** Answers pings, and takes what is sent, unless false. */
  isResponsive: boolean;
  send(data: string | Uint8Array): void;
  /** In order, or with an error. */
  close(error?: StreamError | null): void;
}

/** A request that a test sent to a listener; its answer is null before there is one. */
export interface SentRequest {
  answer: HttpAnswer | null;
  /** The sender goes away without its answer. */
  isGone: boolean;
}

export interface RequestToSend {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Accept = (connection: MemoryConnection) => WebSocketEvents;
type AcceptRequest = (head: HttpHead) => HttpAnswer | HttpReceiver;
/** Null: the answer comes when the test calls `answer`. */
type Respond = (request: HttpRequest, answer: (outcome: HttpResponse | StreamError) => void) => void;

/** First port that is given to who asks for any. */
const FIRST_FREE_PORT = 40_000;

export class MemoryNetwork implements NetworkIo {
  #underWay: (() => void)[] = [];
  readonly #servers = new Map<string, (peer: MemoryPeer) => void>();
  readonly #httpServers = new Map<string, Respond>();
  readonly #listeners = new Map<string, Accept>();
  readonly #httpListeners = new Map<number, { accept: AcceptRequest; maxBodyBytes: number }>();
  readonly #awaited = new Map<number, (() => void)[]>();
  #nextPort = FIRST_FREE_PORT;
  #clients = 0;

  /** Until nothing is under way. */
  settle(): void {
    for (let next = this.#underWay.shift(); next !== undefined; next = this.#underWay.shift()) next();
  }

  /** A server that the operator may connect to, at `tcp://host:port` or a WebSocket's URL; null takes it away. */
  serve(url: string, onClient: ((peer: MemoryPeer) => void) | null): void {
    if (onClient === null) this.#servers.delete(url);
    else this.#servers.set(url, onClient);
  }

  /** A server that gets the operator's requests for a URL. */
  serveHttp(url: string, respond: Respond): void {
    this.#httpServers.set(url, respond);
  }

  /** Calls back once the operator listens at the port; at the next `settle` when it does already. */
  whenListening(port: number, then: () => void): void {
    const isListening =
      this.#httpListeners.has(port) || [...this.#listeners.keys()].some((key) => portOf(key) === port);
    if (isListening) this.#underWay.push(then);
    else this.#awaited.set(port, [...(this.#awaited.get(port) ?? []), then]);
  }

  /** A client of the port, or of a WebSocket's path there, that the operator listens at. */
  dial(port: number, path = ''): MemoryPeer {
    const accept = this.#listeners.get(listenerKey(port, path));
    assert(accept !== undefined, `nothing listens at port ${port}${path}`);
    const connection = new MemoryConnection(this.#clientName(), this.#underWay);
    this.#underWay.push(() => {
      connection.events = accept(connection);
      connection.events.onOpen?.();
    });
    return connection.peerEnd;
  }

  /** A request to the port that the operator listens at. */
  send(port: number, { method = 'POST', path = '/', headers = {}, body = '' }: RequestToSend): SentRequest {
    const listener = this.#httpListeners.get(port);
    assert(listener !== undefined, `nothing listens for HTTP at port ${port}`);
    const sent: SentRequest = { answer: null, isGone: false };
    const bytes = encodeUtf8(body);
    const peer = this.#clientName();
    this.#underWay.push(() => {
      const receiver = listener.accept({
        method,
        path,
        peer,
        headers: { 'content-length': String(bytes.length), ...headers },
      });
      if (!('onBody' in receiver)) sent.answer = receiver;
      else if (bytes.length > listener.maxBodyBytes) {
        receiver.onAbort();
        sent.answer = { status: 413, body: '' };
      } else {
        this.#underWay.push(() => {
          if (sent.isGone) receiver.onAbort();
          else receiver.onBody(bytes, (answer) => (sent.answer ??= answer));
        });
      }
    });
    return sent;
  }

  connectTcp({ host, port }: TcpAddress, events: ConnectionEvents): Connection {
    return this.#connect(`tcp://${host}:${port}`, `${host}:${port}`, events);
  }

  connectWebSocket({ url }: WebSocketOptions, events: WebSocketEvents): WebSocketConnection {
    return this.#connect(url, url, events);
  }

  listenTcp({ port }: TcpAddress, accept: Accept): Promise<Listener> {
    return this.#listen(port, '', accept);
  }

  listenWebSocket({ port, path }: TcpAddress & { readonly path: string }, accept: Accept): Promise<Listener> {
    return this.#listen(port, path, accept);
  }

  listenHttp({ port: wanted, maxBodyBytes }: HttpListenOptions, accept: AcceptRequest): Promise<Listener> {
    const port = wanted === 0 ? this.#nextPort++ : wanted;
    this.#httpListeners.set(port, { accept, maxBodyBytes });
    this.#tellAwaiting(port);
    return Promise.resolve({ port, close: () => this.#httpListeners.delete(port) });
  }

  request(request: HttpRequest, onDone: (outcome: HttpResponse | StreamError) => void): { cancel(): void } {
    let isOver = false;
    const answer = (outcome: HttpResponse | StreamError): void => {
      this.#underWay.push(() => {
        if (isOver) return;
        isOver = true;
        onDone(outcome);
      });
    };
    this.#underWay.push(() => {
      const respond = this.#httpServers.get(request.url);
      if (respond === undefined) answer(unreachable(request.url));
      else if (!isOver) respond(request, answer);
    });
    return { cancel: () => (isOver = true) };
  }

  #connect(url: string, name: string, events: WebSocketEvents): MemoryConnection {
    const connection = new MemoryConnection(name, this.#underWay);
    connection.events = events;
    this.#underWay.push(() => {
      if (connection.peerEnd.isClosed) return;
      const onClient = this.#servers.get(url);
      if (onClient === undefined) {
        events.onClose(unreachable(url));
        return;
      }
      events.onOpen?.();
      onClient(connection.peerEnd);
    });
    return connection;
  }

  /** Who listened there before is dead. */
  #listen(wanted: number, path: string, accept: Accept): Promise<Listener> {
    const port = wanted === 0 ? this.#nextPort++ : wanted;
    const key = listenerKey(port, path);
    this.#listeners.set(key, accept);
    this.#tellAwaiting(port);
    return Promise.resolve({ port, close: () => this.#listeners.delete(key) });
  }

  #tellAwaiting(port: number): void {
    this.#underWay.push(...(this.#awaited.get(port) ?? []));
    this.#awaited.delete(port);
  }

  #clientName(): string {
    return `client:${++this.#clients}`;
  }
}

class MemoryConnection implements WebSocketConnection {
  readonly peer: string;
  readonly peerEnd: MemoryPeer;
  events!: WebSocketEvents;
  readonly #underWay: (() => void)[];
  readonly #received: string[] = [];
  /** Sent to the operator while it was paused. */
  #held: (() => void)[] = [];
  /** Sent by the operator, not yet taken. */
  #untaken: string[] = [];
  #isPaused = false;
  #isClosed = false;
  #pings = 0;

  constructor(peer: string, underWay: (() => void)[]) {
    this.peer = peer;
    this.#underWay = underWay;
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the other end looks into this one
    const connection = this;
    let isResponsive = true;
    this.peerEnd = {
      received: this.#received,
      get pings() {
        return connection.#pings;
      },
      get isClosed() {
        return connection.#isClosed;
      },
      get isPaused() {
        return connection.#isPaused;
      },
      get isResponsive() {
        return isResponsive;
      },
      set isResponsive(responsive) {
        isResponsive = responsive;
        if (responsive) connection.#take();
      },
      send: (data) => this.#toOperator(() => this.events.onData(typeof data === 'string' ? encodeUtf8(data) : data)),
      close: (error = null) =>
        this.#toOperator(() => {
          this.#isClosed = true;
          this.events.onClose(error);
        }),
    };
  }

  get bufferedBytes(): number {
    return this.#untaken.reduce((bytes, text) => bytes + encodeUtf8(text).length, 0);
  }

  send(text: string): void {
    this.#untaken.push(text);
    this.#take();
  }

  ping(): void {
    this.#pings++;
    if (this.peerEnd.isResponsive) this.#underWay.push(() => this.events.onPong?.());
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    const held = this.#held;
    this.#held = [];
    for (const event of held) this.#toOperator(event);
  }

  close(): void {
    this.#isClosed = true;
  }

  #toOperator(event: () => void): void {
    this.#underWay.push(() => {
      if (this.#isPaused) this.#held.push(event);
      else if (!this.#isClosed) event();
    });
  }

  #take(): void {
    if (!this.peerEnd.isResponsive) return;
    this.#underWay.push(() => {
      if (this.#untaken.length === 0) return;
      this.#received.push(...this.#untaken.splice(0));
      if (!this.#isClosed) this.events.onDrain?.();
    });
  }
}

function listenerKey(port: number, path: string): string {
  return `${port}${path}`;
}

function portOf(key: string): number {
  return Number.parseInt(key, 10);
}

function unreachable(url: string): StreamError {
  return new StreamError('MR2111', `no connection with ${url}: nobody is there`, { remedy: 'Check the address.' });
}

/** A response as a server of a test gives it. */
export function response(status: number, body = '', headers: Readonly<Record<string, string>> = {}): HttpResponse {
  return { status, body, headers };
}

export function bodyText(request: HttpRequest): string {
  return decodeUtf8(request.body);
}
