/** A sub-pipeline is stepped through as what it stands for. */
import { afterEach, describe, expect, it } from 'vitest';
import { asNode, brief, startSession } from '../testing/debug-sessions.ts';
import { generator, simulatedNode } from '../testing/simulated-job.ts';
import type { DebugSession } from './index.ts';

const V = [{ name: 'v', type: 'BIGINT' }];

/** Doubles, keeps what is large, and is itself made of another one. */
const subPipelines = new Map(
  Object.entries({
    'lib/large.pipeline.json': {
      nodes: [
        simulatedNode('rows', 'subpipeline.input', { port: 'rows', schema: V }),
        simulatedNode('inner', 'subpipeline', { path: 'double.pipeline.json' }),
        simulatedNode('large', 'filter', { condition: 'v >= 4' }),
        simulatedNode('kept', 'subpipeline.output', { port: 'kept' }),
      ],
      edges: [
        { from: 'rows', to: 'inner' },
        { from: 'inner', to: 'large' },
        { from: 'large', to: 'kept' },
      ],
    },
    'lib/double.pipeline.json': {
      nodes: [
        simulatedNode('in', 'subpipeline.input', { schema: V }),
        simulatedNode('twice', 'project', { fields: [{ as: 'v', expr: 'v * 2' }] }),
        simulatedNode('out', 'subpipeline.output', {}),
      ],
      edges: [
        { from: 'in', to: 'twice' },
        { from: 'twice', to: 'out' },
      ],
    },
  }).map(([path, { nodes, edges }]) => [
    path,
    JSON.stringify({
      format: 'millrace/pipeline',
      version: 1,
      name: path,
      notes: [],
      groups: [],
      nodes,
      edges: edges.map(({ from, to }) => ({
        from,
        to,
        ...(to === 'inner' ? { toPort: 'in' } : {}),
        ...(from === 'inner' ? { fromPort: 'out' } : {}),
      })),
    }),
  ]),
);

const CALLER = {
  nodes: [
    generator('in', [['v', 'BIGINT', 'n']], { rows: 4 }),
    simulatedNode('part', 'subpipeline', { path: 'lib/large.pipeline.json' }),
    simulatedNode('out', 'sink.table', {}),
  ],
  edges: [
    { from: 'in', to: 'part', toPort: 'rows' },
    { from: 'part', fromPort: 'kept', to: 'out' },
  ],
};

const open: DebugSession[] = [];
afterEach(async () => {
  for (const session of open.splice(0)) await session.close();
});

async function start(): Promise<DebugSession> {
  const { session } = await startSession(CALLER, {}, { subPipelines });
  open.push(session);
  return session;
}

describe('a sub-pipeline', () => {
  it('is there as its operators, each of which says to which node of the document it belongs', async () => {
    const session = await start();
    const { operators } = await session.plan();
    const inside = operators.filter(({ documentNode }) => documentNode === 'part').map(({ nodeId }) => nodeId);
    expect(inside).toContain('part/large');
    expect(inside).toContain('part/inner/twice');
    expect(inside.every((id) => id.startsWith('part/'))).toBe(true);
  });

  it('is stopped at as a whole and inside, stepped into, over and out of, with the way of the row', async () => {
    const session = await start();
    const at = (nodeId: string, condition: string) =>
      session.setBreakpoints([
        { id: 'b', mode: 'enabled', place: { type: 'node', nodeId: asNode(nodeId) }, condition },
      ]);
    // At the node of the document: where the row comes in.
    await at('part', 'v = 2');
    const entered = await session.resume();
    expect(brief(entered)).toMatch(/^part\/rows row \[2\]/);
    // Into: operator by operator, through the one inside it, and out.
    await session.setBreakpoints([]);
    const seen: string[] = [];
    for (let stop = entered; seen.at(-1) !== 'out'; stop = await session.step({ to: 'into' })) {
      if (stop.next?.kind === 'row') seen.push(stop.next.nodeId!);
    }
    expect(seen.slice(0, 1)).toEqual(['part/rows']);
    expect(seen).toContain('part/inner/twice');
    expect(seen.indexOf('part/inner/twice')).toBeLessThan(seen.indexOf('part/large'));
    // Back to a place inside the inner one.
    await session.jump(entered.moment);
    await at('part/inner/twice', 'v = 2');
    const inner = await session.resume();
    expect(brief(inner)).toBe('part/inner/twice row [2] → 1');
    expect(inner.path.at(-1)?.nodeId).toBe('in');
    expect(inner.path.map(({ nodeId }) => nodeId)).toContain('part/rows');
    await session.setBreakpoints([]);
    // Over: past all that the row leads to, inside and behind; out: the same from one operator further up.
    const over = await session.step({ to: 'over' });
    expect(brief(over)).toBe('in source  → 1');
    await session.jump(inner.moment);
    expect(brief(await session.step({ to: 'out' }))).toBe('in source  → 1');
    // Back, into the same place.
    await session.jump(over.moment);
    await session.setBreakpoints([
      { id: 'b', mode: 'enabled', place: { type: 'node', nodeId: asNode('part/inner/twice') } },
    ]);
    expect(brief(await session.reverse())).toBe('part/inner/twice row [2] → 1');
  });

  it('hands lineage through, and its state and values are looked at inside', async () => {
    const session = await start();
    await session.setBreakpoints([
      { id: 'b', mode: 'enabled', place: { type: 'node', nodeId: asNode('part/large') }, condition: 'v = 6' },
    ]);
    await session.resume();
    expect(await session.explain()).toMatchObject({
      outcome: 'emitted',
      expressions: [{ path: 'condition', parts: [{ text: 'v >= 4', value: true }, { value: 6 }] }],
    });
    expect(await session.evaluate({ expression: 'v + 1' })).toMatchObject([{ value: 7 }, { value: 6 }]);
    await session.setBreakpoints([]);
    await session.resume();
    const rows = await session.rowsInto(asNode('out'), 10);
    expect(rows.map(({ values }) => values)).toEqual([[4], [6]]);
    const { hops, ends, exactness } = await session.lineage(rows[1]!.id, 'backward');
    expect(exactness).toBe('exact');
    expect(hops.filter(({ row }) => ends.includes(row.id)).map(({ row }) => [row.nodeId, row.values])).toEqual([
      ['in', [3]],
    ]);
    expect((await session.lineage(ends[0]!, 'forward')).ends).toContain(rows[1]!.id);
  });
});
