/** `npm run verify:engines -- …`: exports on the real engines (runtime/exporters/conformance), built first when it is not up to date. */
import { createRequire } from 'node:module';
import path from 'node:path';
import { buildRuntime, buildVerifyEngines, DIST, orExit, ROOT } from './build.mjs';

await orExit(buildRuntime());
await orExit(buildVerifyEngines());
const { verifyEngines } = createRequire(import.meta.url)(path.join(DIST, 'conformance/verify-engines.cjs'));
process.exitCode = await verifyEngines(process.argv.slice(2), ROOT, path.join(DIST, 'engine/worker.cjs'));
