/** The README's "Click counts from a CSV in five minutes", step by step as it is written there, from an empty workspace. */
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';

test('a newcomer builds click counts from a CSV', async ({ app }) => {
  const { page } = app;
  const designer = new Designer(page);
  // 1. Sample data, with its schema and a table to look at it.
  await page.getByRole('button', { name: 'With sample clicks' }).click();
  await expect(designer.node('clicks.csv')).toBeVisible();
  await designer.expectProblems('No problems');

  // 2. The count, between the two.
  await designer.dragOperator('Running aggregate', await designer.middleOf('rows', 'table'));
  await expect(designer.edge('rows', 'aggregateRunning')).toBeAttached();

  // 3. What to count, by what.
  const { inspector } = designer;
  await inspector.getByRole('combobox', { name: 'Group by' }).fill('page');
  await page.keyboard.press('Enter');
  await inspector.getByRole('textbox', { name: 'Name', exact: true }).fill('clicks');
  await designer.expectProblems('No problems');

  // 4. Run, and look.
  await designer.toolbar.getByRole('button', { name: 'Run', exact: true }).click();
  await designer.select('Table');
  const preview = await designer.openPanel('Preview');
  await expect(preview.getByRole('columnheader', { name: 'clicks' })).toBeVisible();
  await expect(preview.getByRole('row').filter({ hasText: '/home' }).first()).toBeVisible();
  await designer.stop();
});
