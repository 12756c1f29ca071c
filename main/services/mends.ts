import { z } from 'zod';
import type { Mend } from '../../runtime/core/dead-letters.ts';
import { JsonFile } from './json-file.ts';
import { nodeId } from './node-id.ts';

const text = z.string().max(1024 * 1024);
const count = z.int().min(0);

/** What a page may send, and a file hold. */
export const mends: z.ZodType<readonly Mend[]> = z
  .array(z.strictObject({ nodeId, origin: z.string(), line: count, raw: text, text, again: count.default(0) }))
  .max(10_000);

/** The mends of a document's rejected rows, beside the state of its jobs: they hold for every run until they are taken back. */
export function mendsFile(stateFolder: string): JsonFile<readonly Mend[]> {
  return new JsonFile(`${stateFolder}/mends.json`, mends, []);
}
