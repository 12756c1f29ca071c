/** What debugging costs: a debug run against a normal one, with and without a breakpoint, and a step back. */
import { DebugSession, nodeOutside } from '../debug/index.ts';
import type { NodeId } from '../core/ids.ts';
import type { BreakpointRequest } from '../protocol/debug.ts';
import type { BenchTable, Benchmark } from './benchmark.ts';
import { medianOf, round } from './median.ts';
import { throughputDocument } from './pipelines.ts';
import { secondsOf } from './run-job.ts';

const NORMAL_ROWS = 4_000_000;
const DEBUG_ROWS = 20_000;
const STEPS_BACK = 10;

const never: BreakpointRequest = {
  id: 'never',
  place: { type: 'node', nodeId: 'kept' as NodeId },
  mode: 'enabled',
  condition: 'amount < 0',
};

export const debugging: Benchmark = {
  name: 'debugging',
  about: 'filter → project → tumbling count per key, generated rows, parallelism 1; thousand rows/s (median)',
  async run({ runs, workerFile }): Promise<BenchTable> {
    const document = (rows: number) => throughputDocument({ rows, parallelism: 1, hasText: false });
    const normal = await medianOf(
      runs,
      async () => NORMAL_ROWS / (await secondsOf(document(NORMAL_ROWS), workerFile)) / 1e3,
    );
    const debugged = async (breakpoints: readonly BreakpointRequest[]): Promise<number> =>
      medianOf(runs, async () => {
        const { session } = await start(document(DEBUG_ROWS));
        await session.setBreakpoints(breakpoints);
        const began = performance.now();
        await session.resume();
        const seconds = (performance.now() - began) / 1000;
        await session.close();
        return DEBUG_ROWS / seconds / 1e3;
      });
    const back = await medianOf(runs, async () => {
      const { session } = await start(document(DEBUG_ROWS));
      await session.resume();
      const began = performance.now();
      await session.stepBack(1);
      for (let i = 1; i < STEPS_BACK; i++) await session.stepBack(1);
      const ms = (performance.now() - began) / STEPS_BACK;
      await session.close();
      return ms;
    });
    const plain = await debugged([]);
    const conditional = await debugged([never]);
    return {
      columns: ['run', 'thousand rows/s', 'normal is faster by', 'ms'],
      rows: [
        ['normal', round(normal), 1, ''],
        ['debug', round(plain), Math.round(normal / plain), ''],
        ['debug, a condition on every row', round(conditional), Math.round(normal / conditional), ''],
        ['a step back', '', '', round(back)],
      ],
    };
  },
};

function start(document: Parameters<typeof DebugSession.start>[0]['document']): ReturnType<typeof DebugSession.start> {
  return DebugSession.start({
    document,
    folder: process.cwd(),
    options: { allowsUserCode: true },
    outside: nodeOutside(),
  });
}
