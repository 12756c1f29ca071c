/** The rows that printed changes leave in the end. */
import { assert } from '../../core/errors.ts';
import type { ResultRow } from './reference/events.ts';

type Printed = Readonly<Record<string, string | number | null>> & { readonly __op?: string };

export class ChangelogRows {
  readonly #texts: string[] = [];

  /** Lines as `sink.print` writes them. */
  add(text: string): void {
    this.#texts.push(text);
  }

  /** Throws when a row is taken back that is not there. */
  rows(): ResultRow[] {
    const counts = new Map<string, number>();
    for (const line of linesOf(this.#texts)) {
      const { __op = '+I', ...row } = JSON.parse(line) as Printed;
      const key = JSON.stringify(Object.values(row));
      const count = (counts.get(key) ?? 0) + (__op.startsWith('+') ? 1 : -1);
      if (count === 0) counts.delete(key);
      else counts.set(key, count);
    }
    return [...counts].flatMap(([key, count]) => {
      assert(count > 0, `${key} was taken back ${-count} times more than it was given`);
      return Array.from({ length: count }, () => JSON.parse(key) as ResultRow);
    });
  }
}

export function linesOf(texts: readonly string[]): string[] {
  return texts
    .join('')
    .split('\n')
    .filter((line) => line !== '');
}
