/** Entry of the bundled command line, dist/cli/millrace.cjs. */
import { bundledServices } from './services.ts';
import { processIo } from './io.ts';
import { runCli } from './run-cli.ts';

/** Folder of the bundle: it is CommonJS. */
declare const __dirname: string;

void runCli(process.argv.slice(2), processIo(), bundledServices(__dirname)).then((code) => {
  // No exit: output may still be on its way to a pipe, and `serve` goes on.
  process.exitCode = code;
});
