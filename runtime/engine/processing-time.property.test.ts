/** Windows in processing time, and the timers of keys that sessions go by, under a virtual clock: killed anywhere, and restored at another parallelism. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileDocument } from '../compiler/index.ts';
import type { PhysicalPlan } from '../compiler/physical-plan.ts';
import { readDocument } from '../graph/index.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { propertyRuns } from '../testing/property-runs.ts';
import { DeterministicScheduler } from './deterministic-scheduler.ts';

const START = Date.UTC(2026, 0, 1);
const ROWS = 60;
/** Twenty rows a second of five keys: a key's rows are a quarter of a second apart. */
const ROWS_PER_SECOND = 20;
const KEYS = 5;

const WINDOWS = {
  tumbling: { type: 'tumbling', size: '700 milliseconds', time: 'processing' },
  hopping: { type: 'hopping', size: '900 milliseconds', slide: '300 milliseconds', time: 'processing' },
  cumulative: { type: 'cumulative', size: '800 milliseconds', step: '200 milliseconds', time: 'processing' },
  'short session': { type: 'session', gap: '200 milliseconds', time: 'processing' },
  'long session': { type: 'session', gap: '600 milliseconds', time: 'processing' },
} as const;
type WindowName = keyof typeof WINDOWS;
const NAMES = Object.keys(WINDOWS) as WindowName[];

/** How often a row is counted: in results that count. */
const TIMES_COUNTED: Readonly<Record<WindowName, number>> = {
  tumbling: 1,
  hopping: 3,
  cumulative: 1,
  'short session': 1,
  'long session': 1,
};

interface Result {
  readonly k: number;
  readonly window_start: string;
  readonly window_end: string;
  readonly n: number;
}

function plan(window: WindowName, parallelism: number, sink: object): PhysicalPlan {
  const node = (id: string, type: string, config: object): object => ({ id, type, position: { x: 0, y: 0 }, config });
  const { document } = readDocument({
    format: 'millrace/pipeline',
    version: 1,
    name: 'processing time',
    settings: { parallelism },
    nodes: [
      node('in', 'source.generator', {
        rows: ROWS,
        rowsPerSecond: ROWS_PER_SECOND,
        fields: [{ name: 'k', type: 'BIGINT', expr: `n % ${KEYS}` }],
      }),
      node('window', 'aggregate.window', {
        groupBy: ['k'],
        window: WINDOWS[window],
        aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }],
      }),
      { ...node('out', '', {}), ...sink },
    ],
    edges: [
      { from: 'in', to: 'window' },
      { from: 'window', to: 'out' },
    ],
    notes: [],
    groups: [],
  });
  const compiled = compileDocument(document!, { baseFolder: '/data-folder' });
  expect(compiled.diagnostics.filter((d) => d.severity === 'error')).toEqual([]);
  return compiled.plan!;
}

const TO_FILES = { type: 'sink.file', config: { path: 'out', format: 'jsonl' } };
const TO_SCREEN = { type: 'sink.print', config: {} };

function linesOf(files: MemoryFiles): readonly string[] {
  return files.list('/data-folder/out').flatMap((path) => files.text(path).split('\n').filter(Boolean));
}

interface Kill {
  readonly afterSteps: number;
  readonly parallelism: number;
  /** Until the job runs again. */
  readonly downMs: number;
}

/** What is in the files once the job has come to its end. */
async function run(window: WindowName, kills: readonly Kill[], seed: number): Promise<readonly string[]> {
  const files = new MemoryFiles();
  let restoreFrom: DeterministicScheduler['latest'] = null;
  let startAt = START;
  let parallelism = 2;
  for (const [attempt, kill] of kills.entries()) {
    const scheduler: DeterministicScheduler = new DeterministicScheduler(plan(window, parallelism, TO_FILES), {
      seed: seed + attempt,
      files,
      startAt,
      restoreFrom,
    });
    await scheduler.open();
    for (let i = 0; i < kill.afterSteps && !scheduler.isFinished; i++) {
      scheduler.step();
      if (i % 7 === 3) scheduler.triggerCheckpoint();
    }
    restoreFrom = scheduler.latest;
    startAt = scheduler.now + kill.downMs;
    parallelism = kill.parallelism;
  }
  const last = new DeterministicScheduler(plan(window, parallelism, TO_FILES), {
    seed: seed + kills.length,
    files,
    startAt,
    restoreFrom,
  });
  await last.open();
  await last.run(10);
  last.close();
  return linesOf(files);
}

function check(window: WindowName, results: readonly Result[]): void {
  const windows = results.map(({ k, window_start, window_end }) => `${k} ${window_start} ${window_end}`);
  expect(new Set(windows).size, 'a window of a key fires once').toBe(windows.length);
  const counted = results.filter(
    ({ window_start, window_end }) =>
      window !== 'cumulative' || Date.parse(window_end) - Date.parse(window_start) === 800,
  );
  const sum = counted.reduce((total, { n }) => total + n, 0);
  expect(sum, 'each row is in its windows once').toBe(ROWS * TIMES_COUNTED[window]);
}

describe('windows in processing time', () => {
  const anyKills = fc.array(
    fc.record({
      afterSteps: fc.nat(150),
      parallelism: fc.integer({ min: 1, max: 3 }),
      downMs: fc.constantFrom(0, 50, 5000),
    }),
    { maxLength: 3 },
  );

  it.each(NAMES)('count each row once, whatever happens on the way: %s', async (window) => {
    await fc.assert(
      fc.asyncProperty(anyKills, fc.nat(), async (kills, seed) => {
        const lines = await run(window, kills, seed);
        check(
          window,
          lines.map((line) => JSON.parse(line) as Result),
        );
      }),
      propertyRuns(20),
    );
  });

  it('are the same in every run of a seed', async () => {
    for (const window of NAMES) {
      const kills = [{ afterSteps: 90, parallelism: 3, downMs: 30 }];
      expect(await run(window, kills, 5)).toEqual(await run(window, kills, 5));
    }
  });

  it.each(NAMES)('fire when the clock comes to their end, not before the input ends: %s', async (window) => {
    const printed: { readonly at: number; readonly end: number }[] = [];
    const scheduler: DeterministicScheduler = new DeterministicScheduler(plan(window, 1, TO_SCREEN), {
      seed: 3,
      files: new MemoryFiles(),
      startAt: START,
      onPrint: (_node, text) => {
        for (const line of text.split('\n').filter(Boolean)) {
          printed.push({ at: scheduler.now, end: Date.parse((JSON.parse(line) as Result).window_end) });
        }
      },
    });
    await scheduler.open();
    await scheduler.run();
    const inputEnd = START + (ROWS / ROWS_PER_SECOND) * 1000 - 100;
    const before = printed.filter(({ at }) => at < inputEnd);
    expect(before.filter(({ at, end }) => at !== end)).toEqual([]);
    expect(before.length > 0).toBe(window !== 'long session');
  });
});
