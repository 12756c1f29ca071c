/** `millrace export FILE --to TARGET --out DIR` */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Option, type Command } from 'commander';
import { hasErrors } from '../core/diagnostics.ts';
import { exportDocument } from '../exporters/export-document.ts';
import { printLosses } from '../exporters/loss-report.ts';
import { findTarget, targets } from '../exporters/targets.ts';
import { readDocumentFile, subPipelinesOf } from './document-file.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { addParamOption } from './options.ts';
import { printDiagnostic } from './print-diagnostic.ts';

interface ExportOptions {
  readonly to: string;
  readonly out: string;
  readonly param: Readonly<Record<string, string>>;
}

export function addExport(program: Command, io: CliIo, done: (code: number) => void): void {
  const command = program
    .command('export')
    .description('write the job that a pipeline is in another system, and say what differs')
    .argument('<file>', 'pipeline document')
    .addOption(
      new Option('--to <target>', 'the other system').choices(targets.map(({ id }) => id)).makeOptionMandatory(),
    )
    .requiredOption('--out <dir>', 'folder for the files; it is made where it is not there');
  addParamOption(command).action(async (file: string, options: ExportOptions) =>
    done(await exportFile(io, file, options)),
  );
}

/** Writes nothing where an operator has no place in the target. */
async function exportFile(io: CliIo, file: string, { to, out, param }: ExportOptions): Promise<number> {
  const parsed = await readDocumentFile(io, file);
  const baseFolder = path.dirname(path.resolve(io.cwd, file));
  const exported =
    parsed.document === null
      ? { report: null, files: [], diagnostics: parsed.diagnostics }
      : exportDocument(parsed.document, findTarget(to)!, {
          params: param,
          baseFolder,
          subPipelines: await subPipelinesOf(parsed.document, baseFolder),
        });
  for (const diagnostic of exported.diagnostics) io.stderr.write(printDiagnostic(io, file, diagnostic));
  if (hasErrors(exported.diagnostics)) return EXIT.failed;
  const folder = path.resolve(io.cwd, out);
  for (const { path: name, text } of exported.files) {
    const target = path.join(folder, name);
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, text);
    io.stdout.write(`${path.join(out, name)}\n`);
  }
  io.stderr.write(printLosses(exported.report!));
  return EXIT.ok;
}
