import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeId, type NodeId } from '../../core/ids.ts';
import { emptyDocument, type PipelineDocument } from '../document.ts';
import { groupPath, nodesInGroup } from '../groups.ts';
import { copyNodes, paste } from './clipboard.ts';
import { groupNodes, joinGroup, leaveGroup, setCollapsed, ungroup } from './groups.ts';
import { removeNodes } from './nodes.ts';

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(nodeId) as [NodeId, NodeId, NodeId, NodeId];
const all = [a, b, c, d];

function nodes(): PipelineDocument {
  return {
    ...emptyDocument('Test'),
    nodes: all.map((id) => ({ id, type: 't', version: 1, position: { x: 0, y: 0 }, config: {} })),
  };
}

/** `group(a b)`, `group2 in group(c)`. */
function printed({ groups }: PipelineDocument): string[] {
  return groups.map((one) => `${one.id}${one.parent === undefined ? '' : ` in ${one.parent}`}(${one.nodes.join(' ')})`);
}

describe('a group', () => {
  const inner = groupNodes(nodes(), [a, b], 'inner').document;
  const nested = groupNodes(inner, [a, b, c], 'outer').document;

  it('takes groups that lie within its nodes as they are', () => {
    expect(printed(nested)).toEqual(['group in group2(a b)', 'group2(c)']);
    expect(nodesInGroup(nested.groups, 'group2')).toEqual([a, b, c]);
  });

  it('is made within the group that its nodes are in', () => {
    expect(printed(groupNodes(nested, [b], 'x').document)).toEqual([
      'group in group2(a)',
      'group2(c)',
      'group3 in group(b)',
    ]);
  });

  it('goes around a whole group inside of the one around that', () => {
    expect(printed(groupNodes(nested, [a, b], 'x').document)).toEqual([
      'group in group3(a b)',
      'group2(c)',
      'group3 in group2()',
    ]);
  });

  it('leaves its nodes to the group around it when it is taken away', () => {
    expect(printed(ungroup(nested, 'group'))).toEqual(['group2(c a b)']);
    expect(printed(ungroup(nested, 'group2'))).toEqual(['group(a b)']);
  });

  it('is joined, and left for the one around it', () => {
    expect(printed(joinGroup(nested, 'group', [c, d]))).toEqual(['group in group2(a b c d)', 'group2()']);
    expect(joinGroup(nested, 'group2', [a])).toBe(nested);
    expect(printed(leaveGroup(nested, [a, b]))).toEqual(['group2(c a b)']);
    expect(leaveGroup(nested, [d])).toBe(nested);
  });

  it('stays while a group within has nodes, and goes with the last', () => {
    expect(printed(removeNodes(nested, [c]))).toEqual(['group in group2(a b)', 'group2()']);
    expect(printed(removeNodes(nested, [a, b, c]))).toEqual([]);
  });

  it('is copied with the groups within, and without the one around it', () => {
    const pasted = paste(nested, copyNodes(setCollapsed(nested, 'group', true), [a, b]), { x: 0, y: 0 });
    expect(pasted.ok && printed(pasted.value.document)).toEqual(['group in group2(a b)', 'group2(c)', 'group3(a2 b2)']);
    const both = paste(nodes(), copyNodes(nested, [a, b, c]), { x: 0, y: 0 });
    expect(both.ok && printed(both.value.document)).toEqual(['group in group2(a2 b2)', 'group2(c2)']);
  });

  it('may name a parent within itself without harm', () => {
    const [first, second] = nested.groups;
    expect(groupPath([first!, { ...second!, parent: 'group' }], 'group').map((one) => one.id)).toEqual([
      'group',
      'group2',
    ]);
  });
});

it('however groups are made and left, none is empty and no node is in two', () => {
  const chosen = fc.uniqueArray(fc.constantFrom(...all), { minLength: 1 });
  const step = fc.oneof(
    chosen.map((ids) => (document: PipelineDocument) => groupNodes(document, ids, '').document),
    chosen.map((ids) => (document: PipelineDocument) => leaveGroup(document, ids)),
    fc.tuple(chosen, fc.nat(5)).map(([ids, i]) => (document: PipelineDocument) => {
      const group = document.groups[i];
      return group === undefined ? document : joinGroup(document, group.id, ids);
    }),
    fc.nat(5).map((i) => (document: PipelineDocument) => ungroup(document, document.groups[i]?.id ?? '')),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), (steps) => {
      const { groups } = steps.reduce((document, change) => change(document), nodes());
      const held = groups.flatMap((group) => group.nodes);
      expect(new Set(held).size).toBe(held.length);
      for (const group of groups) {
        expect(nodesInGroup(groups, group.id)).not.toEqual([]);
        const path = groupPath(groups, group.id);
        expect(path.at(-1)?.parent).toBeUndefined();
      }
    }),
  );
});
