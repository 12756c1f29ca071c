/** Back and forth along the moments of drawn pipelines: wherever one comes from, a moment is the same to the byte. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DebugRun } from './debug-run.ts';
import type { MadeStep } from './replica.ts';
import { drawCase } from '../simulation/draw-case.ts';
import { BASE_FOLDER } from '../simulation/simulation-case.ts';
import { drawMoments, fingerprint, keptState, openRun, restoredState } from '../testing/debug-runs.ts';
import { generator, simulatedNode } from '../testing/simulated-job.ts';
import { MemoryFiles } from '../testing/memory-files.ts';
import { propertyRuns } from '../testing/property-runs.ts';

/** Fewer than most drawn jobs need, so that tests take a while only. */
const MAX_MOMENTS = 1000;

interface Journey {
  readonly document: object;
  readonly files?: Readonly<Record<string, readonly string[]>>;
  readonly subPipelines?: ReadonlyMap<string, string>;
  readonly seed: number;
  readonly schedule: 'downstream-first' | 'seeded';
}

/** Forwards to the end, then to moments of it in any order. */
async function travel({
  document,
  files: texts = {},
  subPipelines,
  seed,
  schedule,
}: Journey): Promise<DebugRun | null> {
  const files = new MemoryFiles();
  for (const [path, lines] of Object.entries(texts)) files.write(path, lines.map((line) => `${line}\n`).join(''));
  const before = files.paths();
  // Few bytes: so checkpoints thin out, and ways back are long.
  const options = { schedule, seed, checkpointEvery: 120, checkpointBytes: 20_000 };
  const run = await openRun(document, files, options, BASE_FOLDER, subPipelines);
  if (run === null) return null;
  const prints = new Map<number, string>();
  const stops = new Set(drawMoments(seed, MAX_MOMENTS, 8));
  await run.forward(({ moment }) => (stops.has(moment) || moment > MAX_MOMENTS ? 'behind' : null));
  for (;;) {
    prints.set(run.moment, fingerprint(run.present));
    expect(run.next?.error?.thrown).toBeUndefined();
    if (run.next === null || run.moment > MAX_MOMENTS) break;
    await run.forward(({ moment }) => (stops.has(moment) || moment > MAX_MOMENTS ? 'behind' : null));
  }
  const known = [...prints.keys()];
  for (const [nth, i] of drawMoments(seed + 1, known.length - 1, 8).entries()) {
    const moment = known[i]!;
    await run.moveTo(moment);
    expect(run.moment).toBe(moment);
    expect(fingerprint(run.present)).toBe(prints.get(moment));
    // A few are enough: each makes the run again three times.
    if (run.next !== null && nth < 3) await stepOnAndBack(run);
  }
  for (const moment of run.checkpoints.moments.slice(1)) await restores(run, moment);
  run.close();
  expect(files.paths()).toEqual(before);
  return run;
}

/** A step back leaves what was the present one for what comes next: that has to be what it would be. */
async function stepOnAndBack(run: DebugRun): Promise<void> {
  const { moment } = run;
  const seen = (): unknown[] => [run.moment, fingerprint(run.present), shortly(run.next)];
  expect(run.next!.moment).toBe(moment + 1);
  const here = seen();
  await run.moveTo(moment + 1);
  const on = seen();
  await run.moveTo(moment);
  expect(seen()).toEqual(here);
  await run.moveTo(moment + 1);
  expect(seen()).toEqual(on);
}

function shortly(step: MadeStep | null): unknown {
  if (step === null) return null;
  const { moment, now, call } = step;
  return [
    moment,
    now,
    call?.kind,
    call?.nodeId,
    call?.subtask,
    call?.row,
    call?.emitted.map(({ id, port }) => [id, port]),
  ];
}

/** All runs start again from the same checkpoints: what a restore lost would be lost in all of them, and not be seen by comparing them. */
async function restores(run: DebugRun, moment: number): Promise<void> {
  const checkpoint = run.checkpoints.before(moment);
  expect(checkpoint.moment).toBe(moment);
  const replica = run.replicaAt(moment);
  await replica.advanceTo(moment);
  expect(restoredState(replica)).toEqual(keptState(checkpoint));
  replica.close();
}

const ROWS = 60;

/** Of three keys, four at a time. */
function source(id: string, value: string): object {
  return generator(
    id,
    [
      ['k', 'STRING', "CONCAT('k', CAST(n % 3 AS STRING))"],
      [value, 'BIGINT', 'n'],
      ['ts', 'TIMESTAMP', "TIMESTAMP '2026-01-01 00:00:00' + (n - n % 4) * INTERVAL '0.5' SECOND"],
    ],
    { rows: ROWS, eventTime: { field: 'ts', maxOutOfOrdernessMs: 500, perRow: true } },
  );
}

/** Sources, one operator with two subtasks, a sink. */
function around(type: string, config: object): { readonly document: object; readonly type: string } {
  const isJoin = type.startsWith('join.');
  const nodes = [
    source('left', 'v'),
    ...(isJoin ? [source('right', 'w')] : []),
    simulatedNode('operator', type, config),
    simulatedNode('out', 'sink.table', {}),
  ];
  const edges = [
    { from: 'left', to: 'operator', ...(isJoin ? { toPort: 'left' } : {}) },
    ...(isJoin ? [{ from: 'right', to: 'operator', toPort: 'right' }] : []),
    { from: 'operator', to: 'out' },
  ];
  return { document: documentOf(nodes, edges), type };
}

function documentOf(nodes: readonly object[], edges: readonly object[]): object {
  const settings = { parallelism: 2 };
  return { format: 'millrace/pipeline', version: 1, name: 'journey', settings, notes: [], groups: [], nodes, edges };
}

const on = [{ left: 'k', right: 'k' }];

/** Counts under each key, and says so some time later, by either clock. */
const LATER = `
export function onRow(row, ctx) {
  const count = ctx.state.value('count');
  count.set((count.get() ?? 0) + 1);
  ctx.timers.event(ctx.eventTime + 3000);
  ctx.timers.processing(ctx.now() + 700);
}
export function onTimer(at, ctx) {
  ctx.emit({ k: ctx.key, n: ctx.state.value('count').get() });
}`;

const JOURNEYS: Readonly<
  Record<
    string,
    { readonly document: object; readonly type: string; readonly subPipelines?: ReadonlyMap<string, string> }
  >
> = {
  'a window join': around('join.window', { on, window: { type: 'tumbling', size: '4 seconds' } }),
  'an interval join': around('join.interval', { on, lowerBound: '-2 seconds', upperBound: '2 seconds' }),
  'a join of streams': around('join.stream', { on, condition: 'v <= w' }),
  'a pattern': around('pattern', {
    partitionBy: ['k'],
    pattern: 'A B',
    define: [{ variable: 'B', condition: 'v > A.v' }],
    measures: [{ as: 'a', expr: 'A.v' }],
  }),
  'timers by both clocks': around('process.js', {
    code: LATER,
    keys: ['k'],
    state: [{ name: 'count', kind: 'value', type: 'INT' }],
    outputSchema: [
      { name: 'k', type: 'STRING' },
      { name: 'n', type: 'INT' },
    ],
  }),
  'a window inside a sub-pipeline': {
    ...around('subpipeline', { path: 'part.pipeline.json' }),
    type: 'aggregate.window',
    subPipelines: new Map([
      [
        'part.pipeline.json',
        JSON.stringify(
          documentOf(
            [
              simulatedNode('in', 'subpipeline.input', {
                schema: [
                  { name: 'k', type: 'STRING' },
                  { name: 'v', type: 'BIGINT' },
                  { name: 'ts', type: 'TIMESTAMP' },
                ],
                eventTime: 'ts',
              }),
              simulatedNode('count', 'aggregate.window', {
                groupBy: ['k'],
                window: { type: 'session', gap: '3 seconds' },
                aggregates: [{ as: 'n', fn: 'COUNT', expr: '*' }],
              }),
              simulatedNode('out', 'subpipeline.output', {}),
            ],
            [
              { from: 'in', to: 'count' },
              { from: 'count', to: 'out' },
            ],
          ),
        ),
      ],
    ]),
  },
};

describe('a moment', () => {
  it.each(['downstream-first', 'seeded'] as const)(
    'is the same whichever way one comes to it (%s)',
    async (schedule) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (seed) => {
          await travel({ ...drawCase(seed), seed, schedule });
        }),
        propertyRuns(3),
      );
    },
  );

  // What drawn pipelines need not have: each with two subtasks, and more state than one checkpoint sees.
  it.each(Object.keys(JOURNEYS))('is the same with %s', async (name) => {
    const { document, type, ...journey } = JOURNEYS[name]!;
    const run = await travel({ document, ...journey, seed: 3, schedule: 'seeded' });
    const operators = run!.debug.plan.operators.filter((one) => one.type === type);
    expect(operators).toHaveLength(1);
    const { parallelism } = run!.debug.plan.chains.find(({ id }) => id === operators[0]!.nodeId)!;
    expect(parallelism).toBe(2);
    expect(run!.checkpoints.moments.length).toBeGreaterThan(1);
  });
});
