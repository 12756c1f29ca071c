/** What a worker asks of its state thread. Keys and values are packed (packed.ts). */
import type { ErrorReport } from '../../../protocol/job.ts';

/** First byte of each operation in a write: a key and a value, a key, two keys (the second one exclusive). */
export const PUT = 1;
export const DELETE = 2;
export const DELETE_RANGE = 3;

export interface DatabaseOptions {
  /** Absolute; made when it is not there. */
  readonly folder: string;
  readonly writeBufferBytes: number;
  readonly hasBlockCache: boolean;
}

export type StateRequest =
  | { readonly type: 'open'; readonly db: number; readonly options: DatabaseOptions }
  /** Answer: for each key its value or nothing. */
  | { readonly type: 'get'; readonly db: number; readonly keys: ArrayBuffer; readonly count: number }
  | { readonly type: 'write'; readonly db: number; readonly operations: ArrayBuffer; readonly count: number }
  /** Answer: up to `limit` pairs of key and value in `[from, to)`, or after `from` when it is exclusive. */
  | {
      readonly type: 'scan';
      readonly db: number;
      readonly from: Uint8Array;
      readonly isFromExclusive: boolean;
      readonly to: Uint8Array;
      readonly limit: number;
      readonly snapshot: number | null;
    }
  /** Scans with its number see what is there now. */
  | { readonly type: 'snapshot'; readonly db: number; readonly snapshot: number }
  | { readonly type: 'release'; readonly db: number; readonly snapshot: number }
  /** Links the database as it is now into `folder`. Writes asked for later wait, reads do not. */
  | { readonly type: 'checkpoint'; readonly db: number; readonly folder: string }
  /** Copies ranges, each two keys and a byte that their keys begin with from now on, from the database in `folder`, which is removed. */
  | { readonly type: 'copy'; readonly db: number; readonly folder: string; readonly ranges: ArrayBuffer }
  /** Ends the use of the database and removes its folder. */
  | { readonly type: 'close'; readonly db: number };

export interface DatabaseFile {
  readonly name: string;
  readonly bytes: number;
}

export interface StateAnswer {
  /** Packed, for `get` and `scan`. */
  readonly data?: ArrayBuffer;
  readonly count?: number;
  /** Pairs copied, by range. */
  readonly counts?: readonly number[];
  /** Of a checkpoint. */
  readonly files?: readonly DatabaseFile[];
}

export interface ToStateThread {
  readonly id: number;
  readonly request: StateRequest;
}

export type FromStateThread =
  | { readonly id: number; readonly answer: StateAnswer; readonly error: null }
  | { readonly id: number; readonly answer: null; readonly error: ErrorReport };

/** `workerData` of a state thread. */
export interface StateThreadSetup {
  readonly port: import('node:worker_threads').MessagePort;
  /** Word 0 counts answers; word 1 is set when the thread has died. */
  readonly signal: SharedArrayBuffer;
}
