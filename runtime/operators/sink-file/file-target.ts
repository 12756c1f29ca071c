import type { Batch } from '../../core/batch.ts';
import type { FileEncoder } from '../../formats/index.ts';

/** Where a file sink's rows go, in two phases: what is written becomes visible once the checkpoint behind it is complete. */
export interface FileTarget {
  /** Brings the output to where the restored checkpoint left it, or clears it for a job that starts afresh. */
  open(): void;
  /** `partition`: folders below the sink's; '' for none. */
  write(rows: Batch, partition: string): void;
  /** Phase one: all that was written is on disk, and state says where. */
  snapshot(checkpointId: number): void;
  /** Phase two: makes visible what snapshots up to this one hold. May come twice, or not at all. */
  commit(checkpointId: number): void;
  close(): void;
}

/** What was written before a barrier and waits for its checkpoint. */
export interface Pending {
  readonly number: number;
  readonly size: number;
  /** Null before the next barrier. */
  checkpointId: number | null;
}

/** An encoder for a file that begins. */
export type MakeEncoder = () => FileEncoder;
