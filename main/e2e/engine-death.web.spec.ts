import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expectAccessible } from './accessibility.ts';
import { Designer } from './designer.ts';
import { engineOf } from './engine-pid.ts';
import { expect, test } from './fixtures.ts';

const EXPECTED = path.resolve(import.meta.dirname, '../../templates/quakes/expected');

test('a killed engine is reported, and the job resumes without losing or doubling a row', async ({ app }) => {
  const designer = new Designer(app.page);
  await designer.openTemplate('Earthquakes by region');
  await designer.runWith({ speed: '300' });
  const checkpoints = await designer.openPanel('Checkpoints');
  await expect(checkpoints.getByRole('row').filter({ hasText: 'completed' }).nth(1)).toBeVisible();
  process.kill(engineOf(app.hostPid), 'SIGKILL');

  await designer.expectState('Failed');
  const report = designer.panel('Log').getByRole('alert');
  await expect(report).toContainText('MR2003');
  await expect(report).toContainText('The engine process died.');
  await expectAccessible(app.page, 'a failed job');
  await report.getByRole('button', { name: /^Resume from checkpoint \d+$/ }).click();
  await designer.expectState('Running');
  await designer.expectState('Finished');

  const output = path.join(app.workspace, 'quakes/out');
  expect(await linesIn(path.join(output, 'statistics'))).toEqual(
    await linesOf(path.join(EXPECTED, 'statistics.jsonl')),
  );
  expect(await linesOf(path.join(output, 'alerts.jsonl'))).toEqual(await linesOf(path.join(EXPECTED, 'alerts.jsonl')));
});

/** Sorted: the order between subtasks is not part of the result. */
async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).split('\n').filter(Boolean).sort();
}

async function linesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
  return (await Promise.all(names.map((name) => linesOf(path.join(folder, name))))).flat().sort();
}
