import type { Batch } from '../../core/batch.ts';

/** What travels in a channel, in one order: rows, and the marks between them. */
export type StreamElement =
  | { readonly type: 'batch'; readonly batch: Batch }
  /** No row at or before this event time will come (+Infinity: none at all). */
  | { readonly type: 'watermark'; readonly watermark: number }
  /** Idle: do not wait for this channel's watermark, until it says that it is active again. */
  | { readonly type: 'status'; readonly isIdle: boolean }
  | Barrier
  /** Left a source at this instant (ms since the epoch), right behind rows: what it takes to a sink, rows take. */
  | { readonly type: 'latency'; readonly at: number }
  /** No more rows or watermarks; barriers may still come. */
  | { readonly type: 'end' };

/** Everything before it belongs to the checkpoint; what it has overtaken is kept with it. */
export interface Barrier {
  readonly type: 'barrier';
  readonly checkpointId: number;
  readonly kind: 'checkpoint' | 'savepoint';
  /** ms since the epoch, as `unalignedAt`. */
  readonly triggeredAt: number;
  /** From when it may overtake rows; Infinity = never. */
  readonly unalignedAt: number;
}
