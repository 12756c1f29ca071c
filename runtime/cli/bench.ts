/** `millrace bench [NAME]` */
import { Option, type Command } from 'commander';
import { benchmarks, printTable } from '../bench/index.ts';
import { addBenchNexmark } from './bench-nexmark.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import type { CliServices } from './services.ts';

export function addBench(program: Command, io: CliIo, services: CliServices, done: (code: number) => void): void {
  const bench = program.command('bench');
  bench
    .description('measure this machine: each figure is a median, with a peer of the same run')
    .argument('[name]', `one of ${benchmarks.map((b) => b.name).join(', ')} (default: all)`)
    .addOption(new Option('--runs <n>', 'runs whose median counts').default(3).argParser(Number))
    .action(async (name: string | undefined, { runs }: { runs: number }) => {
      const chosen = benchmarks.filter((b) => name === undefined || b.name === name);
      if (chosen.length === 0) {
        io.stderr.write(`there is no benchmark "${name}"; known are ${benchmarks.map((b) => b.name).join(', ')}\n`);
        done(EXIT.usage);
        return;
      }
      for (const benchmark of chosen) {
        io.stderr.write(`${benchmark.name} …\n`);
        const table = printTable(await benchmark.run({ runs, workerFile: services.workerFile }));
        // As a section of bench/README.md.
        io.stdout.write(`## ${benchmark.name}\n\n${benchmark.about}\n\n${table}\n\n`);
      }
    });
  addBenchNexmark(bench, io, services, done);
}
