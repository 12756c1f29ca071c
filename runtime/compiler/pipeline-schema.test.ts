import path from 'node:path';
import { expect, it } from 'vitest';
import { pipelineJsonSchema } from './pipeline-schema.ts';

// `npx vitest run runtime/compiler/pipeline-schema.test.ts -u` writes it anew.
it('is published as templates/pipeline.schema.json, so that other editors complete documents', async () => {
  const file = path.resolve(import.meta.dirname, '../../templates/pipeline.schema.json');
  await expect(`${JSON.stringify(pipelineJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(file);
});
