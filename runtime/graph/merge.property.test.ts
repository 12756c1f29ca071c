import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeId } from '../core/ids.ts';
import { propertyRuns } from '../testing/property-runs.ts';
import { emptyDocument, type PipelineDocument } from './document.ts';
import { mergeDocuments } from './merge.ts';
import { connect } from './edits/edges.ts';
import { addNode, removeNodes, setConfig, setLabel } from './edits/nodes.ts';

const node = (id: string): PipelineDocument['nodes'][number] => ({
  id: nodeId(id),
  type: 'filter',
  version: 1,
  position: { x: 0, y: 0 },
  config: { condition: 'a > 1', other: 1 },
});
const BASE: PipelineDocument = {
  ...emptyDocument('Base'),
  nodes: ['a', 'b', 'c'].map(node),
  edges: [{ from: nodeId('a'), fromPort: 'out', to: nodeId('b'), toPort: 'in' }],
};

type Edit = (document: PipelineDocument) => PipelineDocument;
const ids = fc.constantFrom('a', 'b', 'c').map(nodeId);
const edits: fc.Arbitrary<Edit> = fc
  .array(
    fc.oneof<fc.Arbitrary<Edit>[]>(
      fc.tuple(ids, fc.nat(9)).map(
        ([id, n]) =>
          (document) =>
            setConfig(document, id, ['condition'], `a > ${n}`),
      ),
      ids.map((id) => (document) => setLabel(document, id, 'Label')),
      ids.map((id) => (document) => removeNodes(document, [id])),
      fc.tuple(ids, ids).map(
        ([from, to]) =>
          (document) =>
            connect(document, { from, to }),
      ),
      fc.constant<Edit>((document) => addNode(document, { type: 'union', position: { x: 1, y: 1 } }).document),
      fc.string().map((name) => (document) => ({ ...document, name })),
    ),
    { maxLength: 4 },
  )
  .map((all) => (document) => all.reduce((changed, one) => one(changed), document));

function inOrder(document: PipelineDocument): unknown {
  const byText = <T>(list: readonly T[]): readonly string[] => list.map((one) => JSON.stringify(one)).toSorted();
  return { ...document, nodes: byText(document.nodes), edges: byText(document.edges) };
}

describe('mergeDocuments', () => {
  it('takes what only one side changed', () => {
    fc.assert(
      fc.property(edits, (change) => {
        const known = (document: PipelineDocument): PipelineDocument => ({
          ...document,
          edges: document.edges.filter(({ from, to }) =>
            [from, to].every((id) => document.nodes.some((n) => n.id === id)),
          ),
        });
        const changed = known(change(BASE));
        for (const merged of [mergeDocuments(BASE, changed, BASE), mergeDocuments(BASE, BASE, changed)]) {
          expect(inOrder(merged.document)).toEqual(inOrder(changed));
          expect(merged.conflicts).toEqual([]);
        }
      }),
      propertyRuns(100),
    );
  });

  it('joins changes of both within one node, and names what both changed', () => {
    const mine = setConfig(setLabel(BASE, nodeId('a'), 'Mine'), nodeId('b'), ['condition'], 'a > 2');
    const theirs = setConfig(setConfig(BASE, nodeId('a'), ['other'], 2), nodeId('b'), ['condition'], 'a > 3');
    const { document, conflicts } = mergeDocuments(BASE, mine, removeNodes(theirs, [nodeId('c')]));
    expect(document.nodes.map(({ id, label, config }) => [id, label, config])).toEqual([
      ['a', 'Mine', { condition: 'a > 1', other: 2 }],
      ['b', undefined, { condition: 'a > 2', other: 1 }],
    ]);
    expect(conflicts).toEqual(['nodes.b.config.condition']);
  });
});
