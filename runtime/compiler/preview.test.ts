import { describe, expect, it } from 'vitest';
import { nodeId } from '../core/ids.ts';
import { parseDocument } from '../graph/index.ts';
import { compileDocument } from './compile.ts';

const HEAD = { format: 'millrace/pipeline', version: 1 };
const numbers = {
  id: 'numbers',
  type: 'source.generator',
  config: { rows: 1, fields: [{ name: 'a', type: 'BIGINT', expr: 'n' }] },
};
const file = (id: string) => ({ id, type: 'sink.file', config: { path: `out/${id}.csv`, format: 'csv' } });

function typesOf(
  nodes: readonly object[],
  writes: readonly string[],
  subPipelines = new Map<string, string>(),
  prints = false,
) {
  const sinks = nodes.slice(1) as readonly { readonly id: string }[];
  const edges = sinks.map(({ id }) => ({ from: 'numbers', to: id }));
  const { document } = parseDocument(JSON.stringify({ ...HEAD, name: 'Numbers', nodes, edges }));
  const { plan, diagnostics } = compileDocument(document!, {
    baseFolder: '/tmp',
    preview: { writes: writes.map(nodeId), prints },
    subPipelines,
  });
  if (plan === null) throw new Error(JSON.stringify(diagnostics));
  return Object.fromEntries(plan.operators.map((operator) => [operator.nodeId, operator.type]));
}

describe('a preview', () => {
  it('shows the rows of what would write, but where it is told to write', () => {
    const nodes = [numbers, file('kept'), file('off'), { id: 'log', type: 'sink.print', config: {} }];
    expect(typesOf(nodes, ['kept'])).toEqual({
      numbers: 'source.generator',
      kept: 'sink.file',
      off: 'sink.table',
      log: 'sink.print',
    });
  });

  it('prints the rows of every sink where there is no app to show them', () => {
    const nodes = [numbers, file('off'), { id: 'table', type: 'sink.table', config: {} }];
    expect(typesOf(nodes, [], new Map(), true)).toMatchObject({ off: 'sink.print', table: 'sink.print' });
  });

  it('looks into sub-pipelines', () => {
    const inner = {
      ...HEAD,
      name: 'Keep',
      nodes: [
        { id: 'in', type: 'subpipeline.input', config: { schema: [{ name: 'a', type: 'BIGINT' }] } },
        file('deep'),
      ],
      edges: [{ from: 'in', to: 'deep' }],
    };
    const nodes = [numbers, { id: 'sub', type: 'subpipeline', config: { path: 'keep.pipeline.json' } }];
    const texts = new Map([['keep.pipeline.json', JSON.stringify(inner)]]);
    expect(typesOf(nodes, [], texts)['sub/deep']).toBe('sink.table');
    expect(typesOf(nodes, ['sub'], texts)['sub/deep']).toBe('sink.file');
  });
});
