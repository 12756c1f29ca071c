/** What Millrace is for, from a template to rows in a file. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';
import { takePictures } from './pictures.ts';
import { rowsIn } from './rows.ts';

/** A template with a document of eight nodes, and no problem in it. */
const TEMPLATE = 'Earthquakes by region';

test('a broken expression is shown at its place until it is mended', async ({ app }) => {
  const designer = new Designer(app.page);
  await designer.openTemplate(TEMPLATE);
  await designer.select('Earthquakes only');
  await designer.fillIn('Condition', "type = 'earthquake' AND magnitude > 2");

  await designer.expectProblems('1 problem');
  const message = /magnitude/;
  await expect(designer.inspector.getByRole('listitem').filter({ hasText: message })).toBeVisible();
  await expect(designer.node('Earthquakes only')).toContainText('1 error');
  const problem = designer.panel('Problems').getByRole('button', { name: message });
  await expect(problem).toContainText('Earthquakes only');

  await designer.select('Alerts');
  await problem.click();
  await expect(designer.inspector.getByRole('textbox', { name: 'Label' })).toHaveValue('Earthquakes only');
  await expect(designer.inspector.getByRole('textbox', { name: 'Condition' })).toBeFocused();

  // The rest is typed, with the field's name completed from what comes in.
  await designer.fillIn('Condition', "type = 'earthquake' AND ");
  await app.page.keyboard.type('ma');
  await app.page.getByRole('option', { name: /^mag,/ }).click();
  await app.page.keyboard.type(' > 2');
  await designer.expectProblems('No problems');
  await expect(designer.node('Earthquakes only')).not.toContainText('error');
  await expect(designer.panel('Problems')).toContainText('No problems');
});

test('an operator that was dragged into an edge takes part in the run, and everything is there after a restart', async ({
  app,
}) => {
  let designer = new Designer(app.page);
  await designer.openTemplate(TEMPLATE);
  await designer.dragOperator('Filter', await designer.middleOf('region', 'strength'));
  await expect(designer.edge('region', 'filter')).toBeAttached();
  await expect(designer.edge('filter', 'strength')).toBeAttached();
  await designer.fillIn('Label', 'Deep enough');
  await designer.fillIn('Condition', 'depth >= 10');
  await designer.expectProblems('No problems');

  await designer.runCommand('Auto layout');
  await expect(designer.toolbar.getByRole('button', { name: 'Undo: auto layout' })).toBeEnabled();

  // A preview shows rows and writes none; slow enough to be watched.
  const folder = path.join(app.workspace, 'quakes/out');
  await designer.setRunOptions({ speed: '200' });
  await designer.runCommand('Preview without writing…');
  await app.page.getByRole('dialog').getByRole('button', { name: 'Preview', exact: true }).click();
  await designer.select('Alerts');
  await expect(designer.panel('Preview').getByRole('row').nth(1)).toBeVisible();
  await designer.stop();
  expect(existsSync(folder)).toBe(false);

  await designer.toolbar.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(designer.rate('region', 'filter')).toHaveText(/^[1-9][\d.]*\/s$/);
  await designer.rate('quakes', 'earthquakes').click();
  const preview = designer.panel('Preview');
  await expect(preview.getByRole('columnheader', { name: 'mag' })).toBeVisible();
  await expect(preview.getByRole('row').nth(1)).toContainText('earthquake');

  const watermark = designer.node('Six hours by region').getByTitle(/^Watermark \d/);
  const first = await watermark.getAttribute('title');
  await expect.poll(() => watermark.getAttribute('title')).not.toBe(first);
  expect((await watermark.getAttribute('title'))! > first!, 'time goes forward').toBe(true);

  const checkpoints = await designer.openPanel('Checkpoints');
  await expect(checkpoints.getByRole('row').filter({ hasText: 'completed' }).first()).toBeVisible();
  await designer.stop();

  const statistics = await rowsIn(path.join(folder, 'statistics'));
  expect(statistics.length).toBeGreaterThan(0);
  expect(Object.keys(statistics[0]!)).toEqual(expect.arrayContaining(['region', 'quakes', 'strongest']));
  for (const alert of await rowsIn(folder)) expect(alert['depth']).toBeGreaterThanOrEqual(10);

  await app.page.keyboard.press('ControlOrMeta+s');
  await expect(app.page.getByRole('tab', { name: 'quakes', exact: true })).toBeVisible();
  designer = new Designer(await app.restart());
  await designer.openRecent('quakes/quakes.pipeline.json');
  await expect(designer.node('Deep enough')).toContainText('depth >= 10');
  await expect(designer.edge('filter', 'strength')).toBeAttached();
  await designer.expectProblems('No problems');
});

test('a run is watched in every panel of the dock, and cancelled', async ({ app }) => {
  const designer = new Designer(app.page);
  await designer.openTemplate('Click sessions');
  await designer.runWith({ speed: '1500' });

  await designer.rate('sessions', 'lasting').click();
  const preview = designer.panel('Preview');
  await expect(preview.getByRole('columnheader', { name: 'bought' })).toBeVisible();
  await expect(preview.getByRole('row').nth(5)).toContainText(/user-\d+/);
  await takePictures(app, designer);

  const watermarks = await designer.openPanel('Watermarks');
  const row = watermarks.getByRole('row').filter({ hasText: 'Sessions per user' }).first();
  await expect(row).toContainText(/2026-11-20 \d\d:\d\d:\d\d/);
  await row.click();
  await expect(designer.inspector.getByRole('region', { name: 'Right now' })).toContainText(/busy \d+ %/);

  const metrics = await designer.openPanel('Metrics');
  await expect(metrics.getByRole('figure', { name: 'Throughput' }).locator('canvas')).toBeVisible();
  await metrics.getByRole('combobox', { name: 'Metric' }).click();
  await app.page.getByRole('option', { name: 'Latency' }).click();
  await expect(metrics.getByRole('button', { name: 'Session files p99' })).toBeVisible();
  await expect(metrics.getByRole('figure', { name: 'Latency' }).locator('canvas')).toBeVisible();

  await designer.toolbar.getByRole('button', { name: 'Other ways to stop' }).click();
  await app.page.getByRole('menuitem', { name: 'Cancel without a checkpoint' }).click();
  await designer.expectState('Stopped');
  await expect(designer.inspector.getByRole('region', { name: 'Last run' })).toBeVisible();

  await app.page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Runs' }).click();
  await app.page.getByRole('button', { name: /^clicks stopped/ }).click();
  await expect(app.page.getByRole('region', { name: 'Ended' })).toContainText('speed1500');
});
