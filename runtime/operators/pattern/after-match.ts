/** Where the search goes on after a match. */
import { c, type ConfigField } from '../../core/config.ts';
import type { MatchView } from './match-state.ts';
import { rowsOf } from './navigate.ts';

export type AfterMatch =
  | { readonly type: 'past-last-row' }
  | { readonly type: 'to-next-row' }
  | { readonly type: 'to-first'; readonly variable: string }
  | { readonly type: 'to-last'; readonly variable: string };

const variable = c.text({ label: 'Variable', help: 'A variable of the pattern.' });

export const afterMatchField: ConfigField<AfterMatch> = c.withDefault(
  c.variant({ label: 'After a match', help: 'Where the search for the next match begins.' }, 'type', {
    'past-last-row': { label: 'Past its last row', fields: {} },
    'to-next-row': { label: 'At the row after its first', fields: {} },
    'to-first': { label: 'At the first row of a variable', fields: { variable } },
    'to-last': { label: 'At the last row of a variable', fields: { variable } },
  }),
  { type: 'past-last-row' },
);

/**
 * Index of the first row that may begin the next match. A variable without a row in the match, or whose row is the first of it, where
 * the same match would be found for ever, means the row after the first.
 */
export function resumeAt(match: MatchView, afterMatch: AfterMatch): number {
  const next = match.start + 1;
  switch (afterMatch.type) {
    case 'past-last-row':
      return match.start + match.path.length;
    case 'to-next-row':
      return next;
    case 'to-first':
      return Math.max(next, rowsOf(match, afterMatch.variable)[0] ?? next);
    case 'to-last':
      return Math.max(next, rowsOf(match, afterMatch.variable).at(-1) ?? next);
  }
}
