/** How much of its input a run has taken: what a run with a changed document is brought to. */
import type { Moment } from '../protocol/debug.ts';
import type { DebugPlan } from './debug-plan.ts';
import type { DebugRun } from './debug-run.ts';
import type { MadeStep } from './replica.ts';

/** Equal for plans whose sources give the same. */
export function sourcesOf({ plan, sources }: DebugPlan): string {
  const found = plan.operators.filter(({ nodeId }) => sources.has(nodeId));
  return JSON.stringify(found.map(({ nodeId, type, config, outputs }) => [nodeId, type, config, outputs]));
}

export function isSourceRow({ call }: MadeStep): boolean {
  return call?.kind === 'source' && call.emitted.length > 0;
}

/** Rows that sources have given in steps `(from, to]`. */
export function rowsOfSources({ history, debug: { sources } }: DebugRun, from: Moment, to: Moment): number {
  let rows = 0;
  for (let id = 1; id <= history.rows; id++) {
    const { moment, nodeId } = history.row(id)!;
    if (moment > from && moment <= to && sources.has(nodeId)) rows++;
  }
  return rows;
}
