/** Backwards to where a run would have stopped. */
import type { Moment } from '../protocol/debug.ts';
import type { Hit } from './breakpoints.ts';
import type { DebugRun } from './debug-run.ts';
import type { MadeStep } from './replica.ts';
import type { ChangedEntry } from './state-change-watch.ts';

export interface EarlierStop {
  readonly moment: Moment;
  /** Of the breakpoints. */
  readonly ids: readonly string[];
}

/** Stretch by stretch from the present on, each made again from its checkpoint; in each, the last place counts. Null: none before. */
export async function stopBefore(
  run: DebugRun,
  hitsOf: (step: MadeStep, changes: readonly ChangedEntry[]) => readonly Hit[],
): Promise<EarlierStop | null> {
  const now = run.moment;
  let end = now;
  for (const from of run.checkpoints.moments.filter((moment) => moment < now).reverse()) {
    const stops: EarlierStop[] = [];
    await run.review(from, end, (step, changes) => {
      const hits = hitsOf(step, changes).filter(({ message }) => message === null);
      for (const side of ['before', 'behind'] as const) {
        const ids = hits.filter((hit) => hit.side === side).map(({ id }) => id);
        const moment = side === 'before' ? step.moment - 1 : step.moment;
        if (ids.length > 0 && moment < now) stops.push({ moment, ids });
      }
    });
    const last = stops.at(-1);
    if (last !== undefined) return last;
    end = from;
  }
  return null;
}
