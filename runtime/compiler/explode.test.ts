import { describe, expect, it } from 'vitest';
import { hasErrors } from '../core/diagnostics.ts';
import { nodeId } from '../core/ids.ts';
import { explode, type PipelineDocument } from '../graph/index.ts';
import { findFakeSpec, sketch } from './fake-catalog.ts';
import { toLogicalPlan } from './logical-plan.ts';
import { planPhysical } from './planner.ts';
import { createValidator } from './validator.ts';

const { validate } = createValidator({ findSpec: findFakeSpec });

function planOf(document: PipelineDocument) {
  const validation = validate(document);
  expect(hasErrors(validation.diagnostics)).toBe(false);
  const { operators, links } = planPhysical(toLogicalPlan(document, validation), { baseFolder: '/' });
  const name = (id: string): string => id.replace('/', '_');
  return {
    operators: operators.map(({ nodeId, type, config, outputs }) => ({ id: name(nodeId), type, config, outputs })),
    links: links.map((link) => ({ ...link, from: name(link.from), to: name(link.to) })),
  };
}

const document = sketch(
  {
    s: 'source',
    t: ['twice', { say: 'counted by user' }, { parallelism: 2, position: { x: 100, y: 0 } }],
    k: ['sink', {}, { position: { x: 300, y: 0 } }],
  },
  ['s > t', 't.counts > k'],
);

function exploded(from: PipelineDocument) {
  const { expansion } = validate(from).nodes.get(nodeId('t'))!;
  return explode(from, nodeId('t'), expansion!.expansion, () => 1, { x: 200, y: 100 });
}

describe('a composite taken apart', () => {
  it('is planned as before', () => {
    const { document: apart, ids } = exploded(document);
    expect(ids).toEqual(['t_both', 't_by-key']);
    const [before, after] = [planOf(document), planOf(apart)];
    expect(after.operators).toEqual(before.operators);
    expect(new Set(after.links.map((link) => JSON.stringify(link)))).toEqual(
      new Set(before.links.map((link) => JSON.stringify(link))),
    );
  });

  it('makes room for what it was', () => {
    const { document: apart } = exploded(document);
    expect(apart.nodes.map(({ id, position }) => [id, position.x])).toEqual([
      ['s', 0],
      ['t_both', 100],
      ['t_by-key', 300],
      ['k', 500],
    ]);
  });

  it('takes fresh ids, and its place in groups', () => {
    const taken = {
      ...document,
      nodes: [...document.nodes, { ...document.nodes[0]!, id: nodeId('t_both') }],
      groups: [{ id: 'g', label: 'G', nodes: [nodeId('t'), nodeId('k')] }],
    };
    const { document: apart } = exploded(taken);
    expect(apart.groups[0]!.nodes).toEqual(['t_both2', 't_by-key', 'k']);
  });

  it('leaves a document without the node as it is', () => {
    const { expansion } = validate(document).nodes.get(nodeId('t'))!;
    expect(explode(document, nodeId('nobody'), expansion!.expansion, () => 1, { x: 1, y: 1 }).document).toBe(document);
  });
});
