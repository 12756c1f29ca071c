/** `millrace validate FILE… [--json]` */
import path from 'node:path';
import type { Command } from 'commander';
import type { Diagnostic } from '../core/diagnostics.ts';
import { validateDocument } from '../compiler/index.ts';
import { readDocumentFile, subPipelinesOf } from './document-file.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { printDiagnostic, toJson } from './print-diagnostic.ts';
import { count } from './text.ts';

interface ValidateOptions {
  readonly json?: boolean;
}

export function addValidate(program: Command, io: CliIo, done: (code: number) => void): void {
  program
    .command('validate')
    .description('check documents: one diagnostic a line')
    .argument('<file...>', 'pipeline documents')
    .option('--json', 'diagnostics as JSON lines on standard output')
    .action(async (files: string[], options: ValidateOptions) => done(await validateFiles(io, files, options)));
}

async function validateFiles(io: CliIo, files: readonly string[], { json }: ValidateOptions): Promise<number> {
  let errors = 0;
  let warnings = 0;
  for (const file of files) {
    for (const diagnostic of await diagnose(io, file)) {
      if (diagnostic.severity === 'error') errors++;
      else warnings++;
      if (json) io.stdout.write(toJson(file, diagnostic));
      else io.stderr.write(printDiagnostic(io, file, diagnostic));
    }
  }
  if (!json)
    io.stderr.write(`${count(errors, 'error')}, ${count(warnings, 'warning')} in ${count(files.length, 'file')}\n`);
  return errors === 0 ? EXIT.ok : EXIT.failed;
}

async function diagnose(io: CliIo, file: string): Promise<readonly Diagnostic[]> {
  const { document, diagnostics } = await readDocumentFile(io, file);
  if (document === null) return diagnostics;
  const subPipelines = await subPipelinesOf(document, path.dirname(path.resolve(io.cwd, file)));
  return validateDocument(document, { subPipelines }).diagnostics;
}
