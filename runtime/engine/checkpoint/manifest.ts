/** `_metadata` of a checkpoint: what it consists of. It is written last, by rename: a folder without it is no checkpoint. */
import { z } from 'zod';

export const MANIFEST_NAME = '_metadata';

const sharedFile = z.strictObject({
  /** Name in the folder `shared` beside the checkpoint's. */
  name: z.string(),
  bytes: z.int(),
  sha256: z.string(),
});

const taskFile = z.strictObject({
  /** Head of the chain. */
  nodeId: z.string(),
  subtask: z.int(),
  /** Name in the checkpoint's folder. */
  file: z.string(),
  bytes: z.int(),
  sha256: z.string(),
  /** Files that it needs beside its own. */
  shared: z.array(sharedFile).optional(),
});

const manifestSchema = z.strictObject({
  format: z.literal('millrace/checkpoint'),
  version: z.literal(2),
  /** A savepoint's folder is complete in itself. */
  kind: z.enum(['checkpoint', 'savepoint']),
  id: z.int(),
  /** Name of the pipeline. */
  name: z.string(),
  /** ms since the epoch. */
  createdAt: z.number(),
  tasks: z.array(
    taskFile.extend({
      /** All that a restore reads for it. */
      stateBytes: z.int(),
      /** Of rows that were under way, in `bytes`. */
      inFlightBytes: z.int(),
    }),
  ),
  /** By node id: state is matched by it. */
  operators: z.record(z.string(), z.strictObject({ type: z.string(), parallelism: z.int() })),
  edges: z.array(z.strictObject({ from: z.string(), fromPort: z.string(), to: z.string(), toPort: z.string() })),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type CheckpointKind = Manifest['kind'];
export type SharedFile = z.infer<typeof sharedFile>;
/** What a task wrote. */
export type TaskFile = z.infer<typeof taskFile>;

export function printManifest(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Null when the text is not a manifest of a version that is known. */
export function parseManifest(text: string): Manifest | null {
  try {
    const parsed = manifestSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** All that a restore reads. */
export function stateBytesOf({ tasks }: Manifest): number {
  return tasks.reduce((sum, task) => sum + task.stateBytes, 0);
}
