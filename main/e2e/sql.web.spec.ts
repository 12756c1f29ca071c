/** A query in the graph: written, mended, run, taken apart, and told again by what it was taken apart into. */
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';

test('a query is typed, run, taken apart and put together again', async ({ app }) => {
  const { page } = app;
  const designer = new Designer(page);
  await designer.openTemplate('Click sessions');
  await designer.dragOperator('SQL', await designer.middleOf('clicks', 'perMinute'));
  await expect(designer.edge('clicks', 'sql')).toBeAttached();
  await expect(designer.edge('sql', 'perMinute')).toBeAttached();

  await designer.fillIn('Query', 'SELECT page, user, ts FROM input WHERE ');
  await page.keyboard.type('pa');
  await page.getByRole('option', { name: /^page,/ }).click();
  await page.keyboard.insertText(" LIKE '/item/%' AND nobody = 'x'");
  const { inspector } = designer;
  await expect(inspector.getByRole('listitem').filter({ hasText: 'nobody' })).toBeVisible();
  await expect(inspector.locator('.squiggly-error')).toBeVisible();
  await expect(designer.node('SQL')).toContainText('1 error');

  await designer.fillIn('Query', "SELECT page, user, ts FROM input WHERE page LIKE '/item/%'");
  await designer.expectProblems('No problems');
  await expect(inspector.locator('.squiggly-error')).toHaveCount(0);

  await designer.runWith({ speed: '1500' });
  await designer.rate('sql', 'perMinute').click();
  const preview = designer.panel('Preview');
  await expect(preview.getByRole('row').nth(5)).toContainText(/\/item\/\d+/);
  await designer.stop();

  await designer.node('SQL').click();
  await designer.runCommand('Explode into operators');
  await expect(designer.node('WHERE')).toBeVisible();
  await expect(designer.node('SELECT')).toBeVisible();
  await expect(designer.node('SQL')).toHaveCount(0);
  await designer.expectProblems('No problems');

  // Both are selected.
  await designer.runCommand('Replace by SQL operator');
  await expect(designer.node('SQL')).toContainText('WITH sql_where AS');
  await expect(designer.edge('sql', 'perMinute')).toBeAttached();
  await designer.expectProblems('No problems');
  await designer.toolbar.getByRole('button', { name: 'Undo: replace 2 nodes by SQL' }).click();
  await expect(designer.node('WHERE')).toBeVisible();
  await expect(designer.node('SQL')).toHaveCount(0);

  await designer.select('Clicks');
  await designer.runCommand('Copy as SQL');
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('“Clicks” is a source');
});
