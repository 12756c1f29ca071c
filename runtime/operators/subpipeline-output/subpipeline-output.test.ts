import { expect, it } from 'vitest';
import { checkConfig } from '../../core/config.ts';
import { subPipelineOutputSpec } from './spec.ts';

it('declares the port, and the fields if it has a schema', () => {
  const boundaryOf = (raw: object): unknown =>
    subPipelineOutputSpec.boundary!(checkConfig(subPipelineOutputSpec.config, raw).value!);
  expect(boundaryOf({})).toMatchObject({ side: 'output', port: 'out', fields: null });
  expect(boundaryOf({ port: 'late', schema: [{ name: 'a', type: 'INT' }] })).toMatchObject({
    port: 'late',
    fields: [{ name: 'a', nullable: true }],
  });
});
