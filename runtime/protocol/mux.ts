/**
 * Comlink over one physical connection. Comlink sends a MessagePort along with every callback, which Electron's ports, sockets
 * and IPC channels cannot carry (the call would hang); here a callback becomes a virtual port on the same connection, so
 * relays stay dumb and everything keeps its order. The connection also remembers which calls are in flight: when it closes,
 * each is answered with the error that says why.
 *
 * What comes in is not trusted: only plain calls of the methods served, and of callbacks handed out, reach Comlink. Its
 * other messages (read, write, construct, any path) would give the peer every object's constructor, hence any code.
 */
import * as Comlink from 'comlink';
import { say } from '../core/say.ts';
import type { Transport } from './transport.ts';
import { codedError, installErrorHandler, toWireError } from './wire.ts';

/** Comlink's messages, as far as they are let through. */
interface Message {
  readonly id?: string;
  readonly type: string;
  readonly name?: string;
  readonly path?: readonly string[];
  readonly argumentList?: readonly WireValue[];
  readonly value?: unknown;
}
type WireValue = { readonly type: string; readonly name?: string; readonly value: unknown };
type MessageListener = { handleEvent(event: { data: unknown }): void } | ((event: { data: unknown }) => void);

/** On the connection: which virtual port, and Comlink's message. */
type Frame = readonly [port: string, message: Message];

const ROOT = 'root';
const RELEASE = 'RELEASE';

/** Which end of the connection: keeps the names of virtual ports apart. */
export type Side = 'client' | 'server';

/** One of many endpoints that share a connection. */
export class VirtualPort {
  readonly #listeners = new Set<MessageListener>();
  /** Own calls without an answer yet. */
  readonly #inFlight = new Set<string>();
  #mux: Mux | null = null;
  #name = '';
  #releaseId: string | null = null;
  readonly #accepts: (path: readonly string[]) => boolean;

  /** `accepts` tells which calls from the other end are let through. */
  constructor(accepts: (path: readonly string[]) => boolean = () => false) {
    this.#accepts = accepts;
  }

  get name(): string {
    return this.#name;
  }

  attach(mux: Mux, name: string): void {
    this.#mux = mux;
    this.#name = name;
  }

  addEventListener(_type: string, listener: MessageListener): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: string, listener: MessageListener): void {
    this.#listeners.delete(listener);
  }

  /** Called by Comlink, with a call or an answer. */
  postMessage(message: Message): void {
    const isCall = isRequest(message);
    if (isCall && message.id !== undefined) {
      this.#inFlight.add(message.id);
      if (message.type === RELEASE) this.#releaseId = message.id;
    }
    this.#mux?.send(this, message);
    if (!isCall && message.id === this.#releaseId) this.#mux?.drop(this);
  }

  /** From the other end. */
  receive(message: Message): void {
    if (isRequest(message)) {
      if (!this.#isAllowed(message)) return this.#refuse(message);
      if (message.type === RELEASE) this.#releaseId = message.id ?? null;
      this.#deliver(message);
    } else if (message.id !== undefined && this.#inFlight.delete(message.id)) {
      this.#deliver(message);
      if (message.id === this.#releaseId) this.#mux?.drop(this);
    }
  }

  /** Answers every call in flight with `error`. */
  fail(error: unknown): void {
    for (const id of [...this.#inFlight]) {
      this.#inFlight.delete(id);
      this.#deliver(id === this.#releaseId ? { id, type: 'RAW', value: undefined } : thrown(id, error));
    }
  }

  #isAllowed(message: Message): boolean {
    if (message.type === RELEASE) return this.#name !== ROOT;
    const { type, path = [], argumentList = [] } = message;
    return type === 'APPLY' && isTextList(path) && this.#accepts(path) && argumentList.every(isArgument);
  }

  #refuse(message: Message): void {
    const what = Array.isArray(message.path) ? message.path.join('.') : '';
    if (message.id !== undefined) {
      this.#mux?.send(this, thrown(message.id, codedError('MR2005', say`"${what}" is not part of the interface`)));
    }
  }

  #deliver(message: Message): void {
    for (const listener of [...this.#listeners]) {
      if (typeof listener === 'function') listener({ data: message });
      else listener.handleEvent({ data: message });
    }
  }
}

/** One connection with its virtual ports. */
export class Mux {
  readonly root: VirtualPort;
  readonly #ports = new Map<string, VirtualPort>();
  readonly #transport: Transport;
  readonly #side: Side;
  #lastPort = 0;
  #closedBy: unknown = null;
  #whenClosed: (() => void)[] = [];

  constructor(transport: Transport, side: Side, root: VirtualPort) {
    installHandlers();
    this.#transport = transport;
    this.#side = side;
    this.root = root;
    this.#adopt(root, ROOT);
  }

  /** `lost` is what calls in flight are answered with when the other end goes. */
  start(lost: () => Error): void {
    this.#transport.receive(
      (frame) => this.#receive(frame),
      () => this.close(lost()),
    );
  }

  get isClosed(): boolean {
    return this.#closedBy !== null;
  }

  /** Virtual ports that are open, the root among them. */
  get openPorts(): number {
    return this.#ports.size;
  }

  onClosed(listener: () => void): void {
    if (this.isClosed) listener();
    else this.#whenClosed.push(listener);
  }

  /** Ends the connection; calls in flight, and later ones, are answered with `error`. */
  close(error: Error): void {
    if (this.isClosed) return;
    this.#closedBy = error;
    this.#transport.close();
    for (const port of this.#ports.values()) port.fail(error);
    this.#ports.clear();
    for (const listener of this.#whenClosed.splice(0)) listener();
  }

  send(port: VirtualPort, message: Message): void {
    if (this.isClosed) return port.fail(this.#closedBy);
    this.#transport.send([port.name, this.#pack(message)] satisfies Frame);
  }

  drop(port: VirtualPort): void {
    if (port !== this.root) this.#ports.delete(port.name);
  }

  #adopt(port: VirtualPort, name: string): void {
    port.attach(this, name);
    this.#ports.set(name, port);
  }

  #receive(frame: unknown): void {
    if (this.isClosed || !isFrame(frame)) return;
    const [name, message] = frame;
    this.#ports.get(name)?.receive(this.#unpack(message));
  }

  /** Virtual ports in a message become their names … */
  #pack(message: Message): Message {
    return mapPorts(message, (value) => {
      if (!(value instanceof VirtualPort)) return value;
      if (value.name === '') this.#adopt(value, `${this.#side}-${++this.#lastPort}`);
      return value.name;
    });
  }

  /** … and their names virtual ports. */
  #unpack(message: Message): Message {
    return mapPorts(message, (name) => {
      const port = new VirtualPort();
      // Only names of the other end's making: none of ours can be taken over.
      if (typeof name === 'string' && !name.startsWith(`${this.#side}-`) && !this.#ports.has(name))
        this.#adopt(port, name);
      return port;
    });
  }
}

/** Lets `target` be called from the other end: its own methods, or the function itself. */
export function exposeOn(port: VirtualPort, target: object): void {
  Comlink.expose(target, asEndpoint(port));
}

/** What is exposed at the other end. */
export function wrapOn(port: VirtualPort): unknown {
  return Comlink.wrap(asEndpoint(port));
}

/** Comlink's type asks for the DOM's events, of which it uses `data` only. */
function asEndpoint(port: VirtualPort): Comlink.Endpoint {
  return port as unknown as Comlink.Endpoint;
}

let installed = false;

/** Replaces Comlink's own ways of sending callbacks and errors, once a process. */
function installHandlers(): void {
  if (installed) return;
  installed = true;
  installErrorHandler();
  Comlink.transferHandlers.set('proxy', {
    canHandle: (value): value is (...args: unknown[]) => unknown => typeof value === 'function',
    serialize: (callback: (...args: unknown[]) => unknown) => {
      const port = new VirtualPort((path) => path.length === 0);
      // Wrapped: a callback that came from another connection would take `.apply` for a remote property.
      exposeOn(port, (...args: unknown[]) => callback(...args));
      return [port, []];
    },
    deserialize: (port: VirtualPort) => wrapOn(port),
  });
}

function mapPorts(message: Message, change: (value: unknown) => unknown): Message {
  const one = <T extends { type: string; name?: string; value?: unknown }>(wire: T): T =>
    wire.type === 'HANDLER' && wire.name === 'proxy' ? { ...wire, value: change(wire.value) } : wire;
  return message.argumentList === undefined
    ? one(message)
    : { ...message, argumentList: message.argumentList.map(one) };
}

function thrown(id: string, error: unknown): Message {
  return { id, type: 'HANDLER', name: 'throw', value: toWireError(error) };
}

function isRequest(message: Message): boolean {
  return message.type !== 'RAW' && message.type !== 'HANDLER';
}

function isFrame(frame: unknown): frame is Frame {
  if (!Array.isArray(frame) || typeof frame[0] !== 'string') return false;
  const message: unknown = frame[1];
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  const { argumentList } = message as Message;
  return argumentList === undefined || (Array.isArray(argumentList) && argumentList.every(isObject));
}

function isArgument(value: WireValue): boolean {
  return value.type === 'RAW' || (value.type === 'HANDLER' && value.name === 'proxy');
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
