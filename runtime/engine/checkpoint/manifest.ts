/** `_metadata` of a checkpoint: what it consists of. It is written last, by rename: a folder without it is no checkpoint. */
import { z } from 'zod';

export const MANIFEST_NAME = '_metadata';

const manifestSchema = z.strictObject({
  format: z.literal('millrace/checkpoint'),
  version: z.literal(1),
  id: z.int(),
  /** Name of the pipeline. */
  name: z.string(),
  /** ms since the epoch. */
  createdAt: z.number(),
  tasks: z.array(
    z.strictObject({
      /** Head of the chain. */
      nodeId: z.string(),
      subtask: z.int(),
      /** Name in the checkpoint's folder. */
      file: z.string(),
      bytes: z.int(),
      sha256: z.string(),
    }),
  ),
  /** Type and parallelism of each operator that has state in it. */
  operators: z.record(z.string(), z.strictObject({ type: z.string(), parallelism: z.int() })),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type TaskFile = Manifest['tasks'][number];

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
