/** `millrace run FILE …` */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { jobId as toJobId } from '../core/ids.ts';
import type { PhysicalPlan } from '../compiler/index.ts';
import { resolveLocation } from '../engine/checkpoint/location.ts';
import { printJobMetrics, type ReportedJob } from '../protocol/flink-metrics.ts';
import { startedJob, type JobEvent, type JobState } from '../protocol/job.ts';
import { JobStatistics } from '../protocol/job-statistics.ts';
import { compileFile, type PlanChoices } from './document-file.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { startMetricsServer, type MetricsServer } from './metrics-server.ts';
import { addPlanOptions, integer, stateLocation } from './options.ts';
import { printDiagnostic, printError } from './print-diagnostic.ts';
import { Progress } from './progress.ts';
import { RunSignals } from './run-signals.ts';
import type { CliServices } from './services.ts';
import { paint } from './text.ts';

interface RunOptions extends PlanChoices {
  readonly stateDir?: string;
  readonly resume?: boolean;
  readonly fromSavepoint?: string;
  readonly allowNonRestoredState?: boolean;
  readonly savepointDir?: string;
  readonly json?: boolean;
  readonly metricsPort?: number;
}

export function addRun(program: Command, io: CliIo, services: CliServices, done: (code: number) => void): void {
  addPlanOptions(program.command('run'))
    .description('run a document to the end of its input, or until it is interrupted')
    .argument('<file>', 'pipeline document')
    .option(
      '--state-dir <dir>',
      'folder or webhdfs:// URL for checkpoints (default: settings.checkpoint.path, or .millrace/<document> beside the document)',
      stateLocation,
    )
    .option('--resume', 'go on from the last completed checkpoint in the state folder')
    .addOption(
      new Option('--from-savepoint <dir>', 'start from this savepoint, or from any completed checkpoint (chk-…)')
        .argParser(stateLocation)
        .conflicts('resume'),
    )
    .option(
      '--allow-non-restored-state',
      'drop restored state that no operator of the document takes, instead of refusing to start',
    )
    .option(
      '--savepoint-dir <dir>',
      'folder or webhdfs:// URL for savepoints: SIGUSR2 takes one, and an interrupt stops the job with one',
      stateLocation,
    )
    .addOption(
      new Option(
        '--preview',
        'touch nothing outside: sinks print their rows instead, and no checkpoint is kept',
      ).conflicts(['stateDir', 'resume', 'fromSavepoint', 'savepointDir']),
    )
    .option('--json', 'events as JSON lines on standard output')
    .option(
      '--metrics-port <n>',
      'metrics for Prometheus at http://127.0.0.1:<n>/metrics while the job runs (0: any free port)',
      integer(0, 65_535),
    )
    .action(async (file: string, options: RunOptions, command: Command) => {
      const { plan, diagnostics } = await compileFile(io, file, options);
      for (const diagnostic of diagnostics) io.stderr.write(printDiagnostic(io, file, diagnostic));
      if (plan === null) return done(EXIT.invalid);
      const reported = { start: startedJob(toJobId(randomUUID()), plan), statistics: new JobStatistics() };
      const server = await openMetrics(io, command, options, reported);
      try {
        done(await runPlan(io, services, plan, stateFolderOf(io, file, plan, options), reported, options));
      } finally {
        await server?.close();
      }
    });
}

function stateFolderOf(
  io: CliIo,
  file: string,
  { baseFolder, settings }: PhysicalPlan,
  { stateDir, preview = false }: RunOptions,
): string | null {
  // The next run would go on from its checkpoint, past rows that were never written.
  if (preview) return null;
  if (stateDir !== undefined) return resolveLocation(io.cwd, stateDir);
  if (settings.checkpoint.path !== undefined) return resolveLocation(baseFolder, settings.checkpoint.path);
  const document = path.resolve(io.cwd, file);
  return path.join(path.dirname(document), '.millrace', path.basename(document).replace(/(\.pipeline)?\.json$/, ''));
}

/** Null when nobody asked; a port that cannot be had is a mistake of usage. */
async function openMetrics(
  io: CliIo,
  command: Command,
  { metricsPort }: RunOptions,
  reported: ReportedJob,
): Promise<MetricsServer | null> {
  if (metricsPort === undefined) return null;
  try {
    const server = await startMetricsServer(metricsPort, () => printJobMetrics([reported]));
    io.stderr.write(`metrics at ${server.url}\n`);
    return server;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const cause = code === 'EADDRINUSE' ? 'it is in use' : message;
    command.error(
      `error: --metrics-port ${metricsPort} cannot be opened: ${cause}. Choose another port, or 0 for any free one.`,
    );
  }
}

async function runPlan(
  io: CliIo,
  services: CliServices,
  plan: PhysicalPlan,
  stateFolder: string | null,
  { start, statistics }: ReportedJob,
  options: RunOptions,
): Promise<number> {
  const { resume = false, fromSavepoint, allowNonRestoredState = false, json = false } = options;
  const progress = new Progress(plan, io);
  const show = json ? jsonPrinter(io) : textPrinter(io, progress);
  const job = services.createJob(
    plan,
    {
      jobId: start.jobId,
      stateFolder,
      resume,
      fromSavepoint: fromSavepoint === undefined ? null : resolveLocation(io.cwd, fromSavepoint),
      allowNonRestoredState,
      // What goes straight to the terminal would be written over the progress line.
      printTo: json || io.isTerminal ? 'events' : 'stdout',
      workerFile: services.workerFile,
    },
    (event) => {
      statistics.note(event);
      progress.update(event);
      show(event);
    },
  );
  // A start that fails also ends the job, with the error in its result.
  const started = job.start().catch(() => undefined);
  const signals = new RunSignals({ io, job, started, progress }, options);
  const { state, error } = await job.ended;
  await signals.end();
  progress.finish();
  if (error !== null) io.stderr.write(printError(io, error));
  io.stderr.write(progress.summary(state));
  return exitCodeOf(state);
}

function exitCodeOf(state: JobState): number {
  return state === 'FAILED' ? EXIT.failed : EXIT.ok;
}

function jsonPrinter(io: CliIo): (event: JobEvent) => void {
  return (event) => io.stdout.write(`${JSON.stringify(event)}\n`);
}

function textPrinter(io: CliIo, progress: Progress): (event: JobEvent) => void {
  return (event) => {
    if (event.type === 'print') {
      progress.interleave(() => io.stdout.write(event.text));
    } else if (event.type === 'log' && (event.record.level === 'warn' || event.record.level === 'error')) {
      const { level, message, nodeId } = event.record;
      const severity = level === 'warn' ? 'warning' : 'error';
      const where = nodeId === null ? '' : ` (node ${nodeId})`;
      progress.interleave(() => io.stderr.write(`${paint(io, severity, severity)}: ${message}${where}\n`));
    }
  };
}
