/** Rows that a source cannot read are mended in the app and read into the running job; a checkpoint's bars say where its time went. */
import path from 'node:path';
import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixtures.ts';
import { openDocument } from './open-document.ts';
import { rowsIn } from './rows.ts';

const DOCUMENT = {
  settings: { parallelism: 2, checkpoint: { intervalMs: 200 } },
  nodes: [
    {
      id: 'orders',
      type: 'source.file',
      label: 'Orders',
      position: { x: 0, y: 0 },
      config: {
        path: 'orders.csv',
        format: 'csv',
        schema: [
          { name: 'id', type: 'INT' },
          { name: 'amount', type: 'DOUBLE' },
        ],
        onError: 'reject',
        follow: true,
      },
    },
    { id: 'paid', type: 'filter', label: 'Paid', position: { x: 300, y: 0 }, config: { condition: 'amount > 0' } },
    {
      id: 'out',
      type: 'sink.file',
      label: 'Out',
      position: { x: 600, y: 0 },
      config: { path: 'out', format: 'jsonl' },
    },
  ],
  edges: [
    { from: 'orders', to: 'paid' },
    { from: 'paid', to: 'out' },
  ],
};

test('rejected rows are mended and read again, once, and checkpoints show where their time went', async ({ app }) => {
  const { page, workspace } = app;
  const orders = 'amount,id\n1.5,1\n2;2\n3;3\nfour,4\n';
  const designer = await openDocument(app, 'mending', DOCUMENT, { 'orders.csv': orders });
  await designer.runWith({});

  const rejected = await designer.openPanel('Rejected rows');
  await expect(rejected).toContainText('3 rows are kept');
  await rejected.getByRole('textbox', { name: 'Find in the texts' }).fill(';');
  await rejected.getByRole('textbox', { name: 'Replace with' }).fill(',');
  await rejected.getByRole('button', { name: 'Mend 2 rows' }).click();
  await expect(rejected).toContainText('1 row is kept');
  await rejected.getByRole('row', { name: /orders\.csv:5/ }).click();
  await rejected.getByRole('textbox', { name: 'The mended text of orders.csv:5' }).fill('4,4');
  await expectAccessible(page, 'rejected rows');
  await rejected.getByRole('button', { name: 'Mend and replay' }).click();
  await expect(rejected).toContainText('0 rows are kept');
  await expect(rejected).toContainText('3 mends stand');

  const checkpoints = await designer.openPanel('Checkpoints');
  const bar = checkpoints.getByRole('img', { name: /^start delay .*, alignment .*, sync .*, async / });
  await expect(bar.first()).toBeVisible();
  await designer.stop();
  const rows = await rowsIn(path.join(workspace, 'out'));
  expect(rows.map(({ id, amount }) => `${String(id)}: ${String(amount)}`).sort()).toEqual([
    '1: 1.5',
    '2: 2',
    '3: 3',
    '4: 4',
  ]);
});
