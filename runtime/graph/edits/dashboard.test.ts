import { expect, it } from 'vitest';
import { nodeId } from '../../core/ids.ts';
import { emptyDocument } from '../document.ts';
import { parseDocument } from '../parse.ts';
import { printDocument } from '../print.ts';
import { addNode, changeId, removeNodes } from './nodes.ts';
import { arrangeTiles, placesOf, setDashboardTheme } from './dashboard.ts';

const [a, b, c] = ['a', 'b', 'c'].map(nodeId) as [
  ReturnType<typeof nodeId>,
  ReturnType<typeof nodeId>,
  ReturnType<typeof nodeId>,
];
const place = (node: typeof a, x: number, y: number) => ({ node, x, y, w: 8, h: 4 });

it('places new tiles in rows below those that have a place', () => {
  const nodes = [a, b, c].map((id) => ({ id, w: 14, h: 5 }));
  expect(placesOf({ theme: 'dark', tiles: [place(b, 16, 2)] }, nodes)).toEqual([
    { node: a, x: 0, y: 6, w: 14, h: 5 },
    place(b, 16, 2),
    { node: c, x: 0, y: 11, w: 14, h: 5 },
  ]);
});

it('keeps the document where nothing changed, and its file what did', () => {
  const document = arrangeTiles(emptyDocument('d'), [place(a, 0, 0)]);
  expect(arrangeTiles(document, [place(a, 0, 0)])).toBe(document);
  expect(setDashboardTheme(document, 'dark')).toBe(document);
  const light = setDashboardTheme(document, 'light');
  expect(parseDocument(printDocument(light)).document).toEqual(light);
  expect(printDocument(emptyDocument('d'))).not.toContain('dashboard');
});

it('follows nodes that get another id, and forgets those that go', () => {
  const { document, id } = addNode(emptyDocument('d'), { type: 'sink.dashboard', position: { x: 0, y: 0 } });
  const arranged = arrangeTiles(document, [place(id, 0, 0)]);
  const renamed = changeId(arranged, id, 'total');
  expect(renamed.ok && renamed.value.dashboard.tiles.map((tile) => tile.node)).toEqual(['total']);
  expect(removeNodes(arranged, [id]).dashboard.tiles).toEqual([]);
});
