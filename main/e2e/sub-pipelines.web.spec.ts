/** Nodes put in a group, folded, made a sub-pipeline, jumped into and back out of; what it came to beside the saved file, and taken back. */
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';

test('a part of a pipeline becomes a group, then a sub-pipeline; the differences tell', async ({ app }) => {
  const { page } = app;
  const designer = new Designer(page);
  await designer.openTemplate('Click sessions');
  const picture = async (name: string): Promise<void> => {
    const folder = process.env['MILLRACE_LOOK'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  await page.locator('.react-flow__node[data-id="perMinute"]').click();
  await page.keyboard.press('ControlOrMeta+g');
  await page.getByRole('textbox', { name: 'Name of the group' }).fill('Counting');
  await page.keyboard.press('Enter');
  await expect(designer.node('Group Counting')).toBeVisible();
  await picture('group');
  await page.getByRole('button', { name: 'Collapse Counting' }).click();
  await expect(page.locator('.react-flow__node[data-id="perMinute"]')).toHaveCount(0);
  await expect(designer.node('Group Counting')).toContainText('1 operator');
  await picture('collapsed');
  await page.getByRole('button', { name: 'Expand Counting' }).click();

  await page.locator('.react-flow__node[data-id="perMinute"]').click();
  await page.locator('.react-flow__node[data-id="perMinute"]').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Make a sub-pipeline…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Make a sub-pipeline…' });
  await dialog.getByLabel('Name').fill('Per minute');
  await dialog.getByRole('button', { name: 'Make' }).click();
  await expect(designer.node('Per minute')).toBeVisible();
  // A test case of the template looks at the node that went.
  await designer.expectProblems('1 problem');

  await designer.runCommand('Compare with the saved file or a revision');
  const changes = page.getByRole('tabpanel', { name: 'Changes' });
  await expect(changes.getByRole('listitem').first()).toBeVisible();
  await expect(designer.node('Per minute')).toContainText('Added');
  await picture('diff');

  await designer.node('Per minute').dblclick();
  await expect(page.getByRole('navigation', { name: 'Way to this pipeline' })).toBeVisible();
  await expect(designer.node('in')).toBeVisible();
  await picture('inside');
  await page.getByRole('navigation', { name: 'Way to this pipeline' }).getByRole('button').click();
  await expect(designer.node('Per minute')).toBeVisible();

  await changes.getByRole('button', { name: 'Take back all' }).click();
  await expect(changes).toContainText('Nothing differs');
  await expect(page.locator('.react-flow__node[data-id="perMinute"]')).toBeVisible();
  await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Settings' }).click();
  await picture('settings');
});
