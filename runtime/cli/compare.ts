/** `millrace compare FILE --target ENGINE` */
import path from 'node:path';
import { Option, type Command } from 'commander';
import { compareDocument } from '../comparison/index.ts';
import { exportDocument } from '../exporters/export-document.ts';
import { printLosses } from '../exporters/loss-report.ts';
import { findTarget } from '../exporters/targets.ts';
import {
  COMPARISON_DEFAULTS,
  COMPARISON_LIMITS,
  ENGINE_NAMES,
  isSame,
  type ComparisonProgress,
  type ComparisonReport,
  type EngineName,
} from '../protocol/comparison.ts';
import { readDocumentFile, subPipelinesOf } from './document-file.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { addParamOption, integer } from './options.ts';
import { printDiagnostic } from './print-diagnostic.ts';
import { printCheck } from './print-test-report.ts';
import type { CliServices } from './services.ts';
import { count, paint } from './text.ts';

interface CompareCliOptions {
  readonly target: EngineName;
  readonly param: Readonly<Record<string, string>>;
  readonly rows: number;
  readonly seconds: number;
  readonly timeLimit: number;
  readonly late?: boolean;
  readonly json?: boolean;
}

const DAY_SECONDS = 86_400;

export function addCompare(program: Command, io: CliIo, services: CliServices, done: (code: number) => void): void {
  const command = program
    .command('compare')
    .description(
      'run a pipeline here and its export on the real engine, over the same input, and say which rows differ',
    )
    .argument('<file>', 'pipeline document')
    .addOption(
      new Option('--target <engine>', 'the engine, fetched once and started for this').choices(ENGINE_NAMES).makeOptionMandatory(), // prettier-ignore
    )
    .addOption(
      new Option('--rows <n>', 'most rows that are taken of each source').default(COMPARISON_DEFAULTS.maxRows).argParser(integer(1, COMPARISON_LIMITS.maxRows)), // prettier-ignore
    )
    .addOption(
      new Option('--seconds <n>', 'how long rows of a source are waited for').default(COMPARISON_DEFAULTS.maxSeconds).argParser(integer(1, COMPARISON_LIMITS.maxSeconds)), // prettier-ignore
    )
    .addOption(
      new Option('--time-limit <seconds>', 'how long the engine may take for the job').default(120).argParser(integer(1, DAY_SECONDS)), // prettier-ignore
    )
    .option(
      '--late',
      'rows that sources call late are late (otherwise none is: the result is then the same in every run)',
    )
    .option('--json', 'the report as JSON on standard output');
  addParamOption(command).action(async (file: string, options: CompareCliOptions) =>
    done(await compareFile(io, file, options, services)),
  );
}

async function compareFile(
  io: CliIo,
  file: string,
  { target, param: params, rows, seconds, timeLimit, late = false, json = false }: CompareCliOptions,
  { workerFile, engines }: CliServices,
): Promise<number> {
  const { document, diagnostics: unreadable } = await readDocumentFile(io, file);
  for (const diagnostic of unreadable) io.stderr.write(printDiagnostic(io, file, diagnostic));
  if (document === null) return EXIT.invalid;
  const setup = engines[target];
  const baseFolder = path.dirname(path.resolve(io.cwd, file));
  const context = { params, baseFolder, subPipelines: await subPipelinesOf(document, baseFolder) };
  const interrupted = new AbortController();
  const stopListening = io.onInterrupt(() => interrupted.abort(new Error('interrupted')));
  try {
    const { report, diagnostics } = await compareDocument(document, {
      ...context,
      setup,
      workerFile,
      maxRows: rows,
      maxSeconds: seconds,
      isLateAllowed: late,
      patienceSeconds: timeLimit,
      signal: interrupted.signal,
      onProgress: progressPrinter(io, setup.label),
      now: () => io.now(),
    });
    for (const diagnostic of diagnostics) io.stderr.write(printDiagnostic(io, file, diagnostic));
    if (report === null) return EXIT.invalid;
    io.stdout.write(json ? `${JSON.stringify(report)}\n` : printReport(io, report));
    if (!isSame(report)) {
      const { report: losses } = exportDocument(document, findTarget(setup.target)!, context);
      if (losses !== null) io.stderr.write(`What is known to differ:\n${printLosses(losses)}`);
    }
    return isSame(report) ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    io.stderr.write('interrupted: nothing was compared\n');
    return EXIT.interrupted;
  } finally {
    stopListening();
  }
}

/** A line for each step. */
function progressPrinter(io: CliIo, label: string): (progress: ComparisonProgress) => void {
  const lines = { start: `starting ${label}`, record: 'recording the input', here: 'running it here', there: `running it on ${label}` }; // prettier-ignore
  let last = '';
  return ({ step }) => {
    if (step === last) return;
    last = step;
    io.stderr.write(`${lines[step]} …\n`);
  };
}

function printReport(io: CliIo, { label, isBatch, inputs, checks, durationMs }: ComparisonReport): string {
  const of = inputs.map(({ nodeId, port, rows, isWhole }) => {
    const place = port === 'out' ? nodeId : `${nodeId}.${port}`;
    return `${isWhole ? '' : 'the first '}${count(rows, 'row')} of ${place}`;
  });
  const lines = checks.map((check) =>
    check.isMet
      ? `${paint(io, 'info', '✓')} ${check.nodeId}: the same ${count(check.expectedCount, 'row')}\n`
      : `${paint(io, 'error', '✗')} ${printCheck(io, check)}`,
  );
  const how = isBatch ? `${label}, as a batch job` : label;
  return `${lines.join('')}here and on ${how}, over ${of.join(', ')}, in ${(durationMs / 1000).toFixed(1)} s\n`;
}
