import { describe, expect, it } from 'vitest';
import { hasErrors } from '../core/diagnostics.ts';
import { nodeId } from '../core/ids.ts';
import { setConfig } from '../graph/index.ts';
import { explain } from './explain.ts';
import { findFakeSpec, sketch } from './fake-catalog.ts';
import { toLogicalPlan } from './logical-plan.ts';
import { planPhysical } from './planner.ts';
import { createValidator } from './validator.ts';

const { validate } = createValidator({ findSpec: findFakeSpec });

function plan(document: Parameters<typeof validate>[0]) {
  const validation = validate(document);
  expect(hasErrors(validation.diagnostics)).toBe(false);
  return planPhysical(toLogicalPlan(document, validation), { baseFolder: '/' });
}

const document = sketch(
  { s: 'source', t: ['twice', { say: 'counted by user' }, { parallelism: 3, label: 'Counts' }], k: 'sink' },
  ['s > t', 't.counts > k'],
);

describe('a composite', () => {
  it('has the shapes and the traits of what it stands for', () => {
    const { nodes, diagnostics } = validate(document);
    expect(diagnostics).toEqual([]);
    const info = nodes.get(nodeId('t'));
    expect(info?.outputs.counts?.schema.fields.map((field) => field.name)).toEqual(['user', 'count']);
    expect(info?.traits).toMatchObject({ isStateful: true, needsEventTime: true });
  });

  it('is planned as its operators, under ids of its own, with its parallelism', () => {
    expect(explain(plan(document))).toMatchInlineSnapshot(`
      "sketch: 4 operators in 4 chains, 8 tasks
      streaming, pipelined, parallelism 1, checkpoint every 10000 ms

      chain s × 1
        s: source “source”
          out: user STRING, amount BIGINT NOT NULL, ts TIMESTAMP [event time, bounded]
          rejected: user STRING, amount BIGINT NOT NULL, ts TIMESTAMP [no event time, bounded]
          → t/both.left, rebalance
          → t/both.right, broadcast

      chain t/both × 3
        t/both: join “both”
          ← s.out, rebalance
          ← s.out, broadcast
          out: user STRING, amount BIGINT NOT NULL, ts TIMESTAMP [event time, bounded]
          → t/by-key.in, hash

      chain t/by-key × 3
        t/by-key: count “by key”
          ← t/both.out, hash(user)
          out: user STRING, count BIGINT NOT NULL [event time, bounded]
          → k.in, rebalance

      chain k × 1
        k: sink “sink”
          ← t/by-key.out, rebalance
      "
    `);
  });

  it('is planned in a composite as well', () => {
    const inside = plan(sketch({ s: 'source', n: 'nested', k: 'sink' }, ['s > n', 'n.counts > k']));
    expect(inside.operators.map((operator) => operator.nodeId)).toEqual([
      's',
      'n/inner/both',
      'n/inner/by-key',
      'n/after',
      'k',
    ]);
    expect(inside.links.map(({ from, to, toPort, input }) => `${from} > ${to}.${toPort} ${input}`))
      .toMatchInlineSnapshot(`
      [
        "s > n/inner/both.left 0",
        "s > n/inner/both.right 1",
        "n/inner/both > n/inner/by-key.in 0",
        "n/inner/by-key > n/after.in 0",
        "n/after > k.in 0",
      ]
    `);
    expect(inside.composites).toMatchInlineSnapshot(`
      [
        {
          "inputs": [
            {
              "nodeId": "n/inner/both",
              "outerPort": "in",
              "port": "left",
            },
            {
              "nodeId": "n/inner/both",
              "outerPort": "in",
              "port": "right",
            },
          ],
          "label": "twice",
          "nodeId": "n",
          "outputs": [
            {
              "nodeId": "n/after",
              "outerPort": "counts",
              "port": "out",
            },
          ],
        },
      ]
    `);
  });

  it('takes the blame for its operators, where they were written', () => {
    const { diagnostics } = validate(setConfig(document, nodeId('t'), ['say'], 'counted by nobody'));
    expect(diagnostics).toEqual([
      {
        severity: 'error',
        code: 'MR1403',
        message: 'there is no field "nobody"',
        nodeId: 't',
        path: 'say',
        range: { start: 11, end: 17 },
      },
    ]);
  });

  it('finds the place through parameters', () => {
    const text = 'counted by ${who}';
    const params = { who: 'somebody' };
    const { diagnostics } = validate({
      ...setConfig(document, nodeId('t'), ['say'], text),
      settings: { ...document.settings, params },
    });
    expect(diagnostics.map(({ range }) => text.slice(range?.start, range?.end))).toEqual(['${who}']);
  });

  it('says what it cannot stand for', () => {
    const { diagnostics, nodes } = validate(setConfig(document, nodeId('t'), ['say'], 'nothing'));
    expect(diagnostics.map(({ code, path }) => [code, path])).toEqual([['MR1203', 'say']]);
    expect(nodes.get(nodeId('t'))).toMatchObject({ expansion: null, outputs: {} });
  });

  it('asks for event time where its operators do', () => {
    const { diagnostics } = validate(setConfig(document, nodeId('s'), ['time'], 'none'));
    expect(diagnostics.map(({ code, nodeId, path }) => [code, nodeId, path])).toEqual([['MR1501', 't', 'say']]);
  });

  it('is looked at again only when it or its input changed', () => {
    const before = validate(document).nodes.get(nodeId('t'));
    const moved = { ...document, nodes: document.nodes.map((node) => ({ ...node, position: { x: 9, y: 9 } })) };
    expect(validate(moved).nodes.get(nodeId('t'))).toBe(before);
  });
});
