/**
 * What two watched edges cost a job, live counters included: one job at full speed, watched every other second. Runs of their own differ by more than
 * what is measured (code is compiled otherwise, memory lies elsewhere); neighbouring seconds of one run do not.
 */
import { nodeId } from '../core/ids.ts';
import type { JobMetrics, Watch } from '../protocol/job.ts';
import type { BenchTable, Benchmark } from './benchmark.ts';
import { median, round } from './median.ts';
import { throughputDocument } from './pipelines.ts';
import { startJob } from './run-job.ts';

const WATCHES: readonly Watch[] = [
  { nodeId: nodeId('shaped'), port: 'out' },
  { nodeId: nodeId('counted'), port: 'out' },
];
/** More than a job works off meanwhile. */
const ENDLESS_ROWS = 1e12;
/** Reports of metrics that a turn takes: a second. */
const TURN_REPORTS = 2;
/** Until both kinds of turn have run what they run: all is compiled. */
const WARM_UP_TURNS = 6;
/** Seconds watched, and as many not, of each of `runs`. */
const TURNS_PER_RUN = 5;

interface Turn {
  readonly isWatched: boolean;
  /** Per million rows, by the clock. */
  readonly seconds: number;
  /** Per million rows, of all threads of the process. */
  readonly processorSeconds: number;
}

export const watching: Benchmark = {
  name: 'watching',
  about:
    'two edges watched every other second of one job, parallelism 1; ms a million rows (medians), and what a second costs more than its neighbours (median, and the middle half)',
  async run({ runs, workerFile }): Promise<BenchTable> {
    const rows: (string | number)[][] = [];
    for (const hasText of [false, true]) {
      const turns = await takeTurns(hasText, 2 * TURNS_PER_RUN * runs, workerFile);
      rows.push(
        [hasText ? 'with two strings' : 'numeric', 'clock', ...compare(turns, (turn) => turn.seconds)],
        [hasText ? 'with two strings' : 'numeric', 'processors', ...compare(turns, (turn) => turn.processorSeconds)],
      );
    }
    return { columns: ['rows', 'by', 'not watched', 'watched', 'more', 'middle half'], rows };
  },
};

async function takeTurns(hasText: boolean, count: number, workerFile: string): Promise<readonly Turn[]> {
  const document = throughputDocument({ rows: ENDLESS_ROWS, parallelism: 1, hasText });
  const turns: Turn[] = [];
  let begun: Reading | null = null;
  let isWatched = false;
  let reports = 0;
  let end: () => void;
  const isOver = new Promise<void>((resolve) => (end = resolve));
  const job = await startJob(document, workerFile, (event) => {
    if (event.type !== 'metrics' || reports++ % TURN_REPORTS !== 0) return;
    const now = read(event.metrics);
    if (begun !== null) turns.push(turnBetween(begun, now, isWatched));
    if (turns.length === WARM_UP_TURNS + count) end();
    begun = now;
    isWatched = !isWatched;
    job.watch(isWatched ? WATCHES : []);
  });
  await isOver;
  await job.cancel();
  return turns.slice(WARM_UP_TURNS);
}

interface Reading {
  readonly at: number;
  /** µs. */
  readonly processors: number;
  readonly rows: number;
}

function read({ operators }: JobMetrics): Reading {
  const source = operators.find(({ nodeId: id }) => id === 'rows')!;
  const { user, system } = process.cpuUsage();
  return { at: performance.now(), processors: user + system, rows: source.subtasks[0]!.numRecordsOut['out']! };
}

function turnBetween(from: Reading, to: Reading, isWatched: boolean): Turn {
  const millions = (to.rows - from.rows) / 1e6;
  return {
    isWatched,
    seconds: (to.at - from.at) / 1e3 / millions,
    processorSeconds: (to.processors - from.processors) / 1e6 / millions,
  };
}

function compare(turns: readonly Turn[], of: (turn: Turn) => number): (string | number)[] {
  const ms = (isWatched: boolean): number =>
    round(1e3 * median(turns.filter((turn) => turn.isWatched === isWatched).map(of)));
  // Against both neighbours: a machine that becomes slower or faster meanwhile makes no difference.
  const more = turns
    .flatMap((turn, i) => {
      const [before, after] = [turns[i - 1], turns[i + 1]];
      if (!turn.isWatched || before === undefined || after === undefined) return [];
      return [(2 * of(turn)) / (of(before) + of(after)) - 1];
    })
    .sort((a, b) => a - b);
  const quarter = more.length >> 2;
  return [
    ms(false),
    ms(true),
    percent(median(more)),
    `${percent(more[quarter]!)} to ${percent(more[more.length - 1 - quarter]!)}`,
  ];
}

function percent(share: number): string {
  return `${round(100 * share, 1)} %`;
}
