/** Whole jobs by seed: drawn, run and checked. */
export { drawCase } from './draw-case.ts';
export { compileCase, runCase, type Failure, type RunReport } from './run-case.ts';
export { shrink, type Shrunk } from './shrink.ts';
export type { Attempt, AttemptEnd, Schedule, SimulationCase } from './simulation-case.ts';
