/** Test cases in the app: a preview becomes one, it runs, and a change that breaks it shows in its rows. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';

const people = [
  { name: 'ada', age: 36 },
  { name: 'bob', age: 12 },
  { name: 'cyd', age: 51 },
];
const pipeline = {
  format: 'millrace/pipeline',
  version: 1,
  name: 'Adults',
  nodes: [
    {
      id: 'people',
      type: 'source.file',
      label: 'People',
      position: { x: 0, y: 0 },
      config: {
        path: 'people.jsonl',
        format: 'jsonl',
        rowsPerSecond: 4,
        schema: [
          { name: 'name', type: 'STRING' },
          { name: 'age', type: 'INT' },
        ],
      },
    },
    { id: 'adults', type: 'filter', label: 'Adults', position: { x: 300, y: 0 }, config: { condition: 'age >= 18' } },
    {
      id: 'letter',
      type: 'project',
      label: 'Letter',
      position: { x: 600, y: 0 },
      config: { keepAll: true, fields: [{ as: 'dear', expr: "'Dear ' || name" }] },
    },
    { id: 'out', type: 'sink.table', label: 'Letters', position: { x: 900, y: 0 }, config: {} },
  ],
  edges: [
    { from: 'people', to: 'adults' },
    { from: 'adults', to: 'letter' },
    { from: 'letter', to: 'out' },
  ],
};

test('a preview is saved as a test, passes, and shows which rows a change breaks', async ({ app }) => {
  const { page, workspace } = app;
  const designer = new Designer(page);
  await mkdir(workspace, { recursive: true });
  await writeFile(path.join(workspace, 'people.jsonl'), people.map((row) => `${JSON.stringify(row)}\n`).join(''));
  await writeFile(path.join(workspace, 'adults.pipeline.json'), JSON.stringify(pipeline));
  await page.getByRole('button', { name: 'Pipelines' }).click();
  await page
    .getByRole('button', { name: /adults/ })
    .first()
    .click();

  await designer.node('Letter').click();
  await designer.runCommand('Run');
  const preview = await designer.openPanel('Preview');
  await expect(preview.getByRole('row')).toHaveCount(3);
  await designer.expectState('Finished');
  await preview.getByRole('button', { name: 'Save as a test' }).click();

  const tests = designer.panel('Tests');
  await expect(tests.getByRole('option', { name: 'Passed Preview of Letter' })).toBeVisible();
  await expect(tests.getByLabel('dear, row 2', { exact: true })).toHaveValue('Dear cyd');
  await expect(tests.getByLabel('age, row 2', { exact: true }).first()).toHaveValue('12');

  await designer.select('Adults');
  await designer.fillIn('Condition', 'age < 40');
  await expect(tests.getByText('changed since')).toBeVisible();
  await page.keyboard.press('Alt+R');
  await expect(tests.getByRole('option', { name: 'Failed Preview of Letter' })).toBeVisible();
  const rows = tests.getByRole('region', { name: 'Rows of Letter' }).getByRole('row');
  await expect(rows).toContainText([/Compared/, /unexpected.*Dear bob/, /missing.*Dear cyd/]);

  await tests.getByRole('button', { name: 'Take what came as expected' }).click();
  await expect(tests.getByRole('option', { name: 'Passed Preview of Letter' })).toBeVisible();
});
