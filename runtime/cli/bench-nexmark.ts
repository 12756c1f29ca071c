/** `millrace bench nexmark` */
import { Option, type Command } from 'commander';
import { printTable } from '../bench/index.ts';
import { isEqual, measureQueries, queries, Verifier, type Comparison, type Query } from '../bench/nexmark/index.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { integer, queryOption } from './options.ts';
import type { CliServices } from './services.ts';

interface NexmarkOptions {
  readonly verify?: boolean;
  readonly query: readonly string[];
  readonly events?: number;
  readonly seed: number;
  readonly parallelism?: number;
  readonly runs: number;
}

/** Enough to fill windows and rankings; few enough for a reference in one piece. */
const VERIFIED_EVENTS = 200_000;
const MEASURED_EVENTS = 2_000_000;

export function addBenchNexmark(
  bench: Command,
  io: CliIo,
  { workerFile }: CliServices,
  done: (code: number) => void,
): void {
  const names = queries.map(({ name }) => name);
  bench
    .command('nexmark')
    .description("Nexmark's queries: how fast they are, or whether they give what they must")
    .option('--verify', "compare each query's result with that of a plain reference; exit with 1 where they differ")
    .addOption(queryOption(names))
    .addOption(new Option('--events <n>', 'how many events').argParser(integer(1, Number.MAX_SAFE_INTEGER)))
    .addOption(new Option('--seed <n>', 'of the events').default(1).argParser(integer(0, Number.MAX_SAFE_INTEGER)))
    .addOption(
      new Option('--parallelism <n>', 'subtasks of each operator (default: 1, then 2)').argParser(integer(1, 128)),
    )
    .addOption(
      new Option('--runs <n>', 'runs whose median counts').default(3).argParser(integer(1, Number.MAX_SAFE_INTEGER)),
    )
    .action(async (options: NexmarkOptions) => {
      const { query: wanted, seed, parallelism, runs } = options;
      const chosen = queries.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
      const parallelisms = parallelism === undefined ? [1, 2] : [parallelism];
      const onQuery = (query: Query): unknown => io.stderr.write(`${query.name} …\n`);
      if (options.verify === true) {
        const verifier = new Verifier({ events: options.events ?? VERIFIED_EVENTS, seed, workerFile });
        const results: VerifiedQuery[] = [];
        for (const query of chosen) {
          onQuery(query);
          for (const subtasks of parallelisms) {
            results.push({ query, subtasks, comparison: await verifier.verify(query, subtasks) });
          }
        }
        io.stdout.write(printComparisons(results));
        if (!results.every(({ comparison }) => isEqual(comparison))) done(EXIT.failed);
        return;
      }
      const events = options.events ?? MEASURED_EVENTS;
      const table = await measureQueries({ queries: chosen, events, seed, parallelisms, runs, workerFile, onQuery });
      io.stdout.write(`${printTable(table)}\n`);
    });
}

interface VerifiedQuery {
  readonly query: Query;
  readonly subtasks: number;
  readonly comparison: Comparison;
}

/** A table, and below it the first rows that differ. */
function printComparisons(results: readonly VerifiedQuery[]): string {
  const rows = results.map(({ query, subtasks, comparison }) => [
    query.name,
    subtasks,
    comparison.expected,
    comparison.seen,
    isEqual(comparison) ? 'equal' : 'DIFFERENT',
  ]);
  const table = printTable({ columns: ['query', 'parallelism', 'rows expected', 'rows', 'result'], rows });
  const differences = results.flatMap(({ query, subtasks, comparison: { missing, unexpected } }) => [
    ...missing.map((row) => `${query.name}, parallelism ${subtasks}: missing ${row}\n`),
    ...unexpected.map((row) => `${query.name}, parallelism ${subtasks}: unexpected ${row}\n`),
  ]);
  return `${table}\n${differences.join('')}`;
}
