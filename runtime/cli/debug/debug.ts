/** `millrace debug FILE`: a debug adapter for editors on standard input and output, or (`--repl`) a dialogue in the terminal. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Option, type Command } from 'commander';
import type { NodeId } from '../../core/ids.ts';
import { DebugSession, nodeOutside } from '../../debug/index.ts';
import { parseDocument } from '../../graph/index.ts';
import type { DebugOptions } from '../../protocol/debug.ts';
import { EXIT } from '../exit-code.ts';
import type { CliIo } from '../io.ts';
import { addParam, addPlanOptions, integer } from '../options.ts';
import { printDiagnostic, printError } from '../print-diagnostic.ts';
import { subPipelinesOf, type PlanChoices } from '../document-file.ts';
import { MillraceDebugAdapter, type StartDebugging } from './adapter.ts';
import { runRepl } from './repl.ts';

interface DebugChoices extends PlanChoices {
  readonly repl?: boolean;
  readonly schedule: NonNullable<DebugOptions['schedule']>;
  readonly seed: number;
  readonly recording: Readonly<Record<NodeId, string>>;
}

export function addDebug(program: Command, io: CliIo, done: (code: number) => void): void {
  addPlanOptions(program.command('debug'))
    .description('debug a document: a Debug Adapter Protocol server on standard input and output, or a dialogue')
    .argument('[file]', 'pipeline document; the launch of a debug adapter may name another')
    .option('--repl', 'a dialogue in the terminal; help lists its commands')
    .addOption(
      new Option('--schedule <order>', 'a row all its way before the next one, or any task at any time')
        .choices(['downstream-first', 'seeded'])
        .default('downstream-first'),
    )
    .addOption(
      new Option('--recording <node=file>', 'starts from what `record` wrote instead of the node (repeatable)')
        .argParser(addParam)
        .default({}, 'none'),
    )
    .option('--seed <n>', 'draws what is random', integer(0, 0x7fffffff), 1)
    .action(async (file: string | undefined, choices: DebugChoices) => {
      const { param, parallelism, schedule, seed, recording, repl = false } = choices;
      const options = {
        params: param,
        schedule,
        seed,
        recordings: recording,
        ...(parallelism === undefined ? {} : { parallelism }),
      };
      if (!repl) done(await serveAdapter(io, file ?? null, options));
      else if (file !== undefined) done(await debugInTerminal(io, file, options));
      else {
        io.stderr.write('error: name a document: millrace debug --repl FILE\n');
        done(EXIT.usage);
      }
    });
}

/** Naming the file is consent to run the code in it. */
function startDebugging(io: CliIo): StartDebugging {
  return async (file, options, onEvent) => {
    const absolute = path.resolve(io.cwd, file);
    const text = await readFile(absolute, 'utf8');
    const { document, diagnostics } = parseDocument(text);
    if (document === null) throw new Error(diagnostics.map(({ message }) => message).join('; '));
    const folder = path.dirname(absolute);
    const subPipelines = await subPipelinesOf(document, folder);
    const request = { document, subPipelines, folder, options, outside: nodeOutside(), onEvent };
    return { ...(await DebugSession.start(request)), text };
  };
}

/** Until the client disconnects. */
function serveAdapter(io: CliIo, file: string | null, options: Omit<DebugOptions, 'allowsUserCode'>): Promise<number> {
  return new Promise((resolve) => {
    const end = (): void => resolve(EXIT.ok);
    const adapter = new MillraceDebugAdapter(
      startDebugging(io),
      file === null ? null : path.resolve(io.cwd, file),
      options,
      end,
    );
    io.stdin.on('end', end);
    adapter.start(io.stdin, io.stdout as unknown as NodeJS.WritableStream);
  });
}

async function debugInTerminal(
  io: CliIo,
  file: string,
  options: Omit<DebugOptions, 'allowsUserCode'>,
): Promise<number> {
  const logged: string[] = [];
  try {
    const { session, start } = await startDebugging(io)(file, { ...options, allowsUserCode: true }, (event) => {
      if (event.type === 'log') logged.push(event.message);
    });
    for (const diagnostic of start.diagnostics) io.stderr.write(printDiagnostic(io, file, diagnostic));
    await runRepl(io, session, start, () => logged.splice(0));
    return EXIT.ok;
  } catch (error) {
    io.stderr.write(printError(io, error));
    return EXIT.failed;
  }
}
