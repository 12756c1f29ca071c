/** `settings` of a document: how a job runs. Every key has a default, so that a document states only what it means. */
import { z } from 'zod';
import { say } from '../core/say.ts';
import { isUrl, parseWebHdfsLocation, WEBHDFS_EXAMPLE } from '../core/webhdfs-location.ts';
import { parameterValues } from './document-parts.ts';

const milliseconds = z.int().min(0);

const checkpointFields = z.strictObject({
  /** 0 = no periodic checkpoints (a bounded job still takes one at its end). */
  intervalMs: milliseconds.default(10_000),
  /** `at-least-once`: no channel waits for the others' barriers; rows between them come again after a restore. */
  mode: z.enum(['exactly-once', 'at-least-once']).default('exactly-once'),
  /** `unaligned`: barriers overtake rows under way, which are kept with the checkpoint. */
  alignment: z.enum(['aligned', 'unaligned']).default('aligned'),
  /** With `unaligned`: a checkpoint begins aligned, and barriers overtake once it is this old. 0 = at once. */
  alignedTimeoutMs: milliseconds.default(0),
  timeoutMs: milliseconds.default(60_000),
  /** Least time between the end of a checkpoint and the start of the next. */
  minPauseMs: milliseconds.default(0),
  /** This many failed checkpoints in a row are passed over; the next one fails the job. */
  tolerableFailures: z.int().min(0).default(3),
  /** Completed checkpoints kept. */
  retain: z.int().min(1).default(5),
  storage: z.enum(['file', 'webhdfs']).default('file'),
  /**
   * Where checkpoints of this document, and of no other, are kept. A folder, from the document's on, or the URL of one in an
   * HDFS. Without it, they are kept in `.millrace`, near the document. `run --state-dir` goes before it.
   */
  path: z.string().min(1).optional(),
});

const checkpointSettings = checkpointFields.superRefine(({ storage, path }, context) => {
  const refuse = (message: string): void => void context.addIssue({ code: 'custom', path: ['path'], message });
  if (storage === 'file' && path !== undefined && isUrl(path))
    refuse(say`storage "file" takes a folder; for a URL, set storage to "webhdfs"`);
  if (storage === 'webhdfs' && (path === undefined || parseWebHdfsLocation(path) === null))
    refuse(say`storage "webhdfs" takes a URL like ${WEBHDFS_EXAMPLE}`);
});

const restartSettings = z.discriminatedUnion('strategy', [
  z.strictObject({ strategy: z.literal('none') }),
  z.strictObject({
    strategy: z.literal('fixed-delay'),
    delayMs: milliseconds.default(1000),
    maxAttempts: z.int().min(0).default(10),
  }),
  z.strictObject({
    strategy: z.literal('exponential-delay'),
    initialMs: milliseconds.default(200),
    maxMs: milliseconds.default(10_000),
    maxAttempts: z.int().min(0).default(10),
    /** After this time without a failure attempts are counted anew, from the first delay on. */
    resetAfterMs: milliseconds.default(3_600_000),
  }),
  /** Gives up at the failure that makes more than `maxFailures` within `intervalMs`. */
  z.strictObject({
    strategy: z.literal('failure-rate'),
    delayMs: milliseconds.default(1000),
    maxFailures: z.int().min(0).default(3),
    intervalMs: milliseconds.default(60_000),
  }),
]);

export const settingsSchema = z.strictObject({
  /**
   * `batch`: bounded inputs only; every result once, at their end, without intermediate firings. Says nothing to, as in Flink:
   * `bufferTimeoutMs`, `latencyTargetMs`, and of `checkpoint` all but where the final one is kept and how long it may take.
   */
  runtimeMode: z.enum(['streaming', 'batch']).default('streaming'),
  processingModel: z.enum(['pipelined']).default('pipelined'),
  parallelism: z.int().min(1).max(128).default(1),
  /** Most rows of a batch. */
  batchRows: z.int().min(1).max(65_536).default(2048),
  /** How long a row may wait for its batch to fill before it is sent on. */
  bufferTimeoutMs: milliseconds.default(10),
  /** Under backpressure batches shrink until what is under way is worked off in this time; 0 = they do not. */
  latencyTargetMs: milliseconds.default(1000),
  checkpoint: checkpointSettings.prefault({}),
  stateBackend: z.enum(['memory', 'rocksdb']).default('memory'),
  /** What the state of all operators may take of memory, in MiB. Memory backend: a job over it fails. RocksDB: its caches share it. */
  managedMemoryMb: z.int().min(16).default(2048),
  restart: restartSettings.prefault({ strategy: 'exponential-delay' }),
  /** Systems that the pipeline is meant for, as `export --to` names them: what they cannot express is a warning. */
  targets: z.array(z.string().min(1).max(64)).max(16).default([]),
  params: parameterValues.prefault({}),
});

/** With every default filled in. */
export type Settings = z.output<typeof settingsSchema>;
/** As a document may write them. */
export type SettingsInput = z.input<typeof settingsSchema>;
export type RestartSettings = Settings['restart'];
export type CheckpointSettings = Settings['checkpoint'];
