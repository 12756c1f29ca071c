/** Runs a document in worker threads, as the product does, and takes the time. */
import { jobId, type NodeId } from '../core/ids.ts';
import { assert } from '../core/errors.ts';
import { compileDocument } from '../compiler/index.ts';
import { JobManager } from '../engine/job/job-manager.ts';
import type { PipelineDocument } from '../graph/index.ts';
import type { JobEvent, Watch } from '../protocol/job.ts';

export interface JobChoices {
  /** Ports watched meanwhile, as the app does. */
  readonly watches?: readonly Watch[];
  /** Ports whose rows are kept for who looks later, as the app does. */
  readonly keeps?: readonly Watch[];
  readonly params?: Readonly<Record<string, string>>;
  /** For relative paths; the current folder unless given. */
  readonly baseFolder?: string;
  /** In place of the document's. */
  readonly parallelism?: number;
  /** Gets what is printed; it is dropped unless given. */
  readonly onPrint?: (nodeId: NodeId, text: string) => void;
}

/** Seconds from RUNNING to the end of the job; rejects when it fails. */
export async function secondsOf(
  document: PipelineDocument,
  workerFile: string,
  choices: JobChoices = {},
): Promise<number> {
  let startedAt = 0;
  const onEvent = (event: JobEvent): void => {
    if (event.type === 'state' && event.state === 'RUNNING') startedAt = performance.now();
    if (event.type === 'print') choices.onPrint?.(event.nodeId, event.text);
  };
  const job = await startJob(document, workerFile, onEvent, choices);
  const { state, error } = await job.ended;
  assert(state === 'FINISHED', `the job ended ${state}: ${error?.message ?? ''}`);
  return (performance.now() - startedAt) / 1000;
}

/** A job in worker threads that has begun; rejects when it cannot. */
export async function startJob(
  document: PipelineDocument,
  workerFile: string,
  onEvent: (event: JobEvent) => void,
  choices: Omit<JobChoices, 'onPrint'> = {},
): Promise<JobManager> {
  const { watches = [], keeps = [], params = {}, baseFolder = process.cwd(), parallelism } = choices;
  const { plan, diagnostics } = compileDocument(document, { baseFolder, params, parallelism });
  assert(plan !== null, diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'no plan');
  const options = {
    jobId: jobId('bench'),
    stateFolder: null,
    resume: false,
    keeps,
    printTo: 'events',
    workerFile,
  } as const;
  const job = new JobManager(plan, options, onEvent);
  job.watch(watches);
  await job.start();
  return job;
}
