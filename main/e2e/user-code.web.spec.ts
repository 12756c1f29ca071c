/** Code of the user: typed with what the editor knows of it, run once it is trusted. */
import path from 'node:path';
import { expect, test } from './fixtures.ts';
import { openDocument } from './open-document.ts';
import { rowsIn } from './rows.ts';

const DOCUMENT = {
  name: 'Doubled',
  nodes: [
    {
      ...{ id: 'numbers', type: 'source.generator', label: 'Numbers', position: { x: 0, y: 0 } },
      config: { rows: 5, fields: [{ name: 'amount', type: 'DOUBLE', expr: 'CAST(n AS DOUBLE)' }] },
    },
    {
      ...{ id: 'own', type: 'process.js', label: 'Own code', position: { x: 260, y: 0 } },
      config: {
        code: '/** @type {OnRow} */\nexport function onRow(row, ctx) {\n}\n',
        outputSchema: [{ name: 'twice', type: 'DOUBLE' }],
      },
    },
    {
      ...{ id: 'out', type: 'sink.file', label: 'Out', position: { x: 520, y: 0 } },
      config: { path: 'out', format: 'jsonl' },
    },
  ],
  edges: [
    { from: 'numbers', to: 'own' },
    { from: 'own', to: 'out' },
  ],
};

test('code is completed and checked while it is typed, and runs once the workspace is trusted', async ({ app }) => {
  const { page } = app;
  const designer = await openDocument(app, 'doubled', DOCUMENT);
  await designer.select('Own code');

  // Completion: the function of the context, then the field of the row.
  const editor = designer.inspector.locator('.inspector-script .monaco-editor').first();
  await expect(editor).toBeVisible();
  await editor.locator('.view-line').nth(1).click();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  const suggestions = page.locator('.suggest-widget');
  await page.keyboard.type('ctx.em');
  // TypeScript comes in a worker of its own, which is loaded with the first code that is shown.
  await expect(async () => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+Space');
    await expect(suggestions).toContainText('emit', { timeout: 3000 });
  }).toPass();
  await page.keyboard.press('Escape');
  await page.keyboard.type('it({ twice: row.am');
  await expect(suggestions).toContainText('amount');
  await page.keyboard.press('Escape');

  // The cursor is in the line: nothing that hovers is in the way of keys.
  const emit = async (twice: string): Promise<void> => {
    await page.keyboard.press('Escape');
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.insertText(`ctx.emit({ twice: ${twice} });`);
  };

  // A mistake is marked, with what TypeScript says of it; mended, the mark goes.
  await emit('row.amounts * 2');
  // What hovers says what was known when it opened: of the text before, while the new one is being checked.
  await expect(async () => {
    await page.mouse.move(700, 20);
    await editor.getByText('amounts').first().hover();
    await expect(page.locator('.monaco-hover').first()).toContainText(
      "Property 'amounts' does not exist on type 'InputRow'",
      { timeout: 3000 },
    );
  }).toPass();
  await emit('(row.amount ?? 0) * 2');
  await expect(editor.locator('.squiggly-error')).toHaveCount(0);
  await designer.inspector.getByRole('button', { name: 'Open large' }).click();
  const large = page.getByRole('dialog', { name: 'Code' });
  await expect(large.locator('.monaco-editor').first()).toContainText('twice');
  await large.getByRole('button', { name: 'Close' }).click();

  // Refused without trust, run with it.
  const run = designer.toolbar.getByRole('button', { name: 'Run', exact: true });
  await expect(page.getByText('This pipeline has code of its own.')).toBeVisible();
  await run.click();
  const question = page.getByRole('dialog', { name: 'Do you trust the files in this workspace?' });
  await question.getByRole('button', { name: "Don't trust" }).click();
  await expect(page.getByRole('region', { name: 'Notices' })).toContainText('not trusted');
  await run.click();
  await question.getByRole('button', { name: 'Trust the workspace' }).click();
  await designer.expectState('Finished');
  const rows = await rowsIn(path.join(app.workspace, 'out'));
  expect(rows.map(({ twice }) => Number(twice)).sort((a, b) => a - b)).toEqual([0, 2, 4, 6, 8]);
  await expect(page.getByText('This pipeline has code of its own.')).toBeHidden();
});
