import fc from 'fast-check';
import { expect, it } from 'vitest';
import { nodeId } from '../core/ids.ts';
import { propertyRuns } from '../testing/property-runs.ts';
import { diffDocuments, revertChange } from './diff.ts';
import { emptyDocument, type PipelineDocument } from './document.ts';

const config = fc.dictionary(fc.constantFrom('x', 'y'), fc.oneof(fc.nat(2), fc.array(fc.nat(1), { maxLength: 2 })), {
  maxKeys: 2,
  noNullPrototype: true,
});
const ids = fc.constantFrom(...['a', 'b', 'c', 'd'].map(nodeId));

const documents: fc.Arbitrary<PipelineDocument> = fc
  .record({
    name: fc.constantFrom('one', 'two'),
    nodes: fc.uniqueArray(
      fc.record(
        {
          id: ids,
          type: fc.constantFrom('filter', 'project'),
          version: fc.constant(1),
          label: fc.constantFrom('L', 'M'),
          position: fc.record({ x: fc.nat(9), y: fc.nat(9) }),
          config,
        },
        { requiredKeys: ['id', 'type', 'version', 'position', 'config'] },
      ),
      { selector: (node) => node.id, maxLength: 4 },
    ),
    pairs: fc.uniqueArray(fc.tuple(fc.nat(3), fc.nat(3)), { selector: ([from, to]) => `${from} ${to}`, maxLength: 4 }),
    groupOf: fc.array(fc.constantFrom('g', 'h', null), { minLength: 4, maxLength: 4 }),
    notes: fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('n', 'm'),
        text: fc.constantFrom('', 'Why'),
        position: fc.constant({ x: 0, y: 0 }),
        width: fc.nat(9),
        height: fc.nat(9),
      }),
      { selector: (note) => note.id },
    ),
    params: fc.dictionary(fc.constantFrom('p', 'q'), fc.nat(1), { noNullPrototype: true }),
  })
  .map(({ name, nodes, pairs, groupOf, notes, params }) => {
    const document = emptyDocument(name);
    return {
      ...document,
      nodes,
      edges: pairs.flatMap(([from, to]) => {
        const [a, b] = [nodes[from], nodes[to]];
        return a === undefined || b === undefined ? [] : [{ from: a.id, fromPort: 'out', to: b.id, toPort: 'in' }];
      }),
      groups: ['g', 'h']
        .map((id) => ({ id, label: id, nodes: nodes.filter((_, i) => groupOf[i] === id).map((node) => node.id) }))
        .filter((group) => group.nodes.length > 0),
      notes,
      settings: { ...document.settings, params },
    };
  });

/** Without layout: what is left has to come back. */
function plain(document: PipelineDocument): unknown {
  const by =
    <T>(key: (one: T) => string) =>
    (a: T, b: T): number =>
      key(a) < key(b) ? -1 : 1;
  const byId = by(({ id }: { readonly id: string }) => id);
  return {
    ...document,
    nodes: document.nodes.map(({ position: _position, ...node }) => node).toSorted(byId),
    edges: document.edges.toSorted(by(({ from, to }) => `${from} ${to}`)),
    notes: document.notes.map(({ id, text }) => ({ id, text })).toSorted(byId),
    groups: document.groups.map((group) => ({ ...group, nodes: group.nodes.toSorted() })).toSorted(byId),
  };
}

it('a document does not differ from itself', () => {
  fc.assert(
    fc.property(documents, (document) => {
      expect(diffDocuments(document, document)).toEqual([]);
    }),
    propertyRuns(100),
  );
});

it('taking back every change gives the older document, but for layout', () => {
  fc.assert(
    fc.property(documents, documents, (before, after) => {
      const back = diffDocuments(before, after).reduce(revertChange, after);
      expect(plain(back)).toEqual(plain(before));
      expect(diffDocuments(before, back)).toEqual([]);
    }),
    propertyRuns(300),
  );
});
