/** The two ends of an interface that is called across processes. Same interface on both sides; every method is asynchronous. */
import * as Comlink from 'comlink';
import { say } from '../core/say.ts';
import { exposeOn, Mux, VirtualPort, wrapOn } from './mux.ts';
import type { Transport } from './transport.ts';
import { codedError } from './wire.ts';

export interface Connection<Api> {
  /** Call its methods as if it were here. Functions among the arguments may be called from there, until released. */
  readonly api: Api;
  readonly isClosed: boolean;
  /** Settles when the connection has ended, whoever ended it. */
  readonly closed: Promise<void>;
  /** Callbacks in use, this connection's root included: for tests of leaks. */
  readonly openPorts: number;
  /** Ends the connection. Calls in flight are rejected. */
  dispose(): void;
}

/** Makes the error that calls in flight are rejected with when the other end is lost. */
export type LostError = () => Error;

export function engineLost(): Error {
  return codedError('MR2003', say`The engine process died.`, {
    remedy: say`Start the job again; it can resume from its last checkpoint.`,
  });
}

export function connectionLost(): Error {
  return codedError('MR2006', say`The connection to the app was lost.`);
}

/** Client end. Calls that are in flight when the other end dies, and later ones, are rejected with `lost()`. */
export function connect<Api extends object>(transport: Transport, lost: LostError = connectionLost): Connection<Api> {
  const mux = new Mux(transport, 'client', new VirtualPort());
  const api = wrapOn(mux.root) as Api;
  mux.start(lost);
  return connection(mux, api);
}

/** Server end. Only own methods of `api` can be called: give it an object literal, not a class with helpers. */
export function serve<Api extends object>(transport: Transport, api: Api): Connection<Api> {
  const methods = new Set(Object.entries(api).flatMap(([name, value]) => (typeof value === 'function' ? [name] : [])));
  const root = new VirtualPort(([method, ...rest]) => method !== undefined && methods.has(method) && rest.length === 0);
  const mux = new Mux(transport, 'server', root);
  exposeOn(root, api);
  mux.start(connectionLost);
  return connection(mux, api);
}

/** Tells the other end that a callback it handed over will not be called again. Does nothing to a local function. */
export function release(callback: object): void {
  const { [Comlink.releaseProxy]: free } = callback as { [Comlink.releaseProxy]?: () => void };
  free?.();
}

function connection<Api>(mux: Mux, api: Api): Connection<Api> {
  const closed = new Promise<void>((resolve) => mux.onClosed(resolve));
  return {
    api,
    closed,
    get isClosed() {
      return mux.isClosed;
    },
    get openPorts() {
      return mux.openPorts;
    },
    dispose: () => mux.close(connectionLost()),
  };
}
