/** Finding, outlining and renaming: the way through a pipeline that somebody else has built. */
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';

test('a field is found, its operators outlined, and it is renamed everywhere in one step', async ({ app }) => {
  const designer = new Designer(app.page);
  const { page } = app;
  await designer.openTemplate('Earthquakes by region');
  await designer.canvas.click({ position: { x: 10, y: 10 } });

  await page.keyboard.press('ControlOrMeta+f');
  await page.keyboard.insertText('stateful');
  const matches = page.getByRole('list', { name: 'Matches' });
  await expect(matches.getByText('Keeps state').first()).toBeVisible();
  await page.getByRole('searchbox', { name: 'Find in the pipeline' }).fill('mag');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^1 of \d+$/)).toBeVisible();

  await page.getByRole('button', { name: 'Outline', exact: true }).click();
  const outline = page.getByRole('tree');
  await expect(outline.getByRole('treeitem')).not.toHaveCount(0);
  const filter = outline.getByRole('treeitem', { name: /Earthquakes only/ }).first();
  await filter.click();
  await expect(filter).toHaveAttribute('aria-selected', 'true');

  const input = designer.inspector.getByRole('region', { name: 'In' });
  await input.getByRole('button', { name: 'Rename mag' }).press('F2');
  const dialog = page.getByRole('dialog', { name: 'Rename a field' });
  await dialog.getByRole('textbox', { name: 'New name' }).fill('magnitude');
  await expect(dialog.getByRole('region', { name: /places? change/ })).toContainText('magnitude');
  await dialog.getByRole('button', { name: 'Rename', exact: true }).click();
  await expect(dialog).toBeHidden();
  await designer.expectProblems('No problems');
  await designer.toolbar.getByRole('button', { name: 'Undo: Rename the field mag to magnitude' }).click();
  await designer.expectProblems('No problems');
});
