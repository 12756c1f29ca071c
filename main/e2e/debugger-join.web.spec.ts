/** Why some orders have no customer is found with the debugger alone: a join key with trailing blanks. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type { App } from './app.ts';
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';
import { openDocument } from './open-document.ts';

const ORDERS = ['order,customer,amount', '1,c1,40', '2,c2,50', '3,c3,5', '4,c2,60', ''].join('\n');
/** Who keeps the list has padded one of the keys. */
const CUSTOMERS = ['id,name', 'c1,Ada', 'c2  ,Bob', 'c3,Cem', ''].join('\n');

function open(app: App): Promise<Designer> {
  const file = (id: string, label: string, y: number, fields: readonly string[]) => ({
    id,
    type: 'source.file',
    label,
    position: { x: 0, y },
    config: {
      path: `${id}.csv`,
      format: 'csv',
      schema: fields.map((name) => ({ name, type: name === 'amount' ? 'BIGINT' : 'STRING' })),
    },
  });
  const on = [{ left: 'customer', right: 'id' }];
  const nodes = [
    file('orders', 'Orders', 0, ['order', 'customer', 'amount']),
    { id: 'large', type: 'filter', label: 'Large', position: { x: 300, y: 0 }, config: { condition: 'amount >= 10' } },
    file('customers', 'Customers', 200, ['id', 'name']),
    { id: 'named', type: 'join.stream', label: 'Named', position: { x: 600, y: 100 }, config: { on } },
    { id: 'out', type: 'sink.print', label: 'Out', position: { x: 900, y: 100 }, config: {} },
  ];
  const edges = [
    { from: 'orders', to: 'large' },
    { from: 'large', to: 'named', toPort: 'left' },
    { from: 'customers', to: 'named', toPort: 'right' },
    { from: 'named', to: 'out' },
  ];
  return openDocument(app, 'named-orders', { nodes, edges }, { 'orders.csv': ORDERS, 'customers.csv': CUSTOMERS });
}

test('why orders have no customer is found at a port and an edge, and shown again from a recording', async ({
  app,
}) => {
  const { page } = app;
  const designer = await open(app);
  const debug = page.getByRole('toolbar', { name: 'Debug' });
  const where = debug.getByRole('status');
  const move = (name: string) => debug.getByRole('button', { name, exact: true }).click();
  const panel = await designer.openPanel('Debug');
  const breakpoints = panel.getByRole('region', { name: 'Breakpoints' });
  const atPort = 'A row comes to Named by left';
  const atEdge = 'A row leaves Customers by out';

  // One at the port under the pointer, one on an edge; a reload keeps both.
  await designer.node('Named').getByRole('img', { name: 'Input Left' }).hover();
  await page.keyboard.press('F9');
  const { x, y } = await designer.middleOf('customers', 'named');
  await page.mouse.click(x, y);
  await page.keyboard.press('F9');
  await expect(breakpoints.getByRole('listitem')).toHaveCount(2);
  await page.reload();
  await designer.openRecent('named-orders.pipeline.json');
  await expect(designer.node('Named').getByRole('button', { name: `Remove: ${atPort}` })).toBeVisible();
  await designer.openPanel('Debug');
  await expect(breakpoints.getByRole('button', { name: `Remove: ${atEdge}` })).toBeVisible();

  // Orders of c2 come to the join.
  await designer.toolbar.getByRole('button', { name: 'Debug' }).click();
  await breakpoints.getByRole('textbox', { name: `Condition: ${atPort}` }).fill("customer = 'c2'");
  await breakpoints.getByRole('combobox', { name: `What it does: ${atEdge}` }).selectOption('disabled');
  await move('Continue');
  await expect(where).toContainText('Next: Named takes row');

  // A step back, at the filter: the inspector shows the values of its condition.
  await move('Step back');
  await expect(where).toContainText('Next: Large takes row');
  await designer.select('Large');
  await designer.inspector.locator('.monaco-editor').getByText('amount').hover();
  await expect(page.locator('.monaco-hover').first()).toContainText('amount >= 10 = true BOOLEAN');
  await page.keyboard.press('Escape');

  // Its customer came before, with blanks behind the key.
  await breakpoints.getByRole('combobox', { name: `What it does: ${atPort}` }).selectOption('disabled');
  await breakpoints.getByRole('combobox', { name: `What it does: ${atEdge}` }).selectOption('enabled');
  await breakpoints.getByRole('textbox', { name: `Condition: ${atEdge}` }).fill("name = 'Bob'");
  await move('Back to the breakpoint before');
  const way = panel.getByRole('region', { name: 'Its way' });
  await expect(way.getByRole('listitem').first()).toContainText('id: "c2  "');
  await way.getByRole('button', { name: 'made of' }).first().click();
  const lineage = panel.getByRole('region', { name: 'Lineage' });
  await expect(lineage).toContainText('Rows of sources (1)');
  await expect(lineage.getByRole('listitem').first()).toContainText('"c2  "');

  // What the customers gave is kept, and shows the same without them.
  await move('Continue');
  await expect(where).toContainText('At the end');
  await designer.select('Customers');
  await panel.getByText('State', { exact: true }).click();
  await panel.getByRole('button', { name: 'Record its rows' }).click();
  await expect(panel.getByRole('region', { name: 'Recordings' })).toContainText(
    'recordings/named-orders/customers.jsonl',
  );
  await move('End debugging');
  await rm(path.join(app.workspace, 'customers.csv'));
  await designer.toolbar.getByRole('button', { name: 'Debug' }).click();
  await expect(where).toContainText('After 0 steps');
  await move('Continue');
  await expect(way.getByRole('listitem').first()).toContainText('id: "c2  "');
  await move('End debugging');
});
