/** A dashboard on its own page: what a job shows there, arranging it, and what it says when rows stop coming. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expectAccessible } from './accessibility.ts';
import { engineOf } from './engine-pid.ts';
import { expect, test } from './fixtures.ts';
import { openDocument } from './open-document.ts';

const NODES = [
  {
    id: 'numbers',
    type: 'source.generator',
    position: { x: 0, y: 0 },
    config: {
      rowsPerSecond: 50,
      fields: [
        { name: 'n', type: 'BIGINT', expr: 'n' },
        { name: 'page', type: 'STRING', expr: "CASE WHEN n % 2 = 0 THEN '/even' ELSE '/odd' END" },
      ],
    },
  },
  {
    id: 'latest',
    type: 'sink.dashboard',
    label: 'Latest',
    position: { x: 300, y: 0 },
    config: { view: { kind: 'number', value: 'n' } },
  },
  {
    id: 'pages',
    type: 'sink.dashboard',
    label: 'Pages',
    position: { x: 300, y: 140 },
    config: { view: { kind: 'bar', category: 'page', value: 'n' } },
  },
];
const EDGES = [
  { from: 'numbers', to: 'latest' },
  { from: 'numbers', to: 'pages' },
];

test('a wall shows a job, is arranged, and says when rows stop coming', async ({ app }) => {
  const { page, workspace } = app;
  const file = path.join(workspace, 'wall.pipeline.json');
  const designer = await openDocument(app, 'wall', { name: 'Wall', nodes: NODES, edges: EDGES });
  const opened = page.context().waitForEvent('page');
  await designer.toolbar.getByRole('button', { name: 'Open dashboard' }).click();
  const wall = await opened;
  // Figures that roll all the time never come to rest.
  await wall.emulateMedia({ reducedMotion: 'reduce' });
  expect(new URL(wall.url()).pathname).toBe('/dashboard/wall.pipeline.json');
  await expect(wall.getByRole('heading', { name: 'Wall' })).toBeVisible();
  await expect(wall.getByText('No rows yet')).toHaveCount(2);

  await designer.runWith({});
  const live = wall.getByRole('status').filter({ hasText: 'Live' });
  const pages = wall.getByRole('region', { name: 'Pages' });
  await expect(pages.getByRole('listitem')).toHaveCount(2);
  await expect(live).toBeVisible();
  await expect(wall.getByRole('region', { name: 'Latest' }).locator('canvas')).toBeVisible();
  await expectAccessible(wall, 'a dashboard');

  // Arranged from the keyboard: kept in the file, and one step in the editor.
  await wall.getByRole('button', { name: 'Arrange' }).click();
  await pages.focus();
  await wall.keyboard.press('Shift+ArrowDown');
  await expect
    .poll(async () => JSON.parse(await readFile(file, 'utf8')).dashboard)
    .toEqual({
      tiles: [
        { node: 'latest', x: 0, y: 0, w: 6, h: 3 },
        { node: 'pages', x: 6, y: 0, w: 6, h: 6 },
      ],
    });
  await expect(designer.toolbar.getByRole('button', { name: 'Undo: read the changed file' })).toBeEnabled();
  // And by drag.
  const box = (await pages.boundingBox())!;
  await wall.mouse.move(box.x + box.width / 2, box.y + 12);
  await wall.mouse.down();
  await wall.mouse.move(box.width / 2, box.y + 40, { steps: 6 });
  await wall.mouse.up();
  await expect
    .poll(async () => JSON.parse(await readFile(file, 'utf8')).dashboard.tiles)
    .toContainEqual({ node: 'pages', x: 0, y: expect.any(Number), w: 6, h: 6 });
  await wall.getByRole('button', { name: 'Done arranging' }).click();

  process.kill(engineOf(app.hostPid), 'SIGKILL');
  await expect(wall.getByRole('alert')).toContainText(/No data since \d/);
  await expect(pages.getByRole('listitem')).toHaveCount(2);
  await designer.expectState('Failed');
  await designer.runWith({});
  await expect(wall.getByRole('alert')).toBeHidden();
  await expect(live).toBeVisible();
});
