import { expect, it } from 'vitest';
import type { RawConfig } from '../../graph/index.ts';
import { validateDocument } from '../../compiler/index.ts';
import { parseDocument } from '../../graph/index.ts';

function problems(config: RawConfig): readonly unknown[] {
  const { document } = parseDocument(
    JSON.stringify({
      format: 'millrace/pipeline',
      version: 1,
      name: 'test',
      nodes: [
        { id: 'in', type: 'subpipeline.input', config },
        { id: 'out', type: 'sink.print', config: {} },
      ],
      edges: [{ from: 'in', to: 'out' }],
    }),
  );
  return validateDocument(document!).diagnostics.map(({ code, path }) => [code, path]);
}

it('is checked at the place of its samples, as the rows that they make', () => {
  expect(problems({ schema: [{ name: 'a', type: 'BIGINT', sample: 'n * 2' }] })).toEqual([]);
  expect(problems({ schema: [{ name: 'a', type: 'BIGINT', sample: 'm' }] })).toEqual([['MR1302', 'schema[0].sample']]);
  expect(problems({ schema: [{ name: 'a', type: 'BIGINT' }], eventTime: 'ts' })).toEqual([['MR1403', 'eventTime']]);
  expect(
    problems({
      schema: [
        { name: 'a', type: 'INT' },
        { name: 'a', type: 'INT' },
      ],
    }),
  ).toEqual([['MR1402', 'schema[1].name']]);
});
