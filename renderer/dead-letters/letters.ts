/** From what operators report to the rows of the panel. */
import { isDue, letterKey, type DeadLetter, type Mend } from '../../runtime/core/dead-letters.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import type { DeadLetterReport } from '../../runtime/protocol/job.ts';
import type { MetricsSummary } from '../stores/metrics-summary.ts';

export interface LetterRow extends DeadLetter {
  /** Stays with the row while others come and go. */
  readonly id: string;
  readonly nodeId: NodeId;
  /** The text that is read in its place; null: it waits for one. */
  readonly text: string | null;
}

/** Newest first. */
export function letterRows(reports: Iterable<DeadLetterReport>, mends: readonly Mend[]): readonly LetterRow[] {
  const mendOf = new Map(mends.map((mend) => [keyOf(mend.nodeId, mend), mend]));
  const seen = new Map<string, number>();
  return [...reports]
    .flatMap(({ nodeId, kept }) =>
      kept.map((letter): LetterRow => {
        const key = keyOf(nodeId, letter);
        const before = seen.get(key) ?? 0;
        seen.set(key, before + 1);
        const mend = mendOf.get(key);
        const text = mend !== undefined && isDue(mend, letter) ? mend.text : null;
        return { ...letter, id: `${key}\n${before}`, nodeId, text };
      }),
    )
    .reverse();
}

/** The mends that replace a part of the text wherever it is found. */
export function replacements(rows: readonly LetterRow[], find: string, replacement: string): readonly Mend[] {
  if (find === '' || find === replacement) return [];
  return rows
    .filter((row) => row.raw.includes(find))
    .map((row) =>
      mendWith(
        row,
        row.raw.replaceAll(find, () => replacement),
      ),
    );
}

/** The mend that has `text` read in place of the row's. Its own: the row is replayed as it is. */
export function mendWith({ nodeId, origin, line, raw, again }: LetterRow, text: string): Mend {
  return { nodeId, origin, line, raw, text, again: text === raw ? again + 1 : 0 };
}

/** The mends that replay all that wait, as they are. */
export function replays(rows: readonly LetterRow[]): readonly Mend[] {
  return rows.filter(({ text }) => text === null).map((row) => mendWith(row, row.raw));
}

/** Rows that operators have rejected since the last (re)start, kept or not. */
export function totalRejected(reports: Iterable<DeadLetterReport>, { nodes }: MetricsSummary): number {
  const operators = new Set([...reports].map(({ nodeId }) => nodeId));
  return [...operators].reduce((sum, id) => sum + (nodes.get(id)?.recordsOut['rejected'] ?? 0), 0);
}

export function placeOf({ origin, line }: Pick<DeadLetter, 'origin' | 'line'>): string {
  return line === 0 ? origin : `${origin}:${line}`;
}

function keyOf(nodeId: NodeId, letter: Pick<DeadLetter, 'origin' | 'line' | 'raw'>): string {
  return `${nodeId}\n${letterKey(letter)}`;
}
