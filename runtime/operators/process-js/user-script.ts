/**
 * User code in a realm of its own (`node:vm`): it has JavaScript's own objects, a clock and a random generator that are the context's, and
 * nothing of Node, the network or files. That guards against mistakes. It is no sandbox against malice: what gets at an object of the
 * engine gets at the engine.
 *
 * Calls are made inside `guarded`, which ends a loop that does not end by itself. It costs 45 µs a call (Node 20; the thread that looks
 * after the time), so it stands around a batch and not around a row.
 */
import { createContext, Script, type Context } from 'node:vm';
import { StreamError } from '../../core/errors.ts';
import type { OperatorContext } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { HANDLERS, type CheckedCode, type Handler } from './check-code.ts';
import { printLogLine } from './log-line.ts';

type Call = (...args: unknown[]) => unknown;
export type Handlers = Readonly<Record<Handler, Call | null>>;

/** Less than the engine's watchdog waits, which would restart the job, to hang again. */
export const LIMIT_MS = 30_000;

/** Not for user code: what depends on the garbage collector, on threads, or waits. */
const TAKEN_AWAY = ['Atomics', 'FinalizationRegistry', 'Promise', 'SharedArrayBuffer', 'WeakRef', 'WebAssembly'];
/** Cannot be a parameter, or means something by its name alone. */
const NO_PARAMETERS = new Set(['eval', 'globalThis', 'undefined', 'NaN', 'Infinity']);

/** Runs inside the realm. */
const BIND = `(function (now, random, taken) {
  for (const name of taken) delete globalThis[name];
  const SystemDate = Date;
  function BoundDate(...args) {
    if (new.target === undefined) return new SystemDate(now()).toString();
    return Reflect.construct(SystemDate, args.length === 0 ? [now()] : args, new.target);
  }
  Object.defineProperty(BoundDate, 'name', { value: 'Date' });
  Object.defineProperty(BoundDate, 'length', { value: 7 });
  BoundDate.prototype = SystemDate.prototype;
  BoundDate.prototype.constructor = BoundDate;
  BoundDate.now = () => now();
  BoundDate.parse = SystemDate.parse;
  BoundDate.UTC = SystemDate.UTC;
  globalThis.Date = BoundDate;
  Math.random = () => random();
})`;

const GLOBALS = 'Object.getOwnPropertyNames(globalThis).map((name) => [name, globalThis[name]])';

export class UserScript {
  /** Ends the names of its frames on a stack. */
  readonly #fileName: string;
  readonly #limitMs: number;
  readonly #guard: Context & { run: () => void };
  readonly #guardScript = new Script('run()');

  /** `limitMs`: how long a guarded call may take. */
  constructor(nodeId: string, limitMs = LIMIT_MS) {
    this.#fileName = `${nodeId}.code.js`;
    this.#limitMs = limitMs;
    this.#guard = createContext({ run: () => {} }) as Context & { run: () => void };
  }

  /** Runs the module's own statements and gives its handlers. Throws what they throw, blamed. */
  open({ script, handlers }: CheckedCode, context: OperatorContext): Handlers {
    const realm = createContext({}, { codeGeneration: { strings: false, wasm: false } });
    const bind = new Script(BIND).runInContext(realm) as Call;
    bind(
      () => context.clock.now(),
      () => context.random(),
      TAKEN_AWAY,
    );
    const globals = new Map(
      (new Script(GLOBALS).runInContext(realm) as [string, unknown][]).filter(([name]) => !NO_PARAMETERS.has(name)),
    );
    globals.set('console', consoleOf(context));
    const exported = HANDLERS.map((handler) => `${handler}: ${handlers.get(handler) ?? 'null'}`);
    // As parameters the globals are found at once; as properties of the realm each use would cost some 100 ns.
    const source = `(function (${[...globals.keys()].join(', ')}) { 'use strict';\n${script}\n;return { ${exported.join(', ')} }; })`;
    // The line in front of the code does not count.
    const module = new Script(source, { filename: this.#fileName, lineOffset: -1 });
    let result: Handlers | null = null;
    try {
      this.guarded(() => {
        result = (module.runInContext(realm) as Call)(...globals.values()) as Handlers;
      });
    } catch (error) {
      throw this.blame(error, say`the code`);
    }
    return result!;
  }

  /** Calls `run`; where it does not come back in time, it is stopped with an error that `blame` knows. */
  guarded(run: () => void): void {
    this.#guard.run = run;
    this.#guardScript.runInContext(this.#guard, { timeout: this.#limitMs, displayErrors: false });
  }

  /** An error that left user code, as one that says where in the code it came from. Errors of the engine stay as they are. */
  blame(error: unknown, who: string): unknown {
    const { code, message, stack, name } = (error ?? {}) as NodeJS.ErrnoException;
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') {
      return new StreamError('MR2304', say`${who} did not come back within ${this.#limitMs / 1000} seconds`, {
        domain: 'user',
        remedy: say`Look for a loop that does not end.`,
      });
    }
    const place = this.#placeOf(stack);
    if (error instanceof StreamError) {
      return isUserError(error) ? blamed(error.code, `${who}: ${message}${place}`, error) : error;
    }
    // Objects of this realm: a bug of ours, unless it is the code's recursion that has run out of stack.
    if (error instanceof Error && !(error instanceof RangeError)) return error;
    const isError = typeof stack === 'string' && typeof message === 'string';
    const thrown = isError ? `${name}: ${message}` : printLogLine([error]);
    return blamed('MR2301', say`${who} threw ${thrown}${place}`, error);
  }

  /** Of the innermost frame that is the user's. */
  #placeOf(stack: unknown): string {
    if (typeof stack !== 'string') return '';
    const at = stack.indexOf(`${this.#fileName}:`);
    const match = at < 0 ? null : /^:(\d+):(\d+)/.exec(stack.slice(at + this.#fileName.length));
    return match === null ? '' : say` (line ${match[1]}, column ${match[2]})`;
  }
}

function isUserError(error: StreamError): boolean {
  return error.code === 'MR2302' || error.code === 'MR2303';
}

function blamed(code: string, message: string, cause: unknown): StreamError {
  const error = new StreamError(code, message, { domain: 'user', cause });
  const { stack } = (cause ?? {}) as { readonly stack?: unknown };
  if (typeof stack === 'string') error.stack = stack;
  return error;
}

function consoleOf(context: OperatorContext): Readonly<Record<string, Call>> {
  const to =
    (level: 'debug' | 'info' | 'warn' | 'error'): Call =>
    (...values) =>
      context.log(level, printLogLine(values));
  return Object.freeze({ debug: to('debug'), log: to('info'), info: to('info'), warn: to('warn'), error: to('error') });
}
