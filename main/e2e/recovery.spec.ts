import { readdir } from 'node:fs/promises';
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

  await designer.toolbar.getByRole('button', { name: 'Undo: restore unsaved changes' }).click();
  await expect(designer.node('Alerts')).toBeVisible();
});
