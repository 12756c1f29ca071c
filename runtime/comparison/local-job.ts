/** A document run by our own engine, for what it prints. */
import { compileDocument } from '../compiler/index.ts';
import { StreamError } from '../core/errors.ts';
import { jobId, type NodeId } from '../core/ids.ts';
import { say } from '../core/say.ts';
import { JobManager } from '../engine/job/job-manager.ts';
import type { PipelineDocument } from '../graph/index.ts';
import { fromErrorReport } from '../protocol/error-report.ts';
import type { JobContext } from './engine.ts';

export interface LocalJobOptions extends JobContext {
  /** Absolute path of the bundled worker. */
  readonly workerFile: string;
  /** Yes unless given. */
  readonly allowsUserCode?: boolean | undefined;
  /** Ends the job, and the call rejects. */
  readonly signal?: AbortSignal | undefined;
}

/** Who sees what a job prints. */
export interface PrintObserver {
  onPrint(nodeId: NodeId, text: string): void;
  /** Sources run from now on. */
  onStarted?(): void;
  /** Ends the job, which was seen enough of. */
  readonly enough?: AbortSignal;
}

/** At parallelism 1. Settles with the job's end; rejects when it fails. */
export async function runLocally(
  document: PipelineDocument,
  { workerFile, signal, ...context }: LocalJobOptions,
  observer: PrintObserver,
): Promise<void> {
  signal?.throwIfAborted();
  const { plan, diagnostics } = compileDocument(document, { ...context, parallelism: 1 });
  if (plan === null) {
    const first = diagnostics.find(({ severity }) => severity === 'error')!;
    throw new StreamError(first.code, first.message, { domain: 'user' });
  }
  const job = new JobManager(
    plan,
    { jobId: jobId('comparison'), stateFolder: null, resume: false, printTo: 'events', workerFile },
    (event) => {
      if (event.type === 'print') observer.onPrint(event.nodeId, event.text);
    },
  );
  const cancel = (): void => void job.cancel();
  const ends = [signal, observer.enough].filter((one) => one !== undefined);
  for (const one of ends) one.addEventListener('abort', cancel);
  try {
    // One that is cancelled meanwhile never starts.
    await Promise.race([job.start(), job.ended]);
    observer.onStarted?.();
    const { state, error } = await job.ended;
    signal?.throwIfAborted();
    if (state === 'FAILED')
      throw error === null ? new StreamError('MR2001', say`the job failed`) : fromErrorReport(error);
  } finally {
    for (const one of ends) one.removeEventListener('abort', cancel);
  }
}
