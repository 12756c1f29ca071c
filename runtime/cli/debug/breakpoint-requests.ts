/** Breakpoints of the Debug Adapter Protocol as those of a session. */
import type { BreakpointPlace, BreakpointRequest } from '../../protocol/debug.ts';

/** Events that can be stopped at without a place: in the list of exceptions. */
export const FILTERS = [
  { filter: 'late', label: 'Late rows', description: 'A row that the watermark has passed' },
  { filter: 'firing', label: 'Firings', description: 'Rows that leave since event time or the clock has moved' },
  { filter: 'timer', label: 'Timers', description: 'A timer of processing time is due' },
  { filter: 'barrier', label: 'Barriers', description: 'A checkpoint comes to an operator' },
] as const;

export function requestOf(
  id: string,
  place: BreakpointPlace,
  { condition, hitCondition, logMessage }: { condition?: string; hitCondition?: string; logMessage?: string },
): BreakpointRequest {
  const hits = hitsOf(hitCondition);
  return {
    id,
    place,
    mode: logMessage === undefined ? 'enabled' : 'log',
    ...(condition === undefined ? {} : { condition }),
    ...(hits === null ? {} : { hits }),
    ...(logMessage === undefined ? {} : { message: logMessage }),
  };
}

/** `5` or `>= 5`: from the fifth on; `% 5`: every fifth. */
function hitsOf(text: string | undefined): NonNullable<BreakpointRequest['hits']> | null {
  const match = /^\s*(>=|%)?\s*(\d+)\s*$/.exec(text ?? '');
  const n = Number(match?.[2] ?? 0);
  return match === null || n === 0 ? null : { type: match[1] === '%' ? 'every' : 'from', n };
}

/** Whether it can be hit, as far as is known. */
export function verdict(problem: string | null | undefined): { verified: boolean; message?: string } {
  return problem === undefined || problem === null ? { verified: true } : { verified: false, message: problem };
}
