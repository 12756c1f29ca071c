import { z } from 'zod';
import { documentSchema } from './document.ts';

/** JSON Schema of the document, its nodes' config left open: the compiler's `pipelineJsonSchema` fills that in from the catalogue. */
export function documentJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(documentSchema, { io: 'input', target: 'draft-7' });
}
