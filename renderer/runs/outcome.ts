import { isTerminal } from '../../runtime/protocol/job.ts';
import type { RunRecord } from '../../runtime/protocol/run-record.ts';

/** What became of a run. `lost`: the app ended first; `detached`: it may go on in another cluster. */
export type Outcome = 'running' | 'finished' | 'stopped' | 'failed' | 'lost' | 'detached';

export function outcomeOf({ state, kind }: Pick<RunRecord, 'state' | 'kind'>): Outcome {
  if (state === null) return kind === 'flink' ? 'detached' : 'lost';
  if (!isTerminal(state)) return 'running';
  return state === 'FINISHED' ? 'finished' : state === 'STOPPED' ? 'stopped' : 'failed';
}
