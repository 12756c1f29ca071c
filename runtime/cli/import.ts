/** `millrace import FILE.sql -o FILE.pipeline.json` */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { printDocument } from '../graph/index.ts';
import { importFlinkSql } from '../importers/flink-sql/import-script.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { printDiagnostic } from './print-diagnostic.ts';

interface ImportOptions {
  readonly out: string;
  readonly force?: boolean;
}

export function addImport(program: Command, io: CliIo, done: (code: number) => void): void {
  program
    .command('import')
    .description('make a pipeline of a script of Flink SQL, and say what of it was left out')
    .argument('<file>', 'the script')
    .requiredOption('-o, --out <file>', 'pipeline document to write')
    .option('--force', 'in place of a document that is there')
    .action(async (file: string, options: ImportOptions) => done(await importFile(io, file, options)));
}

async function importFile(io: CliIo, file: string, { out, force = false }: ImportOptions): Promise<number> {
  const text = await readFile(path.resolve(io.cwd, file), 'utf8');
  const { document, diagnostics } = importFlinkSql(text, path.basename(file).replace(/\.[^.]+$/, ''));
  for (const diagnostic of diagnostics) io.stderr.write(printDiagnostic(io, file, diagnostic));
  if (document.nodes.length === 0) {
    io.stderr.write(`${file}: nothing in it could be imported\n`);
    return EXIT.failed;
  }
  const target = path.resolve(io.cwd, out);
  try {
    await writeFile(target, printDocument(document), { flag: force ? 'w' : 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    io.stderr.write(`${out} is there already: name another file, or give --force\n`);
    return EXIT.failed;
  }
  io.stdout.write(`${out}\n`);
  return EXIT.ok;
}
