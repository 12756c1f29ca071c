/** The command line: reads the arguments, does the verb, gives the exit code. contract.md §3. */
import { Command, CommanderError } from 'commander';
import { version } from '../../package.json';
import { addBench } from './bench.ts';
import { addCompare } from './compare.ts';
import { EXIT } from './exit-code.ts';
import { addDebug } from './debug/debug.ts';
import { addDeploy } from './deploy.ts';
import { addExplain } from './explain.ts';
import { addExport } from './export.ts';
import { addImport } from './import.ts';
import { addInspect } from './inspect.ts';
import type { CliIo } from './io.ts';
import { printError } from './print-diagnostic.ts';
import { addRun } from './run.ts';
import { addServe } from './serve.ts';
import type { CliServices } from './services.ts';
import { addTest } from './test.ts';
import { addValidate } from './validate.ts';

/** `argv`: the arguments after the program's name. Never rejects. */
export async function runCli(argv: readonly string[], io: CliIo, services: CliServices): Promise<number> {
  let exitCode: number = EXIT.ok;
  const done = (code: number): void => {
    exitCode = code;
  };
  const program = createProgram(io);
  addValidate(program, io, done);
  addRun(program, io, services, done);
  addTest(program, io, done);
  addDebug(program, io, done);
  addInspect(program, io, done);
  addDeploy(program, io, done);
  addExplain(program, io, done);
  addExport(program, io, done);
  addCompare(program, io, services, done);
  addImport(program, io, done);
  addBench(program, io, services, done);
  addServe(program, io, services, done);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    io.stderr.write(printError(io, error));
    return EXIT.failed;
  }
}

/** Settings that the verbs inherit: no exit and no output but ours. */
function createProgram(io: CliIo): Command {
  return (
    new Command('millrace')
      .description('Design, debug and run stream pipelines')
      .version(version)
      // `bench nexmark` and `bench` have options of the same names.
      .enablePositionalOptions()
      .exitOverride()
      .showHelpAfterError('(millrace --help lists the verbs and options)')
      .configureOutput({
        writeOut: (text) => io.stdout.write(text),
        writeErr: (text) => io.stderr.write(text),
        getOutHelpWidth: () => io.columns(),
        getErrHelpWidth: () => io.columns(),
        getOutHasColors: () => false,
        getErrHasColors: () => io.useColor,
      })
  );
}
