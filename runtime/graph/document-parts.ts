/** Schemas that several parts of a document share. */
import { z } from 'zod';
import type { NodeId } from '../core/ids.ts';
import { say } from '../core/say.ts';

export const DEFAULT_OUTPUT = 'out';
export const DEFAULT_INPUT = 'in';

export const ID_PATTERN = /^[A-Za-z_][A-Za-z0-9_-]{0,99}$/;

/** Ids name folders of state and metrics, so they are plain words. */
export const idSchema = z.string().regex(ID_PATTERN, {
  error: say`an id is up to 100 letters, digits, "_" and "-", and starts with a letter or "_"`,
});
export const nodeIdSchema = idSchema as unknown as z.ZodType<NodeId, string>;
export const portSchema = z.string().min(1);
export const parameterValues = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
