/** A pipeline here and, exported, on a real engine, over the same input: which rows differ. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { validateDocument } from '../compiler/index.ts';
import { hasErrors, type Diagnostic } from '../core/diagnostics.ts';
import { StreamError } from '../core/errors.ts';
import { say } from '../core/say.ts';
import type { PipelineDocument } from '../graph/index.ts';
import type {
  ComparisonOptions,
  ComparisonProgress,
  ComparisonReport,
  ComparisonStep,
} from '../protocol/comparison.ts';
import type { Engine, EngineSetup, JobContext, SinkRows } from './engine.ts';
import { fitToEngine } from './fit.ts';
import { sinkSchemas } from './job-graph.ts';
import type { LocalJobOptions } from './local-job.ts';
import { localRows } from './local-rows.ts';
import { recordedInput } from './recorded-input.ts';
import { checkRows } from './row-check.ts';

export interface CompareOptions extends LocalJobOptions, Omit<ComparisonOptions, 'engine' | 'params'> {
  readonly setup: EngineSetup;
  /** How long the job may take there, in seconds. */
  readonly patienceSeconds?: number;
  /** Ends all that it has begun; the call rejects with its reason. */
  readonly signal: AbortSignal;
  readonly onProgress: (progress: ComparisonProgress) => void;
  /** ms, from any start. */
  readonly now: () => number;
}

export interface Compared {
  /** Null iff the document has errors, or something behind its sources that the engine has no place for. */
  readonly report: ComparisonReport | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Sources are recorded and need no place there. Nothing outside is written: rows that reach sinks are only taken down. Rejects with MR2403 where the engine cannot be had here, with MR2404 when it does not start or
 * refuses the job, with MR2405 when no input comes, and with what a job here fails with.
 */
export async function compareDocument(document: PipelineDocument, options: CompareOptions): Promise<Compared> {
  const { setup, workerFile, allowsUserCode, isLateAllowed, signal, onProgress, now } = options;
  const { params, baseFolder, subPipelines } = options;
  const context: JobContext = { params, baseFolder, subPipelines };
  const startedAt = now();
  const { diagnostics } = validateDocument(document, context);
  if (hasErrors(diagnostics)) return { report: null, diagnostics };
  const folder = await mkdtemp(path.join(tmpdir(), 'millrace-comparison-'));
  let engine: Engine | null = null;
  let recorded = 0;
  const tell = (step: ComparisonStep): void => onProgress({ step, rows: recorded });
  try {
    const input = recordedInput(document, { ...context, isLateAllowed }, path.join(folder, 'recorded'));
    // A job of a batch is none of a stream, if need be.
    const isBatchThere = document.settings.runtimeMode === 'batch';
    const fitting = fitToEngine(input.document, { ...setup, triesBatch: setup.triesBatch || isBatchThere }, context);
    if (fitting.document === null) return { report: null, diagnostics: fitting.diagnostics };
    tell('start');
    engine = await ofEngine(setup, signal, () => setup.start(options));
    tell('record');
    const here = { workerFile, allowsUserCode, signal };
    const inputs = await input.record(here, options, (rows) => {
      recorded = rows;
      tell('record');
    });
    tell('here');
    const expected = await localRows(input.document, { ...here, ...context });
    tell('there');
    const scratch = path.join(folder, 'engine');
    await mkdir(scratch);
    const job = { ...context, document: fitting.document, scratch };
    const actual: SinkRows = await ofEngine(setup, signal, () => engine!.run(job));
    const checks = [...sinkSchemas(input.document, context)].map(([id, schema]) =>
      checkRows(id, schema, expected.get(id) ?? [], actual.get(id) ?? []),
    );
    const { name, label } = setup;
    const report = { engine: name, label, isBatch: fitting.isBatch, inputs, checks, durationMs: now() - startedAt };
    return { report, diagnostics };
  } finally {
    await engine?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Says of which engine a failure is. */
async function ofEngine<T>({ label }: EngineSetup, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    signal.throwIfAborted();
    return await work();
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof StreamError && cause.code === 'MR2403') throw cause;
    const reason = (cause as Error).message;
    throw new StreamError('MR2404', say`${label}: ${reason}`, {
      cause,
      remedy: say`Where it needs a connector that does not come with it, or a longer time, run the export by hand: its README says how.`,
    });
  }
}
