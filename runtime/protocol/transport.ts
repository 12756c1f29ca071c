/**
 * One face over every kind of connection between two of our processes. Only the members used are named, so that neither
 * the DOM's, Node's nor Electron's types are needed here.
 */
import { decodeText, encodeText } from './text-codec.ts';

export interface Transport {
  /** Does nothing once closed. */
  send(message: unknown): void;
  /** Called once, before anything is sent; nothing is delivered earlier. `onClose` when the other end has gone. */
  receive(onMessage: (message: unknown) => void, onClose: () => void): void;
  close(): void;
}

type Listener<T> = (event: T) => void;

export interface DomPortLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: Listener<{ readonly data: unknown }>): void;
  start(): void;
  close(): void;
}

/** A page's MessagePort. It does not tell when the other end goes: Electron's main process outlives its pages. */
export function domPort(port: DomPortLike): Transport {
  return {
    send: (message) => port.postMessage(message),
    receive(onMessage) {
      port.addEventListener('message', (event) => onMessage(event.data));
      port.start();
    },
    close: () => port.close(),
  };
}

export interface ElectronPortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: Listener<{ readonly data: unknown }>): unknown;
  on(event: 'close', listener: () => void): unknown;
  /** A utility process' `process.parentPort` is always started and cannot be closed. */
  start?(): void;
  close?(): void;
}

/** Electron's MessagePortMain, or `process.parentPort` in a utility process. */
export function electronPort(port: ElectronPortLike): Transport {
  return {
    send: (message) => port.postMessage(message),
    receive(onMessage, onClose) {
      port.on('message', (event) => onMessage(event.data));
      port.on('close', onClose);
      port.start?.();
    },
    close: () => port.close?.(),
  };
}

export interface UtilityProcessLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: Listener<unknown>): unknown;
  on(event: 'exit', listener: () => void): unknown;
  kill(): unknown;
}

/** A utility process, seen from Electron's main process. Closing ends it. */
export function utilityProcess(child: UtilityProcessLike): Transport {
  return {
    send: (message) => child.postMessage(message),
    receive(onMessage, onClose) {
      child.on('message', onMessage);
      child.on('exit', onClose);
    },
    close: () => child.kill(),
  };
}

export interface NodePortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: Listener<unknown>): unknown;
  on(event: 'close', listener: () => void): unknown;
  close(): void;
}

/** A MessagePort of node:worker_threads. */
export function nodePort(port: NodePortLike): Transport {
  return {
    send: (message) => port.postMessage(message),
    receive(onMessage, onClose) {
      port.on('message', onMessage);
      port.on('close', onClose);
    },
    close: () => port.close(),
  };
}

export interface IpcProcessLike {
  readonly connected: boolean;
  send?(message: unknown, handle: undefined, options: undefined, done: (error: Error | null) => void): unknown;
  on(event: 'message', listener: Listener<unknown>): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
  disconnect?(): void;
}

/** Either end of `child_process.fork(…, { serialization: 'advanced' })`. A killed process disconnects. */
export function processIpc(process: IpcProcessLike): Transport {
  return {
    // The end may go between the check and the write: the error comes here, the 'disconnect' tells the receiver.
    send: (message) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => {});
    },
    receive(onMessage, onClose) {
      process.on('message', onMessage);
      process.on('disconnect', onClose);
    },
    close: () => {
      if (process.connected) process.disconnect?.();
    },
  };
}

export interface WebSocketLike {
  readonly readyState: number;
  send(text: string): void;
  addEventListener(type: 'message', listener: Listener<{ readonly data: unknown }>): void;
  addEventListener(type: 'open' | 'close', listener: () => void): void;
  close(): void;
}

const CONNECTING = 0;
const OPEN = 1;

/** A browser's WebSocket or one of the library `ws`. What is sent before it opens waits. */
export function webSocket(socket: WebSocketLike): Transport {
  const waiting: string[] = [];
  socket.addEventListener('open', () => {
    for (const text of waiting.splice(0)) socket.send(text);
  });
  return {
    send(message) {
      const text = encodeText(message);
      if (socket.readyState === OPEN) socket.send(text);
      else if (socket.readyState === CONNECTING) waiting.push(text);
    },
    receive(onMessage, onClose) {
      socket.addEventListener('message', (event) => {
        const message = decodeText(String(event.data));
        if (message === undefined) socket.close();
        else onMessage(message);
      });
      socket.addEventListener('close', onClose);
    },
    close: () => socket.close(),
  };
}
