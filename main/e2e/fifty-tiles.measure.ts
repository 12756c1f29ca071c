/**
 * How the page of a dashboard keeps up with fifty tiles that all change five times a second. Not a test:
 * `MILLRACE_MEASURE=1 node build/scripts/e2e.mjs --project=measure fifty-tiles` prints frames a second and what the page's main thread is at work.
 */
import { expect, test } from './fixtures.ts';
import { openDocument } from './open-document.ts';

const TILES = 50;
const TRIES = 5;
const TRY_MS = 3000;

const fields = [
  { name: 'page', type: 'STRING', expr: "'page ' || CAST(n % 8 AS STRING)" },
  { name: 'value', type: 'DOUBLE', expr: 'RAND() * 100' },
  { name: 'longitude', type: 'DOUBLE', expr: 'RAND() * 360 - 180' },
  { name: 'latitude', type: 'DOUBLE', expr: 'RAND() * 140 - 70' },
  { name: 'at', type: 'TIMESTAMP', expr: 'TO_TIMESTAMP_LTZ(n * 100, 3)' },
];
const VIEWS = [
  { kind: 'number', value: 'value' },
  { kind: 'line', time: 'at', values: ['value'] },
  { kind: 'bar', category: 'page', value: 'value' },
  { kind: 'table', columns: ['page', 'value'], sortBy: 'value', key: ['page'] },
  { kind: 'gauge', value: 'value', min: 0, max: 100, warnAt: 70, alarmAt: 90 },
  { kind: 'pie', category: 'page', value: 'value' },
  { kind: 'world', longitude: 'longitude', latitude: 'latitude', value: 'value' },
];

test('a dashboard of fifty tiles', async ({ app }) => {
  test.setTimeout(180_000);
  const { page } = app;
  const config = { rowsPerSecond: 500, fields, eventTime: { field: 'at' } };
  const numbers = { id: 'numbers', type: 'source.generator', position: { x: 0, y: 0 }, config };
  const tiles = Array.from({ length: TILES }, (_, i) => ({
    id: `tile${i}`,
    type: 'sink.dashboard',
    position: { x: 300, y: i * 120 },
    config: { title: `Tile ${i}`, view: VIEWS[i % VIEWS.length] },
  }));
  const edges = tiles.map(({ id }) => ({ from: 'numbers', to: id }));
  const designer = await openDocument(app, 'tiles', { name: 'Tiles', nodes: [numbers, ...tiles], edges });
  const opened = page.context().waitForEvent('page');
  await designer.toolbar.getByRole('button', { name: 'Open dashboard' }).click();
  const wall = await opened;
  await wall.setViewportSize({ width: 1920, height: 1080 });
  await designer.runWith({});
  await expect(wall.getByRole('listitem').first()).toBeVisible();
  await wall.bringToFront();
  const session = await wall.context().newCDPSession(wall);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busySeconds = async (): Promise<number> =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')!.value;
  for (let i = 0; i < TRIES; i++) {
    const before = await busySeconds();
    const rate = await wall.evaluate(
      (ms) =>
        new Promise<number>((resolve) => {
          const from = performance.now();
          let frames = 0;
          const next = (now: number): void => {
            frames++;
            if (now - from < ms) requestAnimationFrame(next);
            else resolve((1000 * frames) / (now - from));
          };
          requestAnimationFrame(next);
        }),
      TRY_MS,
    );
    const share = (1000 * ((await busySeconds()) - before)) / TRY_MS;
    console.log(`${rate.toFixed(0)} frames/s, main thread ${(100 * share).toFixed(0)} %`);
  }
});
