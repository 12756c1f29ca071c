/** `npm run millrace -- …`: the command line, built first when it is not up to date. */
import path from 'node:path';
import { buildApp, buildRuntime, DIST, orExit } from './build.mjs';

await orExit(buildRuntime());
if (process.argv[2] === 'serve') await orExit(buildApp());
const program = path.join(DIST, 'cli/millrace.cjs');
process.argv[1] = program;
await import(program);
