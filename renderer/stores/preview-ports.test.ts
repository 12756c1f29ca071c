import { beforeEach, describe, expect, it } from 'vitest';
import { nodeId } from '../../runtime/core/ids.ts';
import { openPipeline, sketch, sourceNode, startTest } from '../testing/app.tsx';
import { previewPorts } from './preview-ports.ts';
import { activeValidation } from './validation-store.ts';

const document = sketch(
  {
    in: sourceNode(['user STRING']),
    out: { type: 'sink.table' },
    send: { type: 'sink.http', config: { url: 'http://api.example/' } },
  },
  ['in -> out', 'in -> send'],
);

function portsOf(
  nodeIds: readonly string[],
  edge: { from: string; fromPort: string; to: string; toPort: string } | null = null,
) {
  return previewPorts(document, activeValidation(), { nodeIds: nodeIds.map(nodeId), edge }).map(
    (w) => `${w.nodeId}.${w.port}`,
  );
}

describe('ports to preview', () => {
  beforeEach(() => {
    startTest();
    openPipeline(document);
  });

  it('are the one an edge leaves', () => {
    expect(portsOf([], { from: 'in', fromPort: 'out', to: 'out', toPort: 'in' })).toEqual(['in.out']);
    expect(portsOf([], { from: 'gone', fromPort: 'out', to: 'out', toPort: 'in' })).toEqual([]);
  });

  it('are the outputs of a node, the optional ones last', () =>
    expect(portsOf(['in'])).toEqual(['in.out', 'in.rejected']));

  it('are what a sink publishes, what feeds it, and what it refuses', () => {
    expect(portsOf(['out'])).toEqual(['out.in', 'in.out']);
    expect(portsOf(['send'])).toEqual(['send.in', 'in.out', 'send.rejected']);
  });

  it('are none for several nodes, none selected or one that is gone', () => {
    expect([portsOf(['in', 'out']), portsOf([]), portsOf(['gone'])]).toEqual([[], [], []]);
  });
});
