/** `millrace explain FILE` */
import type { Command } from 'commander';
import { explain } from '../compiler/index.ts';
import { compileFile, type PlanChoices } from './document-file.ts';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { addPlanOptions } from './options.ts';
import { printDiagnostic } from './print-diagnostic.ts';

export function addExplain(program: Command, io: CliIo, done: (code: number) => void): void {
  addPlanOptions(program.command('explain'))
    .description('show the plan that a document would run as')
    .argument('<file>', 'pipeline document')
    .action(async (file: string, options: PlanChoices) => {
      const { plan, diagnostics } = await compileFile(io, file, options);
      for (const diagnostic of diagnostics) io.stderr.write(printDiagnostic(io, file, diagnostic));
      if (plan !== null) io.stdout.write(explain(plan));
      done(plan === null ? EXIT.invalid : EXIT.ok);
    });
}
