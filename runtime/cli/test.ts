/** `millrace test FILE…` */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { NodeFileIo } from '../engine/worker/node-file-io.ts';
import type { PipelineDocument } from '../graph/index.ts';
import { passed, type TestReport } from '../protocol/test-report.ts';
import { DEFAULT_TIMEOUT_MS, runTestCase } from '../test-runner/index.ts';
import { readDocumentFile, subPipelinesOf } from './document-file.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { junitReport } from './junit.ts';
import { printDiagnostic } from './print-diagnostic.ts';
import { printTestReport } from './print-test-report.ts';
import { count } from './text.ts';

interface TestOptions {
  readonly case: readonly string[];
  readonly junit?: string;
  readonly json?: boolean;
  readonly timeout: number;
}

/** The cases of a file that ran. */
export interface TestedFile {
  readonly file: string;
  readonly reports: readonly TestReport[];
}

export function addTest(program: Command, io: CliIo, done: (code: number) => void): void {
  program
    .command('test')
    .description('run the test cases of documents')
    .argument('<file...>', 'pipeline documents')
    .option(
      '--case <name>',
      'run only the case of this name (repeatable)',
      (name, names: string[]) => [...names, name],
      [],
    )
    .option('--junit <file>', 'also write a JUnit report')
    .option('--json', 'a report per case as JSON lines on standard output')
    .option('--timeout <seconds>', 'the longest that a case may run', seconds, DEFAULT_TIMEOUT_MS / 1000)
    .action(async (files: string[], options: TestOptions, command: Command) => {
      const documents = await readAll(io, files);
      if (documents === null) return done(EXIT.failed);
      const names = new Set(documents.flatMap(({ document }) => document.tests.map(({ name }) => name)));
      const unknown = options.case.filter((name) => !names.has(name));
      if (unknown.length > 0) {
        const known =
          names.size === 0 ? 'there are none' : `there are ${[...names].map((one) => `"${one}"`).join(', ')}`;
        command.error(`error: there is no case "${unknown[0]}"; ${known}`, { exitCode: EXIT.usage });
      }
      done(await testAll(io, documents, options));
    });
}

interface NamedDocument {
  readonly file: string;
  readonly document: PipelineDocument;
}

/** Null when one of them cannot be read: what is wrong has been said. */
async function readAll(io: CliIo, files: readonly string[]): Promise<readonly NamedDocument[] | null> {
  const documents: NamedDocument[] = [];
  for (const file of files) {
    const { document, diagnostics } = await readDocumentFile(io, file);
    for (const diagnostic of diagnostics) io.stderr.write(printDiagnostic(io, file, diagnostic));
    if (document !== null) documents.push({ file, document });
  }
  return documents.length === files.length ? documents : null;
}

async function testAll(io: CliIo, documents: readonly NamedDocument[], options: TestOptions): Promise<number> {
  const interrupt = new AbortController();
  const stopListening = io.onInterrupt(() => interrupt.abort(new Error('interrupted')));
  const tested: TestedFile[] = [];
  try {
    for (const one of documents) tested.push(await testFile(io, one, options, interrupt.signal));
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    return EXIT.interrupted;
  } finally {
    stopListening();
    if (options.junit !== undefined) await writeFile(path.resolve(io.cwd, options.junit), junitReport(tested));
  }
  const reports = tested.flatMap((one) => one.reports);
  if (!options.json) io.stderr.write(summary(reports, documents.length));
  return passed(reports) ? EXIT.ok : EXIT.failed;
}

async function testFile(
  io: CliIo,
  { file, document }: NamedDocument,
  options: TestOptions,
  signal: AbortSignal,
): Promise<TestedFile> {
  const reports: TestReport[] = [];
  if (!options.json && document.tests.length > 0) io.stdout.write(`${file}\n`);
  const baseFolder = path.dirname(path.resolve(io.cwd, file));
  const subPipelines = await subPipelinesOf(document, baseFolder);
  for (const [index, { name }] of document.tests.entries()) {
    if (options.case.length > 0 && !options.case.includes(name)) continue;
    const report = await runTestCase(document, index, {
      baseFolder,
      subPipelines,
      files: new NodeFileIo(),
      // Naming the file is consent, as with `run`.
      allowsUserCode: true,
      timeoutMs: options.timeout * 1000,
      signal,
      now: () => io.now(),
    });
    reports.push(report);
    io.stdout.write(options.json ? `${JSON.stringify({ file, ...report })}\n` : printTestReport(io, report));
  }
  return { file, reports };
}

function summary(reports: readonly TestReport[], files: number): string {
  if (reports.length === 0) return `no test cases in ${count(files, 'file')}\n`;
  const good = reports.filter(({ status }) => status === 'passed').length;
  const bad = reports.length - good;
  return `${count(good, 'case')} passed${bad === 0 ? '' : `, ${bad} failed`} in ${count(files, 'file')}\n`;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('Write a number of seconds above 0.');
  return value;
}
