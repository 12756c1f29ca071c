/** `npm run simulate -- …`: whole jobs by seed (runtime/simulation), built first when it is not up to date. */
import path from 'node:path';
import { buildSimulation, DIST, orExit } from './build.mjs';

await orExit(buildSimulation());
await import(path.join(DIST, 'simulation/simulate.cjs'));
