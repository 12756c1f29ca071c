/** What was run in the workspace, as the host lists it. */
import { create } from 'zustand';
import type { RunRecord } from '../../runtime/protocol/run-record.ts';
import { host } from '../host/host.ts';

interface RunsState {
  /** Newest first; null: not asked for yet. */
  readonly runs: readonly RunRecord[] | null;
}

export const useRuns = create<RunsState>(() => ({ runs: null }));

export async function refreshRuns(): Promise<void> {
  useRuns.setState({ runs: await host().listRuns() });
}
