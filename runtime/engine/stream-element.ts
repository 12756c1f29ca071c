import type { Batch } from '../core/batch.ts';

/** What travels in a channel, in one order: rows, and the marks between them. */
export type StreamElement =
  | { readonly type: 'batch'; readonly batch: Batch }
  /** No row at or before this event time will come (+Infinity: none at all). */
  | { readonly type: 'watermark'; readonly watermark: number }
  /** Idle: do not wait for this channel's watermark, until it says that it is active again. */
  | { readonly type: 'status'; readonly isIdle: boolean }
  /** Everything before it belongs to the checkpoint. */
  | { readonly type: 'barrier'; readonly checkpointId: number }
  /** No more rows or watermarks; barriers may still come. */
  | { readonly type: 'end' };
