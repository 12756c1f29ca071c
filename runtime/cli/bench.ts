/** `millrace bench [NAME]` */
import { Option, type Command } from 'commander';
import { benchmarks, printTable } from '../bench/index.ts';
import { benchAgainst, engineNames, measuredQueries, type AgainstChoices } from './bench-against.ts';
import { addBenchNexmark } from './bench-nexmark.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { integer, queryOption } from './options.ts';
import type { CliServices } from './services.ts';

type BenchOptions = Omit<AgainstChoices, 'against'> & Partial<Pick<AgainstChoices, 'against'>>;

export function addBench(program: Command, io: CliIo, services: CliServices, done: (code: number) => void): void {
  const bench = program.command('bench');
  bench
    .description('measure this machine: each figure is a median, with a peer of the same run')
    .enablePositionalOptions()
    .argument('[name]', `one of ${benchmarks.map((b) => b.name).join(', ')} (default: all)`)
    .addOption(
      new Option('--runs <n>', 'runs whose median counts').default(3).argParser(integer(1, Number.MAX_SAFE_INTEGER)),
    )
    .addOption(
      new Option(
        '--against <engines>',
        "Nexmark's queries on real engines besides, fetched once: flink,spark,storm or some of them; the options below are for it",
      ).argParser(engineNames),
    )
    .addOption(queryOption(measuredQueries.map(({ name }) => name)))
    .addOption(new Option('--events <n>', 'how many events').default(500_000).argParser(integer(1, 1e9)))
    // As many slots the cluster of Flink has.
    .addOption(new Option('--parallelism <n>', 'subtasks of each operator').default(2).argParser(integer(1, 4)))
    .addOption(
      new Option('--time-limit <seconds>', 'of one run: what takes longer is given up').default(60).argParser(integer(1, 86_400)), // prettier-ignore
    )
    .option('--output <file>', 'the report as Markdown goes there, and not to standard output')
    .action(async (name: string | undefined, { against, ...options }: BenchOptions) => {
      if (against !== undefined) return benchAgainst({ against, ...options }, io, services, done);
      const chosen = benchmarks.filter((b) => name === undefined || b.name === name);
      if (chosen.length === 0) {
        io.stderr.write(`there is no benchmark "${name}"; known are ${benchmarks.map((b) => b.name).join(', ')}\n`);
        done(EXIT.usage);
        return;
      }
      for (const benchmark of chosen) {
        io.stderr.write(`${benchmark.name} …\n`);
        const table = printTable(await benchmark.run({ runs: options.runs, workerFile: services.workerFile }));
        // As a section of bench/README.md.
        io.stdout.write(`## ${benchmark.name}\n\n${benchmark.about}\n\n${table}\n\n`);
      }
    });
  addBenchNexmark(bench, io, services, done);
}
