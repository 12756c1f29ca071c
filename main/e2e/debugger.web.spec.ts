/** A fault in a pipeline is found with nothing but the debugger: breakpoints, steps back, where a row came from. */
import { expectAccessible } from './accessibility.ts';
import type { App } from './app.ts';
import type { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';
import { openDocument } from './open-document.ts';

/** Device b writes its times in seconds: to a window they are of January 1970, and late. */
const READINGS = [
  'device,at,celsius',
  ...Array.from({ length: 6 }, (_, i) => {
    const ms = Date.UTC(2026, 0, 1) + i * 20_000;
    return `a,${ms},${20 + i}\nb,${ms / 1000},${30 + i}`;
  }),
  '',
].join('\n');

function open(app: App): Promise<Designer> {
  const source = {
    path: 'readings.csv',
    format: 'csv',
    schema: [
      { name: 'device', type: 'STRING' },
      { name: 'at', type: 'TIMESTAMP' },
      { name: 'celsius', type: 'DOUBLE' },
    ],
    eventTime: { field: 'at', perRow: true },
  };
  const window = {
    groupBy: ['device'],
    window: { type: 'tumbling', size: '1 minute' },
    aggregates: [{ as: 'mean', fn: 'AVG', expr: 'celsius' }],
  };
  const nodes = [
    { id: 'readings', type: 'source.file', label: 'Readings', position: { x: 0, y: 0 }, config: source },
    {
      id: 'warm',
      type: 'filter',
      label: 'Warm',
      position: { x: 300, y: 0 },
      config: { condition: 'celsius + 1 > 20.5' },
    },
    { id: 'minutes', type: 'aggregate.window', label: 'Minutes', position: { x: 600, y: 0 }, config: window },
    { id: 'out', type: 'sink.print', label: 'Out', position: { x: 900, y: 0 }, config: {} },
  ];
  const edges = [
    { from: 'readings', to: 'warm' },
    { from: 'warm', to: 'minutes' },
    { from: 'minutes', to: 'out' },
  ];
  return openDocument(app, 'readings', { nodes, edges }, { 'readings.csv': READINGS });
}

test('why a device has no results is found by breakpoints, steps back and lineage', async ({ app }) => {
  const { page } = app;
  const designer = await open(app);
  const where = page.getByRole('toolbar', { name: 'Debug' }).getByRole('status');
  const move = (name: string) =>
    page.getByRole('toolbar', { name: 'Debug' }).getByRole('button', { name, exact: true });

  await designer.select('Minutes');
  await page.keyboard.press('F9');
  await designer.toolbar.getByRole('button', { name: 'Debug' }).click();
  const panel = await designer.openPanel('Debug');
  await expect(where).toHaveText('After 0 steps. Next: Readings looks for a row');
  await panel.getByRole('textbox', { name: 'Condition: A row comes to Minutes' }).fill("device = 'b'");
  await page.keyboard.press('Enter');
  await move('Continue').click();

  // The row at hand: its time is of 1970.
  await expect(where).toContainText('Next: Minutes takes row');
  const row = panel.getByRole('region', { name: 'Row at hand' });
  await expect(row).toContainText('late');
  await expect(row.getByRole('row', { name: /^at / })).toContainText('1970-01-21');
  const way = panel.getByRole('region', { name: 'Its way' });
  await expect(way.getByRole('listitem').first()).toContainText('device: "b"');
  await expectAccessible(page, 'debugger');

  // A step back stands at the filter, with the value of each part of its condition.
  await move('Step back').click();
  await expect(where).toContainText('Next: Warm takes row');
  await expect(row.getByRole('row', { name: 'celsius + 1 31 DOUBLE' })).toBeVisible();
  await move('Step into').click();
  await expect(where).toContainText('Next: Minutes takes row');

  // What it was made of: the row of the file, before any operator.
  await way.getByRole('button', { name: 'made of' }).first().click();
  const lineage = panel.getByRole('region', { name: 'Lineage' });
  await expect(lineage).toContainText('Rows of sources (1)');
  await expect(lineage.getByRole('listitem').first()).toContainText('at: 1970-01-21');
  await lineage.getByRole('button', { name: 'Close' }).click();

  // Watched, and at any moment of the timeline.
  await panel.getByRole('textbox', { name: 'Expression over the row' }).fill('UPPER(device)');
  await page.keyboard.press('Enter');
  await expect(panel.getByRole('region', { name: 'Watch' })).toContainText('UPPER(device)"B"');
  await page.keyboard.press('F5');
  await expect(where).toContainText('Next: Minutes takes row');
  await page.keyboard.press('Alt+F5');
  await expect(where).toContainText('Next: Minutes takes row');
  await panel.getByRole('slider', { name: 'Go to a moment' }).fill('0');
  await expect(where).toHaveText('After 0 steps. Next: Readings looks for a row');

  // Only device a comes to the sink.
  await designer.node('Out').click();
  await panel.getByRole('button', { name: 'Remove: A row comes to Minutes' }).click();
  await move('Continue').click();
  await expect(where).toContainText('At the end');
  await expect(way).toContainText('device: "a"');
  await expect(way).not.toContainText('device: "b"');
  await move('End debugging').click();
  await expect(page.getByRole('toolbar', { name: 'Debug' })).toBeHidden();
});
