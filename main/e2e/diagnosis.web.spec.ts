/** The app explains a job: why a window is silent, and who causes backpressure. */
import type { AddressInfo } from 'node:net';
import { expectAccessible } from './accessibility.ts';
import { expect, test } from './fixtures.ts';
import { openDocument } from './open-document.ts';
import { slowServer } from './slow-server.ts';

function node(id: string, type: string, label: string, x: number, config: object): object {
  return { id, type, label, position: { x, y: 0 }, config };
}

const numbers = (config: object): object =>
  node('numbers', 'source.generator', 'Numbers', 0, {
    fields: [
      { name: 'n', type: 'BIGINT', expr: 'n' },
      { name: 'ts', type: 'TIMESTAMP', expr: 'TO_TIMESTAMP_LTZ(n, 3)' },
    ],
    eventTime: { field: 'ts' },
    ...config,
  });

test('a window that stays silent is explained, and the way leads to it', async ({ app }) => {
  const { page } = app;
  const nodes = [
    numbers({ rowsPerSecond: 50 }),
    node('hours', 'aggregate.window', 'Hours', 300, {
      groupBy: [],
      window: { type: 'tumbling', size: '1 hour' },
      aggregates: [{ as: 'rows', fn: 'COUNT', expr: '*' }],
    }),
    node('out', 'sink.table', 'Out', 600, {}),
  ];
  const edges = [
    { from: 'numbers', to: 'hours' },
    { from: 'hours', to: 'out' },
  ];
  const designer = await openDocument(app, 'silent', { nodes, edges });
  await designer.select('Out');
  await designer.runWith({});
  await expect(designer.rate('numbers', 'hours')).toHaveText(/^[1-9][\d.]*\/s$/);

  const preview = await designer.openPanel('Preview');
  await preview.getByRole('button', { name: 'Why is there no output?' }).click();
  const dialog = page.getByRole('dialog', { name: 'Why is there no output of “Out”?' });
  await expect(dialog.getByRole('listitem')).toContainText([
    /^The next window of “Hours” closes when event time reaches 1970-01-01 01:00:00\. It is at .* are missing\./,
  ]);
  await expectAccessible(page, 'why there is no output');
  await dialog.getByRole('button', { name: 'Show Hours' }).click();
  await expect(dialog).toBeHidden();
  await expect(designer.inspector.getByRole('textbox', { name: 'Label' })).toHaveValue('Hours');

  await designer.select('Numbers');
  await expect(designer.inspector).toContainText('This source is set to 50/s.');
  await designer.stop();
  await designer.inspector.getByRole('button', { name: 'Why is there no output?' }).click();
  await expect(page.getByRole('dialog')).toContainText('The job was stopped.');
});

test('a sink that waits for a slow server is marked as the cause of backpressure', async ({ app }) => {
  const { page } = app;
  const server = await slowServer(400);
  try {
    const { port } = server.address() as AddressInfo;
    const nodes = [
      numbers({}),
      node('even', 'filter', 'Even', 300, { condition: 'n % 2 = 0' }),
      node('send', 'sink.http', 'Send', 600, { url: `http://127.0.0.1:${port}/`, batchRows: 10, concurrency: 1 }),
    ].map((one) => ('id' in one && one.id === 'even' ? { ...one, parallelism: 2 } : one));
    const edges = [
      { from: 'numbers', to: 'even' },
      { from: 'even', to: 'send' },
    ];
    const designer = await openDocument(app, 'slow', { nodes, edges });
    await designer.runWith({});
    const mark = designer.node('Send').getByRole('button', { name: 'bottleneck: slow sink' });
    await expect(mark).toBeVisible();
    await expect(designer.canvas.getByRole('button', { name: /^bottleneck/ })).toHaveCount(1);
    await mark.hover();
    const tooltip = page.getByRole('tooltip');
    await expect(tooltip).toContainText(/It waits for the outside system \d+ % of the time\./);
    await expect(tooltip).toContainText('Allow more requests at a time');
    await mark.click();
    await expect(designer.inspector).toContainText('Causes backpressure');
    await expectAccessible(page, 'the culprit');
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
