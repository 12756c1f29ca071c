import { z } from 'zod';
import type { BreakpointPlace, BreakpointRequest } from '../../runtime/protocol/debug.ts';
import { NO_DEBUG_MEMORY, type DebugMemory } from '../../runtime/protocol/debug-memory.ts';
import { JsonFile } from './json-file.ts';
import { nodeId } from './node-id.ts';

const text = z.string().max(100_000);
const anywhere = nodeId.nullable();

const place: z.ZodType<BreakpointPlace> = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('node'), nodeId, port: text.exactOptional() }),
  z.strictObject({ type: z.literal('output'), nodeId, port: text }),
  ...(['firing', 'late', 'timer', 'barrier', 'error'] as const).map((type) =>
    z.strictObject({ type: z.literal(type), nodeId: anywhere }),
  ),
  z.strictObject({ type: z.literal('watermark'), nodeId: anywhere, atLeast: z.number().nullable() }),
  z.strictObject({
    type: z.literal('state'),
    nodeId,
    table: text.exactOptional(),
    key: z.array(text).max(1000).exactOptional(),
  }),
  z.strictObject({ type: z.literal('lineage'), row: z.int().min(1), nodeId: anywhere }),
]);

const breakpoint: z.ZodType<BreakpointRequest> = z.strictObject({
  id: z.string().max(100),
  place,
  mode: z.enum(['enabled', 'disabled', 'log']),
  condition: text.exactOptional(),
  hits: z.strictObject({ type: z.enum(['every', 'from']), n: z.int().min(1) }).exactOptional(),
  message: text.exactOptional(),
});

/** What a page may send, and a file hold. */
export const debugMemory: z.ZodType<DebugMemory> = z.strictObject({
  breakpoints: z.array(breakpoint).max(1000),
  watches: z.array(text).max(1000),
  recordings: z.record(nodeId, z.string().max(4096)),
  inputMebibytes: z
    .int()
    .min(1)
    .max(1 << 20)
    .exactOptional(),
});

/** What is kept of debugging a document, beside the state of its jobs. */
export function debugMemoryFile(stateFolder: string): JsonFile<DebugMemory> {
  return new JsonFile(`${stateFolder}/debug.json`, debugMemory, NO_DEBUG_MEMORY);
}
