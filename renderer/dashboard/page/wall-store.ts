/** What a dashboard's page knows beside the rows, which are in the live buffer. */
import { create } from 'zustand';
import type { PipelineDocument } from '../../../runtime/graph/index.ts';
import type { JobEvent } from '../../../runtime/protocol/job.ts';

export type JobStateEvent = Extract<JobEvent, { readonly type: 'state' }>;

export interface WallState {
  readonly path: string | null;
  readonly document: PipelineDocument | null;
  /** Of the file that the document was read from. */
  readonly revision: string | null;
  readonly isConnected: boolean;
  /** Of the document's job that runs or ran last; null before there is one. */
  readonly job: JobStateEvent | null;
  /** When rows came last, in ms since the epoch; null before any did. */
  readonly lastRowsAt: number | null;
  /** Why nothing can be shown, or the last wish could not be done. */
  readonly problem: string | null;
}

export const useWallStore = create<WallState>(() => ({
  path: null,
  document: null,
  revision: null,
  isConnected: false,
  job: null,
  lastRowsAt: null,
  problem: null,
}));

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
