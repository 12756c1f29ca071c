/** Runs a document in worker threads, as the product does, and takes the time. */
import { jobId } from '../core/ids.ts';
import { assert } from '../core/errors.ts';
import { compileDocument } from '../compiler/index.ts';
import { JobManager } from '../engine/job/job-manager.ts';
import type { PipelineDocument } from '../graph/index.ts';
import type { JobEvent, Watch } from '../protocol/job.ts';

/** Seconds from RUNNING to the end of the job; rejects when it fails. `watches`: ports watched meanwhile, as the app does. */
export async function secondsOf(
  document: PipelineDocument,
  workerFile: string,
  watches: readonly Watch[] = [],
): Promise<number> {
  const { plan, diagnostics } = compileDocument(document, { baseFolder: process.cwd() });
  assert(plan !== null, diagnostics[0]?.message ?? 'no plan');
  let startedAt = 0;
  const onEvent = (event: JobEvent): void => {
    if (event.type === 'state' && event.state === 'RUNNING') startedAt = performance.now();
  };
  const options = { jobId: jobId('bench'), stateFolder: null, resume: false, printTo: 'events', workerFile } as const;
  const job = new JobManager(plan, options, onEvent);
  job.watch(watches);
  await job.start();
  const { state, error } = await job.ended;
  assert(state === 'FINISHED', `the job ended ${state}: ${error?.message ?? ''}`);
  return (performance.now() - startedAt) / 1000;
}
