/** `millrace serve [--port N] [--workspace DIR] [--no-open]` */
import path from 'node:path';
import type { Command } from 'commander';
import { EXIT } from './exit-code.ts';
import type { CliIo } from './io.ts';
import { integer } from './options.ts';
import type { CliServices } from './services.ts';

interface ServeOptions {
  readonly port: number;
  readonly workspace?: string;
  readonly open: boolean;
}

export function addServe(program: Command, io: CliIo, services: CliServices, done: (code: number) => void): void {
  program
    .command('serve')
    .description('the app in a browser, on 127.0.0.1 only, behind a random token')
    .option('--port <n>', 'port (default: any free one)', integer(0, 65_535), 0)
    .option('--workspace <dir>', 'folder of documents (default: the one used last)')
    .option('--no-open', 'print the link only')
    .action(async ({ port, workspace, open }: ServeOptions) => {
      const chosen = workspace === undefined ? {} : { workspace: path.resolve(io.cwd, workspace) };
      await services.serve({ port, ...chosen, open });
      done(EXIT.ok);
    });
}
