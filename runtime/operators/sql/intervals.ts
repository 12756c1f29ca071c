/** Intervals that a plan must know the length of. */
import { say } from '../../core/say.ts';
import { printDuration } from '../../core/time.ts';
import type { Syntax } from '../../expression/index.ts';
import { intervalLiteral } from '../../expression/literals.ts';
import { QueryProblem } from './problem.ts';

/** Milliseconds of an INTERVAL; null for any other expression. */
export function intervalMs(syntax: Syntax): number | null {
  if (syntax.node !== 'interval' || syntax.unit === null) return null;
  const literal = intervalLiteral(syntax.text, syntax.unit.text);
  return literal.ok && typeof literal.value.value === 'number' ? literal.value.value : null;
}

/** As configs write it; throws QueryProblem where it is no interval. */
export function durationOf(syntax: Syntax): string {
  const ms = intervalMs(syntax);
  if (ms === null)
    throw new QueryProblem('MR1803', say`an interval is needed here, such as INTERVAL '5' MINUTE`, syntax.range);
  return signedDuration(ms);
}

export function signedDuration(ms: number): string {
  return ms < 0 ? `-${printDuration(-ms)}` : printDuration(ms);
}
