import type { Mend } from '../core/dead-letters.ts';
import type { NodeId } from '../core/ids.ts';
import type { Watch } from '../protocol/job.ts';

/** What the dispatcher needs of a job, wherever it runs. */
export interface Job {
  start(): Promise<void>;
  stop(options: { readonly savepoint: string | null }): Promise<string | null>;
  savepoint(folder: string): Promise<string>;
  cancel(): Promise<void>;
  watch(watches: readonly Watch[]): void;
  sampleKeys(nodeIds: readonly NodeId[]): void;
  mend(mends: readonly Mend[]): void;
  /** Settles at the terminal state. */
  readonly ended: Promise<unknown>;
}
