/** What a row pattern says, as written: variables in sequence, alternatives, groups and how often each. */
import type { TextRange } from '../../core/diagnostics.ts';

export interface Quantifier {
  readonly min: number;
  /** Infinity = no limit. */
  readonly max: number;
  /** Takes a row whenever it can; a reluctant one goes on as soon as it can. */
  readonly isGreedy: boolean;
}

export type PatternSyntax =
  | { readonly node: 'variable'; readonly name: string; readonly range: TextRange }
  | { readonly node: 'sequence'; readonly items: readonly PatternSyntax[]; readonly range: TextRange }
  /** The first that can be is preferred. */
  | { readonly node: 'alternatives'; readonly items: readonly PatternSyntax[]; readonly range: TextRange }
  | {
      readonly node: 'repeat';
      readonly item: PatternSyntax;
      readonly quantifier: Quantifier;
      readonly range: TextRange;
    };

/** Names of the variables, each once, in the order of the text. */
export function variablesOf(pattern: PatternSyntax): readonly string[] {
  const names = (syntax: PatternSyntax): readonly string[] => {
    switch (syntax.node) {
      case 'variable':
        return [syntax.name];
      case 'repeat':
        return names(syntax.item);
      default:
        return syntax.items.flatMap(names);
    }
  };
  return [...new Set(names(pattern))];
}

/** Fewest rows of a match. */
export function fewestRows(pattern: PatternSyntax): number {
  switch (pattern.node) {
    case 'variable':
      return 1;
    case 'sequence':
      return pattern.items.reduce((sum, item) => sum + fewestRows(item), 0);
    case 'alternatives':
      return Math.min(...pattern.items.map(fewestRows));
    case 'repeat':
      return pattern.quantifier.min * fewestRows(pattern.item);
  }
}

/** States that its automaton has, about: quantifiers that count repeat what they count. */
export function sizeOf(pattern: PatternSyntax): number {
  switch (pattern.node) {
    case 'variable':
      return 1;
    case 'sequence':
    case 'alternatives':
      return pattern.items.reduce((sum, item) => sum + 1 + sizeOf(item), 0);
    case 'repeat': {
      const { min, max } = pattern.quantifier;
      return (1 + sizeOf(pattern.item)) * Math.max(1, min, max === Infinity ? min + 1 : max);
    }
  }
}
