/** Queries on one engine after the other, over the same files. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ToolMissing } from '../../comparison/cache.ts';
import { fitToEngine } from '../../comparison/fit.ts';
import type { PipelineDocument } from '../../graph/index.ts';
import { median } from '../median.ts';
import { documentOf, type Query } from '../nexmark/index.ts';
import { withQueryFiles } from '../nexmark/query-files.ts';
import type { Contender, ContenderOptions, ContenderSetup, Measurement } from './contender.ts';
import { overFiles, writeEventFiles } from './event-files.ts';
import { killDescendants, PeakMemory } from './process-tree.ts';

export interface AgainstOptions extends Pick<ContenderOptions, 'parallelism' | 'timeLimit' | 'workerFile'> {
  /** The first is what the others are compared with. */
  readonly setups: readonly ContenderSetup[];
  readonly queries: readonly Query[];
  readonly events: number;
  readonly seed: number;
  /** Runs whose median counts, after one that does not. */
  readonly runs: number;
  /** Ends it and every process that it has begun. */
  readonly signal: AbortSignal;
  /** What is done next, in few words. */
  readonly onProgress: (text: string) => void;
}

/** Of a query on an engine: medians, or why there is none. */
export type Outcome = (Measurement & { readonly isBatch: boolean }) | { readonly problem: string };

export interface EngineResult {
  readonly setup: ContenderSetup;
  /** Why it was left out, with the remedy; null: it was not. */
  readonly leftOut: string | null;
  readonly startSeconds: number;
  readonly peakBytes: number;
  /** By the query's name. */
  readonly outcomes: ReadonlyMap<string, Outcome>;
}

/** Beyond the time limit that engines keep themselves. */
const GRACE_SECONDS = 15;

/** Rejects when it is interrupted, or events cannot be made; never for what an engine does. */
export async function measureAgainst(options: AgainstOptions): Promise<readonly EngineResult[]> {
  const { setups, signal, onProgress, events, seed, parallelism, workerFile } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-against-'));
  signal.addEventListener('abort', killDescendants);
  try {
    onProgress(`${events} events`);
    const files = path.join(folder, 'events');
    await untilAborted(writeEventFiles(files, { events, seed, parts: parallelism, workerFile }), signal);
    const results: EngineResult[] = [];
    for (const setup of setups) results.push(await new EngineRun(setup, files, folder, options).run());
    return results;
  } finally {
    signal.removeEventListener('abort', killDescendants);
    if (signal.aborted) killDescendants();
    await rm(folder, { recursive: true, force: true });
  }
}

class EngineRun {
  readonly #setup: ContenderSetup;
  readonly #files: string;
  readonly #folder: string;
  readonly #options: AgainstOptions;
  #engine: Contender | null = null;
  #startSeconds = 0;
  #jobs = 0;

  constructor(setup: ContenderSetup, files: string, folder: string, options: AgainstOptions) {
    this.#setup = setup;
    this.#files = files;
    this.#folder = path.join(folder, setup.id);
    this.#options = options;
  }

  async run(): Promise<EngineResult> {
    const { queries, onProgress, signal } = this.#options;
    const memory = new PeakMemory();
    const outcomes = new Map<string, Outcome>();
    let leftOut: string | null = null;
    try {
      for (const query of queries) {
        onProgress(`${this.#setup.label}: ${query.name}`);
        outcomes.set(query.name, await this.#measure(query));
      }
    } catch (error) {
      if (!(error instanceof ToolMissing)) throw error;
      leftOut = error.message;
      onProgress(`LEFT OUT: ${this.#setup.label}. ${error.message}`);
    } finally {
      // Otherwise its timer would keep this process.
      memory.stop();
      if (!signal.aborted) await this.#engine?.stop();
    }
    const startSeconds = this.#engine?.startSeconds() ?? this.#startSeconds;
    return { setup: this.#setup, leftOut, startSeconds, peakBytes: memory.stop(), outcomes };
  }

  async #measure(query: Query): Promise<Outcome> {
    const { parallelism, runs, signal } = this.#options;
    return withQueryFiles(documentOf(query), async ({ params }) => {
      const document = overFiles(documentOf(query), this.#files, params, parallelism);
      const fitting = this.#fitting(document);
      if ('problem' in fitting) return fitting;
      try {
        const measured: Measurement[] = [];
        for (let run = 0; run <= runs; run++) {
          const measurement = await this.#once(fitting.document);
          if (run > 0) measured.push(measurement);
        }
        return {
          processing: median(measured.map(({ processing }) => processing)),
          endToEnd: median(measured.map(({ endToEnd }) => endToEnd)),
          isBatch: fitting.document.settings.runtimeMode === 'batch',
        };
      } catch (error) {
        if (signal.aborted || error instanceof ToolMissing) throw error;
        // Whatever state it is in, the next query gets another one.
        await this.#engine?.stop();
        this.#engine = null;
        return { problem: (error as Error).message.split('\n').slice(0, 2).join(' ').slice(0, 300) };
      }
    });
  }

  /** The document as the engine can run it, or why it cannot. */
  #fitting(document: PipelineDocument): { readonly document: PipelineDocument } | { readonly problem: string } {
    const { target, triesBatch } = this.#setup;
    if (target === null) return { document };
    const fitting = fitToEngine(document, { target, triesBatch }, { params: {}, baseFolder: this.#folder });
    if (fitting.document !== null) return { document: fitting.document };
    const problem = fitting.diagnostics.find(({ severity }) => severity === 'error')!.message;
    return { problem: `cannot be expressed: ${problem}` };
  }

  async #once(document: PipelineDocument): Promise<Measurement> {
    const { signal, timeLimit } = this.#options;
    const scratch = path.join(this.#folder, String(this.#jobs++));
    await mkdir(scratch, { recursive: true });
    if (this.#engine === null) {
      const engine = await untilAborted(this.#setup.start(this.#options), signal);
      this.#engine = engine;
      this.#startSeconds ||= this.#setup.target === null ? 0 : engine.startSeconds();
    }
    const work = this.#engine.measure({ document, params: {}, baseFolder: this.#folder, scratch });
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => {
          reject(new Error(`is not over after ${timeLimit} s`));
          killDescendants();
        },
        (timeLimit + GRACE_SECONDS) * 1000,
      );
    });
    try {
      return await untilAborted(Promise.race([work, limit]), signal);
    } catch (error) {
      // What a killed engine says of it comes later, and matters no more.
      if (!signal.aborted) await work.catch(() => undefined);
      throw error;
    } finally {
      clearTimeout(timer);
      await rm(scratch, { recursive: true, force: true });
    }
  }
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason as Error);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
