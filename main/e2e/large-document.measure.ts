/**
 * How the page keeps up with a document of 500 nodes, and with its job at full speed: the time to open it, the frames a second of panning, the time
 * from a key to what the compiler says of it. Not a test: `MILLRACE_MEASURE=1 node build/scripts/e2e.mjs --project=measure large-document` prints them.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CDPSession, Page } from '@playwright/test';
import { Designer } from './designer.ts';
import { expect, test } from './fixtures.ts';

const ROWS = 20;
const COLUMNS = 25;
const OPENS = 5;
const PANS = 5;
/** An even number: the text ends as it began. */
const KEYS = 20;
/** Between two keys, ms: those of a fast typist. */
const KEY_PAUSE_MS = 120;
/** Turns of the wheel there and back, to both sides. */
const WHEEL_TURNS = 80;

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
  const text = JSON.stringify(largeDocument());
  for (let i = 1; i <= OPENS; i++) await writeFile(path.join(workspace, `large-${i}.pipeline.json`), text);
  const designer = new Designer(page);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const table: Record<string, Figures> = {};
  const measure = async (what: string, tries: () => Promise<readonly number[]>, worst: 'lowest' | 'highest') => {
    const before = await mainThreadMs(session);
    const values = (await tries()).toSorted((a, b) => a - b);
    const median = values[values.length >> 1]!;
    const spent = (await mainThreadMs(session)) - before;
    table[what] = {
      median: Math.round(median),
      worst: Math.round(worst === 'lowest' ? values[0]! : values.at(-1)!),
      'processor time of the page, ms a try': Math.round(spent / values.length),
    };
  };

  await page.getByRole('button', { name: 'Browse the workspace' }).click();
  await measure('open, ms', () => open(page), 'highest');
  await designer.expectProblems('No problems');
  await measure('pan, frames/s', () => pan(page), 'lowest');
  await edit(designer);
  await measure('key to diagnostic, ms', () => type(page), 'highest');
  await designer.expectProblems('No problems');
  await designer.runWith({});
  await expect(designer.rate('n0_0', 'n0_1')).toHaveText(/^[1-9][\d.]*( [kM])?\/s/);
  await measure('pan while its job runs, frames/s', () => pan(page), 'lowest');
  await edit(designer);
  await measure('key to diagnostic while its job runs, ms', () => type(page), 'highest');
  await designer.stop();
  console.table(table);
});

interface Figures {
  readonly median: number;
  readonly worst: number;
  readonly 'processor time of the page, ms a try': number;
}

/** What the page's main thread has spent: unlike the clock, hardly moved by what else the machine does. */
async function mainThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * metrics.find(({ name }) => name === 'TaskDuration')!.value;
}

/** ms from the click on each document to the frame that shows its nodes and edges. */
async function open(page: Page): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 1; i <= OPENS; i++) {
    const file = page.getByRole('button', { name: `large-${i}`, exact: true }).first();
    await expect(file).toBeVisible();
    const seen = await page.evaluateHandle(
      (name) => ({
        ms: new Promise<number>((resolve) => {
          let clickedAt = 0;
          addEventListener('click', () => (clickedAt = performance.now()), { capture: true, once: true });
          const look = (): void => {
            const isInFront = document.querySelector('.toolbar [aria-selected="true"]')?.textContent?.includes(name);
            const isThere =
              isInFront === true &&
              document.querySelector('.react-flow__node') !== null &&
              document.querySelector('.react-flow__edge') !== null;
            // The frame after this one is painted: what was found is on the screen.
            if (isThere) requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - clickedAt)));
            else requestAnimationFrame(look);
          };
          look();
        }),
      }),
      `large-${i}`,
    );
    await file.click();
    times.push(await seen.evaluate(({ ms }) => ms));
  }
  return times;
}

/** Frames a second while the canvas is moved around, back to where it was. */
async function pan(page: Page): Promise<readonly number[]> {
  const box = (await page.locator('.react-flow__pane').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const rates: number[] = [];
  for (let i = 0; i < PANS; i++) {
    const frames = await page.evaluateHandle(() => {
      const seen = { count: 0, from: performance.now(), isOver: false };
      const next = (): void => {
        seen.count++;
        if (!seen.isOver) requestAnimationFrame(next);
      };
      requestAnimationFrame(next);
      return seen;
    });
    for (let turn = 0; turn < WHEEL_TURNS; turn++) {
      const [isRight, isDown] = [turn % WHEEL_TURNS < WHEEL_TURNS / 2, turn % (WHEEL_TURNS / 2) < WHEEL_TURNS / 4];
      await page.mouse.wheel(isRight ? 24 : -24, isDown ? 8 : -8);
    }
    const rate = await frames.evaluate((seen) => {
      seen.isOver = true;
      return (1000 * seen.count) / (performance.now() - seen.from);
    });
    rates.push(rate);
  }
  return rates;
}

/** Puts the cursor behind a condition. */
async function edit(designer: Designer): Promise<void> {
  await designer.node('Step 1.3').click({ position: { x: 60, y: 12 } });
  const condition = designer.inspector.getByRole('textbox', { name: 'Condition', exact: true });
  await expect(designer.inspector.locator('.monaco-editor')).toBeVisible();
  await condition.focus();
  await designer.page.keyboard.press('ControlOrMeta+End');
}

/** ms from each key to the frame in which the status bar says what it did: one that breaks the condition, one that mends it. */
async function type(page: Page): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < KEYS; i++) {
    const breaks = i % 2 === 0;
    const seen = await page.evaluateHandle(
      (isBroken) => ({
        ms: new Promise<number>((resolve) => {
          let pressedAt = 0;
          addEventListener('keydown', () => (pressedAt = performance.now()), { capture: true, once: true });
          const observer = new MutationObserver(() => {
            const isToldBroken = document.querySelector('footer')?.textContent?.includes('No problems') === false;
            if (pressedAt === 0 || isToldBroken !== isBroken) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - pressedAt)));
          });
          observer.observe(document.querySelector('footer')!, { subtree: true, childList: true, characterData: true });
        }),
      }),
      breaks,
    );
    await page.keyboard.press(breaks ? '+' : 'Backspace');
    times.push(await seen.evaluate(({ ms }) => ms));
    await page.waitForTimeout(KEY_PAUSE_MS);
  }
  return times;
}
