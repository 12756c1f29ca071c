/**
 * How the page keeps up with a document of 500 nodes, and with its job at full speed: the time to open, and the frames a second of panning. Not a
 * test: `MILLRACE_MEASURE=1 node build/scripts/e2e.mjs --project=measure` prints them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';

const ROWS = 20;
const COLUMNS = 25;
const PAN_MS = 2000;

/** Twenty pipelines side by side: generated rows through filters and projections into a window. */
function largeDocument(): object {
  const nodes: object[] = [];
  const edges: object[] = [];
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++) {
      const id = `n${row}_${column}`;
      nodes.push({ id, label: `Step ${row}.${column}`, position: { x: column * 300, y: row * 180 }, ...step(column) });
      if (column > 0) edges.push({ from: `n${row}_${column - 1}`, to: id });
    }
  }
  return { format: 'millrace/pipeline', version: 1, name: 'large', nodes, edges };
}

function step(column: number): object {
  if (column === COLUMNS - 1) return { type: 'sink.table', config: {} };
  if (column === COLUMNS - 2) {
    const window = { type: 'tumbling', size: '10 seconds' };
    const aggregates = [{ as: 'rows', fn: 'COUNT', expr: '*' }];
    return { type: 'aggregate.window', config: { groupBy: ['key'], window, aggregates } };
  }
  if (column > 0) return { type: 'filter', config: { condition: `key + ${column} >= 0` } };
  return {
    type: 'source.generator',
    config: {
      eventTime: { field: 'ts' },
      fields: [
        { name: 'key', type: 'BIGINT', expr: 'n % 100' },
        { name: 'ts', type: 'TIMESTAMP', expr: 'TO_TIMESTAMP_LTZ(n, 3)' },
      ],
    },
  };
}

test('a document of 500 nodes', async ({ app }) => {
  test.setTimeout(240_000);
  const { page, workspace } = app;
  await mkdir(workspace, { recursive: true });
  await writeFile(path.join(workspace, 'large.pipeline.json'), JSON.stringify(largeDocument()));
  const designer = new Designer(page);
  await page.getByRole('button', { name: 'Browse the workspace' }).click();
  const file = page.getByRole('button', { name: 'large', exact: true }).first();
  await expect(file).toBeVisible();
  const opened = await timeToOpen(page, () => file.click());
  await designer.expectProblems('No problems');
  const still = await pan(page);
  await designer.runWith({});
  await expect(designer.rate('n0_0', 'n0_1')).toHaveText(/^[1-9][\d.]*( [kM])?\/s/);
  const running = await pan(page);
  await designer.stop();
  console.table({ opened, still, running });
});

/** ms from the click to the frame in which nodes and edges are there. */
async function timeToOpen(page: Page, click: () => Promise<void>): Promise<object> {
  const ms = page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        let clickedAt = 0;
        addEventListener('click', () => (clickedAt = performance.now()), { capture: true, once: true });
        const look = (): void => {
          const isThere =
            document.querySelector('.react-flow__node') !== null &&
            document.querySelector('.react-flow__edge') !== null;
          if (clickedAt > 0 && isThere) requestAnimationFrame(() => resolve(performance.now() - clickedAt));
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
  await click();
  return { ms: Math.round(await ms) };
}

/** Frames while the canvas is moved back and forth. */
async function pan(page: Page): Promise<object> {
  const box = (await page.locator('.react-flow__pane').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const frames = page.evaluate(
    (ms) =>
      new Promise<number[]>((resolve) => {
        const times: number[] = [];
        const next = (at: number): void => {
          times.push(at);
          if (at - times[0]! < ms) requestAnimationFrame(next);
          else resolve(times.slice(1).map((time, i) => time - times[i]!));
        };
        requestAnimationFrame(next);
      }),
    PAN_MS,
  );
  let isOver = false;
  void frames.then(() => (isOver = true));
  for (let i = 0; !isOver; i++) await page.mouse.wheel(i % 80 < 40 ? 24 : -24, i % 40 < 20 ? 8 : -8);
  const steps = (await frames).sort((a, b) => a - b);
  const perSecond = (1000 * steps.length) / steps.reduce((sum, step) => sum + step, 0);
  return { framesPerSecond: Math.round(perSecond), ms: Math.round(steps[Math.floor(steps.length * 0.95)]!) };
}
