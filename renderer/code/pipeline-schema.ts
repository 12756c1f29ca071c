/** The document's JSON Schema with every operator's config in it: completion and checks of the code view. */
import { pipelineJsonSchema } from '../../runtime/compiler/pipeline-schema.ts';

export function pipelineSchema(): Record<string, unknown> {
  return pipelineJsonSchema() as Record<string, unknown>;
}
