/** Stands in for the process and for the engine in the tests of the verbs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { PhysicalPlan } from '../compiler/index.ts';
import type { JobOptions, JobResult } from '../engine/job/job-manager.ts';
import type { JobEvent } from '../protocol/job.ts';
import { fakeEngines } from '../testing/fake-engines.ts';
import type { CliIo } from './io.ts';
import type { CliServices, Job, ServeOptions } from './services.ts';

export interface FakeIo extends CliIo {
  readonly out: () => string;
  readonly err: () => string;
  readonly exits: readonly number[];
  /** As a SIGINT would. */
  interrupt(): void;
  /** As a SIGUSR2 would. */
  signalSavepoint(): void;
}

export function fakeIo(options: {
  readonly cwd: string;
  readonly isTerminal?: boolean;
  readonly useColor?: boolean;
  /** All that comes on standard input. */
  readonly input?: string;
}): FakeIo {
  const out: string[] = [];
  const err: string[] = [];
  const exits: number[] = [];
  const listeners = new Set<() => void>();
  const savepointListeners = new Set<() => void>();
  return {
    stdin: Readable.from([options.input ?? '']),
    stdout: { write: (text) => void out.push(text) },
    stderr: { write: (text) => void err.push(text) },
    isTerminal: options.isTerminal ?? false,
    useColor: options.useColor ?? false,
    columns: () => 200,
    cwd: options.cwd,
    now: () => 0,
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    onSavepointSignal: (listener) => {
      savepointListeners.add(listener);
      return () => void savepointListeners.delete(listener);
    },
    exit: (code) => void exits.push(code),
    out: () => out.join(''),
    err: () => err.join(''),
    exits,
    interrupt: () => listeners.forEach((listener) => listener()),
    signalSavepoint: () => savepointListeners.forEach((listener) => listener()),
  };
}

/** A folder with `files`, gone at the end of `use`. */
export async function withFolder(
  files: Readonly<Record<string, string>>,
  use: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-cli-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export interface FakeServices extends CliServices {
  readonly started: readonly { readonly plan: PhysicalPlan; readonly options: JobOptions }[];
  readonly served: readonly ServeOptions[];
}

/** Jobs that tell `events`, then end as `result` says; without a result, only once they are stopped. */
export function fakeServices(events: readonly JobEvent[], result: JobResult | null): FakeServices {
  const started: { plan: PhysicalPlan; options: JobOptions }[] = [];
  const served: ServeOptions[] = [];
  return {
    started,
    served,
    workerFile: '/dist/engine/worker.cjs',
    engines: fakeEngines(() => Promise.reject(new Error('none here'))).engines,
    createJob: (plan, options, onEvent): Job => {
      started.push({ plan, options });
      let end: (result: JobResult) => void = () => undefined;
      const ended = new Promise<JobResult>((resolve) => (end = resolve));
      return {
        ended,
        start: async () => {
          events.forEach(onEvent);
          if (result !== null) end(result);
        },
        stop: async ({ savepoint = null } = {}) => {
          end({ state: 'STOPPED', error: null });
          return savepoint === null ? null : `${savepoint}/last`;
        },
        savepoint: async (folder) => `${folder}/one`,
      };
    },
    serve: async (options) => void served.push(options),
  };
}
