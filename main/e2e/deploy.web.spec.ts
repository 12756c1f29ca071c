/** A pipeline in a Flink that the test starts, watched on the canvas. Left out, and said so, where no Flink can be had. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fetchPatience, ToolMissing } from '../../runtime/comparison/cache.ts';
import { FlinkEngine } from '../../runtime/comparison/flink/flink-engine.ts';
import { expectAccessible } from './accessibility.ts';
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';

const FLINK = path.resolve(import.meta.dirname, '../../runtime/comparison/flink');
const SOURCES = ['CaptureSink.java', 'MiniFlink.java', 'pom.xml'];
const REFUSED_PORT = 'http://127.0.0.1:9';

let flink: FlinkEngine | null = null;
let missing = '';

test.beforeAll(async () => {
  test.setTimeout(fetchPatience(600) + 60_000);
  try {
    const texts = SOURCES.map((name) => [name, readFileSync(path.join(FLINK, name), 'utf8')] as const);
    flink = await FlinkEngine.start(new Map(texts));
  } catch (error) {
    if (!(error instanceof ToolMissing)) throw error;
    missing = error.message;
    console.log(`LEFT OUT: the live view of a job in a real Flink. ${missing}`);
  }
});
test.afterAll(() => flink?.stop());

test('a pipeline is deployed to Flink, watched on the canvas, left and found again', async ({ app }) => {
  test.skip(flink === null, `LEFT OUT: ${missing}`);
  test.setTimeout(120_000);
  const slow = { timeout: 30_000 };
  const { page } = app;
  const designer = new Designer(page);
  await designer.openTemplate('Click sessions');
  await page.keyboard.press('Control+Alt+F');
  const dialog = page.getByRole('dialog', { name: /Deploy .* to Flink/ });
  await expect(dialog).toContainText('Random numbers are others in every run');
  await dialog.getByRole('textbox', { name: 'SQL Gateway' }).fill(REFUSED_PORT);
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByRole('alert')).toContainText('does not answer');

  await dialog.getByRole('textbox', { name: 'SQL Gateway' }).fill(flink!.gatewayUrl);
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await expect(dialog.getByText(/Apache Flink 2\..* cluster http/)).toBeVisible(slow);
  await expectAccessible(page, 'deploying');
  await dialog.getByRole('textbox', { name: 'clicks' }).fill('400000');
  await dialog.getByRole('textbox', { name: 'speed' }).fill('500');
  await dialog.getByRole('textbox', { name: 'Folder for savepoints' }).fill(path.join(app.workspace, 'savepoints'));
  await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
  await expect(dialog).toHaveCount(0, slow);

  await designer.expectState('Running');
  await expect(designer.status).toContainText('on Flink');
  await expect(designer.rate('clicks', 'perMinute')).toHaveText(/^[1-9][\d.]*k?\/s$/i, slow);
  const checkpoints = await designer.openPanel('Checkpoints');
  await expect(checkpoints.getByRole('row', { name: /checkpoint completed/ }).first()).toBeVisible(slow);
  const watermarks = await designer.openPanel('Watermarks');
  await expect(watermarks).toContainText(/2026-11-2\d/, slow);

  await designer.toolbar.getByRole('button', { name: 'Savepoint', exact: true }).click();
  await designer.openPanel('Checkpoints');
  await expect(checkpoints.getByRole('row', { name: /savepoint completed/ })).toBeVisible(slow);

  await designer.toolbar.getByRole('button', { name: 'Other ways to stop' }).click();
  await page.getByRole('menuitem', { name: 'Detach from Flink job' }).click();
  await expect(designer.status).not.toContainText('on Flink');
  await page.keyboard.press('Control+Alt+F');
  await dialog.getByRole('button', { name: 'Test connection' }).click();
  await dialog.getByRole('button', { name: 'Attach to Click sessions' }).click(slow);
  await designer.expectState('Running');

  await designer.toolbar.getByRole('button', { name: 'Other ways to stop' }).click();
  await page.getByRole('menuitem', { name: 'Stop with a savepoint' }).click();
  await expect(designer.status.getByRole('status')).toHaveText('Stopped', slow);

  const stopped = page
    .getByRole('region', { name: 'Notices' })
    .getByText(/^file:.*savepoint-/)
    .last();
  const savepoint = await stopped.innerText();
  expect(savepoint).toContain(path.join(app.workspace, 'savepoints'));
  await page.keyboard.press('Control+Alt+F');
  await dialog.getByRole('textbox', { name: 'Start from savepoint' }).fill(savepoint);
  await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
  await dialog.getByRole('button', { name: 'Cancel deployment' }).click();
  await expect(dialog.getByRole('alert')).toContainText('The deployment was cancelled.', slow);
  await dialog.getByRole('button', { name: 'Deploy', exact: true }).click();
  await expect(dialog).toHaveCount(0, slow);
  await designer.expectState('Running');
  await designer.openPanel('Checkpoints');
  await expect(checkpoints).toContainText(/Restored from.*savepoint/s, slow);

  await designer.toolbar.getByRole('button', { name: 'Other ways to stop' }).click();
  await page.getByRole('menuitem', { name: 'Cancel without a checkpoint' }).click();
  await expect(designer.status.getByRole('status')).toHaveText('Stopped', slow);
});
