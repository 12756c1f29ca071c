import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';

test('changes that were not saved when the app was killed are offered again', async ({ app }) => {
  let designer = new Designer(app.page);
  await designer.openTemplate('Earthquakes by region');
  await designer.select('Alerts');
  await designer.fillIn('Label', 'Siren');
  await expect(designer.node('Siren')).toBeVisible();
  await expect.poll(() => readdir(path.join(app.userData, 'recovery')).catch(() => [])).toHaveLength(1);

  designer = new Designer(await app.restart('kill'));
  await designer.openRecent('quakes/quakes.pipeline.json');
  const question = app.page.getByRole('dialog', { name: 'Unsaved changes were found' });
  await question.getByRole('button', { name: 'Restore' }).click();
  await expect(designer.node('Siren')).toBeVisible();
  await expect(app.page.getByRole('tab', { name: 'quakes, unsaved changes' })).toBeVisible();

  // Meanwhile another program writes the file: both sets of changes go together.
  const file = path.join(app.workspace, 'quakes/quakes.pipeline.json');
  await writeFile(file, (await readFile(file, 'utf8')).replace('"Earthquakes only"', '"No quarries"'));
  await app.page.getByRole('main').getByRole('button', { name: 'Compare and decide' }).click();
  const both = app.page.getByRole('dialog', { name: 'The file has changed' });
  await both.getByRole('button', { name: 'Merge both' }).click();
  await expect(designer.node('Siren')).toBeVisible();
  await expect(designer.node('No quarries')).toBeVisible();

  await designer.toolbar.getByRole('button', { name: 'Undo: merge the changed file' }).click();
  await designer.toolbar.getByRole('button', { name: 'Undo: restore unsaved changes' }).click();
  await expect(designer.node('Alerts')).toBeVisible();
});
