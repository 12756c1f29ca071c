/** What a job keeps, and what another goes on from. The same engine in both hosts. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expectAccessible } from './accessibility.ts';
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';
import { rowsIn } from './rows.ts';

const TEMPLATE = 'Earthquakes by region';
const EXPECTED = path.resolve(import.meta.dirname, '../../templates/quakes/expected');

test('a job that was stopped with a savepoint is gone on with, and its result is that of one run', async ({ app }) => {
  const { page } = app;
  const designer = new Designer(page);
  await designer.openTemplate(TEMPLATE);
  await designer.runWith({ speed: '200' });
  await expect(designer.rate('region', 'byRegion')).toHaveText(/^[1-9][\d.]*\/s$/);
  const checkpoints = await designer.openPanel('Checkpoints');

  await designer.toolbar.getByRole('button', { name: 'Savepoint', exact: true }).click();
  const notices = page.getByRole('region', { name: 'Notices' });
  await expect(notices).toContainText(/A savepoint was taken\..*\.millrace/);
  await expect(checkpoints.getByRole('row', { name: /savepoint completed/ })).toHaveCount(1);
  await expect(designer.status.getByRole('status')).toHaveText('Running');

  await designer.toolbar.getByRole('button', { name: 'Other ways to stop' }).click();
  await page.getByRole('menuitem', { name: 'Stop with a savepoint' }).click();
  await designer.expectState('Stopped');
  await expect(notices).toContainText('The job was stopped with a savepoint.');
  await expect(checkpoints.getByRole('row', { name: /savepoint completed/ })).toHaveCount(2);
  const close = notices.getByRole('button', { name: 'Close' });
  await close.first().click();
  await close.click();

  await designer.setRunOptions({ speed: '100000' });
  await designer.toolbar.getByRole('button', { name: 'How to run' }).click();
  await page.getByRole('menuitem', { name: 'Start from savepoint or checkpoint…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Start from a savepoint or checkpoint' });
  const points = dialog.getByRole('radio', { name: /^savepoint \d+/ });
  await expect(points).toHaveCount(2);
  await expect(points.first(), 'the newest').toBeChecked();
  await expectAccessible(page, 'what to start from');
  await dialog.getByRole('button', { name: 'Start', exact: true }).click();
  await designer.expectState('Finished');
  await expect(checkpoints).toContainText(/Restored from\s*savepoint \d+/);

  const folder = path.join(app.workspace, 'quakes/out');
  const statistics = await rowsIn(path.join(folder, 'statistics'));
  expect(sorted(statistics)).toEqual(sorted(await expectedRows('statistics.jsonl')));
  expect(sorted(await rowsIn(folder, 'alerts'))).toEqual(sorted(await expectedRows('alerts.jsonl')));
});

test('a checkpoint of a job that runs is gone on with once the job was asked about', async ({ app }) => {
  const { page } = app;
  const designer = new Designer(page);
  await designer.openTemplate(TEMPLATE);
  await designer.runWith({ speed: '50' });
  const checkpoints = await designer.openPanel('Checkpoints');
  await checkpoints
    .getByRole('button', { name: /^Restore from \d+$/ })
    .first()
    .click();
  const question = page.getByRole('dialog', { name: 'A job is running' });
  await question.getByRole('button', { name: 'Let it run' }).click();
  await designer.expectState('Running');
  await checkpoints
    .getByRole('button', { name: /^Restore from \d+$/ })
    .first()
    .click();
  await question.getByRole('button', { name: 'Stop it and start' }).click();
  await expect(checkpoints).toContainText(/Restored from\s*checkpoint \d+/);
  await designer.expectState('Running');
  await designer.stop();
});

test('the settings of a pipeline are edited, told about at their field, and undone', async ({ app }) => {
  const { page } = app;
  const designer = new Designer(page);
  await designer.openTemplate(TEMPLATE);
  const { inspector } = designer;
  const memory = inspector.getByRole('textbox', { name: 'Managed memory' });
  await memory.fill('8');
  await expect(memory).toHaveAttribute('aria-invalid', 'true');
  await expect(inspector.getByRole('status')).toContainText('not in the pipeline yet');
  await expectAccessible(page, 'a setting that is not valid');
  await memory.fill('256');
  await expect(memory).not.toHaveAttribute('aria-invalid');
  await memory.blur();

  await inspector.getByRole('combobox', { name: 'State backend' }).click();
  await page.getByRole('option', { name: 'RocksDB' }).click();
  await inspector.getByRole('combobox', { name: 'Barriers' }).click();
  await page.getByRole('option', { name: 'Unaligned' }).click();
  await expect(inspector.getByRole('textbox', { name: 'Aligned time-out' })).toBeVisible();

  const undo = designer.toolbar.getByRole('button', { name: 'Undo: Change settings' });
  await undo.click();
  await expect(inspector.getByRole('textbox', { name: 'Aligned time-out' })).toHaveCount(0);
  await undo.click();
  await expect(inspector.getByRole('combobox', { name: 'State backend' })).toHaveText('Memory');
  await undo.click();
  await expect(memory).toHaveValue('2048');
  await expect(undo).toHaveCount(0);
});

async function expectedRows(name: string): Promise<Record<string, unknown>[]> {
  const text = await readFile(path.join(EXPECTED, name), 'utf8');
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

function sorted(rows: readonly Record<string, unknown>[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
