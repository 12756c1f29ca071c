/** What debugging costs: a debug run against a normal one, the way back in a long session, and what a session that stands still costs others. */
import { memoryUsage } from 'node:process';
import { DebugSession, nodeOutside } from '../debug/index.ts';
import { seededRandom } from '../core/random.ts';
import type { NodeId } from '../core/ids.ts';
import type { PipelineDocument } from '../graph/index.ts';
import type { BreakpointRequest } from '../protocol/debug.ts';
import type { BenchTable, Benchmark } from './benchmark.ts';
import { median, medianOf, round } from './median.ts';
import { countDocument, throughputDocument } from './pipelines.ts';
import { secondsOf } from './run-job.ts';

const NORMAL_ROWS = 4_000_000;
const DEBUG_ROWS = 20_000;
const SESSION_ROWS = 100_000;
const WAYS_BACK = 40;

const never: BreakpointRequest = {
  id: 'never',
  place: { type: 'node', nodeId: 'kept' as NodeId },
  mode: 'enabled',
  condition: 'amount < 0',
};

const narrow = (rows: number): PipelineDocument => throughputDocument({ rows, parallelism: 1, hasText: false });

export const debugging: Benchmark = {
  name: 'debugging',
  about: 'filter → project → tumbling count per key, generated rows, parallelism 1; medians',
  async run({ runs, workerFile }): Promise<BenchTable> {
    const normal = async (): Promise<number> => NORMAL_ROWS / (await secondsOf(narrow(NORMAL_ROWS), workerFile)) / 1e3;
    // In turn, so that what else the machine does meets both.
    const alone: number[] = [];
    const beside: number[] = [];
    for (let i = 0; i < runs; i++) {
      alone.push(await normal());
      const session = await start(narrow(DEBUG_ROWS));
      await session.step({ to: 'row' }, 1000);
      beside.push(await normal());
      await session.close();
    }
    const plain = await medianOf(runs, () => throughputOf([]));
    const conditional = await medianOf(runs, () => throughputOf([never]));
    const run = (name: string, value: number) =>
      [name, round(value), round(median(alone) / value, 1), '', '', ''] as const;
    return {
      columns: ['run', 'thousand rows/s', 'normal is faster by', 'ms', 'worst ms', 'MiB'],
      rows: [
        run('normal', median(alone)),
        run('normal, beside a session that stands still', median(beside)),
        run('debug', plain),
        run('debug, a condition on every row', conditional),
        ...(await waysBack('100,000 rows', narrow(SESSION_ROWS))),
        ...(await waysBack(
          '100,000 rows, all fired at once',
          countDocument({ rows: SESSION_ROWS, keys: SESSION_ROWS }),
        )),
      ],
    };
  },
};

async function throughputOf(breakpoints: readonly BreakpointRequest[]): Promise<number> {
  const session = await start(narrow(DEBUG_ROWS));
  await session.setBreakpoints(breakpoints);
  const began = performance.now();
  await session.resume();
  const seconds = (performance.now() - began) / 1000;
  await session.close();
  return DEBUG_ROWS / seconds / 1e3;
}

/** Of a session at its end: steps back from there, and from moments all over it; and what the session takes in memory. */
async function waysBack(name: string, document: PipelineDocument): Promise<readonly (readonly (string | number)[])[]> {
  const before = usedBytes();
  const session = await start(document);
  const { moment: end } = await session.resume();
  const mebibytes = (usedBytes() - before) / 2 ** 20;
  const back = await times(() => session.stepBack());
  const random = seededRandom(1);
  const anywhere = await times(async () => {
    await session.jump(1 + Math.floor(random() * (end - 1)));
    await session.stepBack();
  });
  await session.close();
  const line = (what: string, ms: readonly number[], memory: number | '') =>
    [`${what}, ${name}`, '', '', round(median(ms)), round(Math.max(...ms)), memory] as const;
  return [
    line('a step back from the end', back, round(mebibytes)),
    line('to any moment, and a step back', anywhere, ''),
  ];
}

async function times(go: () => Promise<unknown>): Promise<readonly number[]> {
  const found: number[] = [];
  for (let i = 0; i < WAYS_BACK; i++) {
    const began = performance.now();
    await go();
    found.push(performance.now() - began);
  }
  return found;
}

function usedBytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = memoryUsage();
  return heapUsed + arrayBuffers;
}

async function start(document: PipelineDocument): Promise<DebugSession> {
  const { session } = await DebugSession.start({
    document,
    folder: process.cwd(),
    options: { allowsUserCode: true },
    outside: nodeOutside(),
  });
  return session;
}
