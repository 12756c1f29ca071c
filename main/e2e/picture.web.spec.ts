/** The graph as a picture: everything is in it, also what is out of sight of a document of which only that is drawn. */
import { readFile } from 'node:fs/promises';
import { expect, test } from './fixtures.ts';
import { openDocument } from './open-document.ts';

/** More than the canvas draws at once. */
const NODES = 160;

function largeDocument(): object {
  const nodes = Array.from({ length: NODES }, (_, i) => ({
    id: `n${i}`,
    label: `Step no ${i}`,
    type: i === 0 ? 'source.generator' : 'filter',
    config: i === 0 ? { fields: [{ name: 'a', type: 'BIGINT', expr: 'n' }] } : { condition: 'a >= 0' },
    position: { x: (i % 16) * 300, y: Math.floor(i / 16) * 180 },
  }));
  const edges = nodes.slice(1).map(({ id }, i) => ({ from: `n${i}`, to: id }));
  const notes = [{ id: 'note', text: 'Far **below**', position: { x: 0, y: 2000 }, width: 240, height: 80 }];
  const groups = [{ id: 'last', label: 'The last two', nodes: [`n${NODES - 2}`, `n${NODES - 1}`] }];
  return { nodes, edges, notes, groups };
}

test('a picture shows every node, note, group and edge of a large document', async ({ app }) => {
  const { page } = app;
  await openDocument(app, 'large', largeDocument());
  await expect(page.getByRole('group', { name: 'Step no 0', exact: true })).toBeVisible();
  await expect(page.getByRole('group', { name: `Step no ${NODES - 1}`, exact: true })).toBeHidden();

  await page.keyboard.press('ControlOrMeta+Shift+p');
  await page.keyboard.insertText('picture');
  await page.keyboard.press('Enter');
  const saved = page.waitForEvent('download');
  await page.getByRole('dialog').getByRole('button', { name: 'Save', exact: false }).click();
  const download = await saved;
  expect(download.suggestedFilename()).toBe('large.svg');
  const svg = await readFile(await download.path(), 'utf8');
  const missing = Array.from({ length: NODES }, (_, i) => `Step no ${i}`).filter(
    (label) => !svg.includes(`>${label}<`),
  );
  expect(missing).toEqual([]);
  // With a colour of their own: their class is not known outside of the app.
  const edges = svg.match(/<path[^>]*react-flow__edge-path[^>]*>/g) ?? [];
  expect(edges.length).toBe(NODES - 1);
  expect(edges.filter((edge) => !/stroke: rgb/.test(edge))).toEqual([]);
  expect(svg).toContain('<strong');
  expect(svg).toContain('The last two');
  expect(svg).not.toMatch(/https?:\/\/(?!www\.w3\.org)/);
  // What is out of sight is let go again.
  await expect(page.getByRole('group', { name: `Step no ${NODES - 1}`, exact: true })).toBeHidden();
});
