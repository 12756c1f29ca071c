/** How long property tests search. */
import { env } from 'node:process';

/**
 * Parameters for `fc.assert`: always the same cases, so that a test that passed goes on passing; more of them and others with
 * `MILLRACE_TEST_RUNS=100` (a factor) and `MILLRACE_TEST_SEED=42`.
 */
export function propertyRuns(numRuns: number): { readonly numRuns: number; readonly seed: number } {
  return {
    numRuns: numRuns * Number(env.MILLRACE_TEST_RUNS ?? 1),
    seed: Number(env.MILLRACE_TEST_SEED ?? 1),
  };
}
