/**
 * Through everything that the app does, in a window of the desktop: what the browser's specs show in detail, and the others do not show in
 * both. The document is `showcase.ts`.
 */
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixtures.ts';
import { openDocument } from './open-document.ts';
import { ORDERS, SHOWCASE } from './showcase.ts';
import { slowServer } from './slow-server.ts';

test('a pipeline is designed, watched, tested and hung on a wall', async ({ app }) => {
  test.slow();
  const { page } = app;
  const { keyboard } = page;
  const designer = await openDocument(app, 'showcase', SHOWCASE, { 'orders.csv': ORDERS });
  await designer.expectProblems('No problems');

  await test.step('languages and shortcuts', async () => {
    await designer.status.getByRole('button', { name: 'Language' }).click();
    await page.getByRole('menuitemcheckbox', { name: '简体中文' }).click();
    await expect(page.getByRole('button', { name: '运行', exact: true })).toBeVisible();
    await page.getByRole('contentinfo').getByRole('button', { name: '语言' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'English' }).click();
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('searchbox', { name: 'Find a command or keys' }).fill('add a note');
    await page.getByRole('button', { name: 'Change the keys of Add a note' }).click();
    await keyboard.press('ControlOrMeta+Alt+m');
    await designer.node('Orders').click();
    await keyboard.press('ControlOrMeta+Alt+m');
    await page.getByRole('textbox', { name: 'Text of the note, in Markdown' }).fill('**Read** me');
    await keyboard.press('Escape');
    await expect(designer.canvas.locator('strong', { hasText: 'Read' })).toBeVisible();
  });

  await test.step('a schema is inferred from a file', async () => {
    await designer.select('Orders');
    await designer.inspector.getByRole('button', { name: 'Infer from file' }).click();
    const dialog = page.getByRole('dialog', { name: 'Fields of orders.csv' });
    await expect(dialog.getByRole('row').nth(4)).toBeVisible();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
  });

  await test.step('found, outlined, renamed', async () => {
    await keyboard.press('ControlOrMeta+f');
    await page.getByRole('searchbox', { name: 'Find in the pipeline' }).fill('net');
    await expect(page.getByRole('list', { name: 'Matches' })).toContainText('Fields 1 › ');
    await page.getByRole('button', { name: 'Outline', exact: true }).click();
    await page.getByRole('treeitem', { name: /Hours/ }).first().click();
    await designer.inspector
      .getByRole('region', { name: 'In' })
      .getByRole('button', { name: 'Rename net' })
      .press('F2');
    const dialog = page.getByRole('dialog', { name: 'Rename a field' });
    await dialog.getByRole('textbox', { name: 'New name' }).fill('untaxed');
    await dialog.getByRole('button', { name: 'Rename', exact: true }).click();
    await expect(dialog).toBeHidden();
    await expect(designer.node('Fixed')).toContainText('untaxed');
  });

  await test.step('groups, sub-pipelines, and what has changed', async () => {
    await designer.runCommand('Compare with the saved file or a revision');
    const changes = designer.panel('Changes');
    await expect(changes.getByRole('listitem').filter({ hasText: 'Fixed' }).first()).toBeVisible();
    await expect(designer.node('Fixed')).toContainText('Changed');
    await changes.getByRole('button', { name: 'Take back all' }).click();
    await expect(changes).toContainText('Nothing differs');

    await page.getByRole('button', { name: 'Collapse Cleaning' }).click();
    await expect(designer.node('Paid')).toHaveCount(0);
    await page.getByRole('button', { name: 'Expand Cleaning' }).click();
    await designer.node('Turnover').click();
    await designer.runCommand('Make a sub-pipeline…');
    const dialog = page.getByRole('dialog', { name: 'Make a sub-pipeline…' });
    await dialog.getByLabel('Name').fill('Counting');
    await dialog.getByRole('button', { name: 'Make' }).click();
    await designer.node('Counting').dblclick();
    await expect(designer.node('Turnover')).toBeVisible();
    await page.getByRole('navigation', { name: 'Way to this pipeline' }).getByRole('button').click();
    await designer.expectProblems('No problems');
  });

  await test.step('watched', async () => {
    await designer.toolbar.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Trust the workspace' }).click();
    await expect(designer.rate('orders', 'paid')).toHaveText(/^[1-9][\d.]*\/s$/);
    const rejected = await designer.openPanel('Rejected rows');
    await rejected.getByRole('textbox', { name: 'Find in the texts' }).fill(';');
    await rejected.getByRole('textbox', { name: 'Replace with' }).fill(',');
    await rejected.getByRole('button', { name: /^Mend \d+ rows?$/ }).click();
    await expect(rejected).toContainText(/mends? stands?/);
    const checkpoints = await designer.openPanel('Checkpoints');
    await expect(checkpoints.getByRole('row').filter({ hasText: 'completed' }).first()).toBeVisible();
    await expect(checkpoints.getByRole('img', { name: /^start delay .*, alignment / }).first()).toBeVisible();
    const restore = checkpoints.getByRole('button', { name: /^Restore from \d+$/ }).first();
    await restore.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop it and start' }).click();
    await expect(checkpoints).toContainText(/Restored from\s*checkpoint \d+/);
    const log = await designer.openPanel('Log');
    await log.getByRole('searchbox', { name: 'Filter by text or operator' }).fill('print');
    await log
      .getByRole('button', { name: /^Print/ })
      .first()
      .click();
    await expect(designer.inspector.getByPlaceholder('Print')).toHaveValue('Print');
    const state = await designer.openPanel('State');
    await expect(state.getByRole('row').filter({ hasText: 'Hours' })).toBeVisible();
    await designer.select('Turnover by hour');
    await designer.runCommand('Why is there no output?');
    await expect(page.getByRole('dialog')).toContainText('The next window of “Hours” closes when event time reaches');
    await keyboard.press('Escape');
  });

  await designer.stop();

  await test.step('tested', async () => {
    await keyboard.press('Alt+r');
    const tests = designer.panel('Tests');
    await expect(tests.getByRole('option', { name: 'Passed orders of nothing are left out' })).toBeVisible();
    await tests.getByRole('option', { name: 'Failed net is without tax' }).click();
    const rows = tests.getByRole('region', { name: 'Rows of Fixed' }).getByRole('row');
    await expect(rows.filter({ hasText: '90' }).first()).toContainText('100');
  });

  await test.step('the culprit of backpressure', async () => {
    const server = await slowServer(400);
    try {
      await openDocument(app, 'slow', slowDocument(server.address() as AddressInfo));
      await designer.runWith({});
      await expect(designer.node('Send').getByRole('button', { name: 'bottleneck: slow sink' })).toBeVisible();
      await designer.runCommand('Cancel without a checkpoint');
      await designer.expectState('Stopped');
    } finally {
      server.closeAllConnections();
      server.close();
    }
    await page.getByRole('tab', { name: 'showcase' }).click();
  });

  await test.step('a dashboard hangs on the wall, and goes on without the editor', async () => {
    await designer.runWith({});
    const opened = app.electron!.waitForEvent('window');
    await designer.runCommand('Open dashboard');
    const wall = await opened;
    const bars = wall.getByRole('region', { name: 'Orders by region' }).getByRole('listitem');
    await expect(bars).toHaveCount(3);
    await expectAccessible(wall, 'a dashboard');
    await wall.getByRole('button', { name: 'Arrange' }).click();
    await wall.getByRole('region', { name: 'Orders by region' }).press('ArrowRight');
    await wall.getByRole('button', { name: 'Done arranging' }).click();
    const file = path.join(app.workspace, 'showcase.pipeline.json');
    await expect
      .poll(async () => JSON.parse(await readFile(file, 'utf8')).dashboard?.tiles)
      .toMatchObject([{ node: 'bars', x: 1 }]);
    await page.close();
    const shown = (await bars.first().textContent())!;
    await expect(bars.first()).not.toHaveText(shown);
    await wall.getByRole('heading', { name: 'Showcase' }).hover();
    await wall.getByRole('button', { name: 'Stop the pipeline' }).click();
    await expect(wall.getByRole('status').filter({ hasText: 'Stopped' })).toBeVisible();
  });
});

function slowDocument({ port }: AddressInfo): object {
  const fields = [{ name: 'n', type: 'BIGINT', expr: 'n' }];
  const send = { url: `http://127.0.0.1:${port}/`, batchRows: 10, concurrency: 1 };
  const nodes = [
    { id: 'numbers', type: 'source.generator', label: 'Numbers', config: { fields } },
    { id: 'send', type: 'sink.http', label: 'Send', position: { x: 300, y: 0 }, config: send },
  ];
  const edges = [{ from: 'numbers', to: 'send' }];
  return { nodes, edges };
}
