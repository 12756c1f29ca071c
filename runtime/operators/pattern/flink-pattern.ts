/** What patterns of Flink SQL cannot say: its documentation of MATCH_RECOGNIZE, and what its compiler of patterns refuses. */
import { say } from '../../core/say.ts';
import { parsePattern } from './parse-pattern.ts';
import { fewestRows, type PatternSyntax } from './pattern-syntax.ts';

/** Why Flink would not take the pattern, and what to write instead; null: it does. */
export function flinkPatternProblem(text: string): string | null {
  const { pattern } = parsePattern(text);
  if (pattern === null) return null;
  const items = pattern.node === 'sequence' ? pattern.items : [pattern];
  if (items.some(hasAlternatives)) {
    return say`has alternatives in its pattern, which Flink has not: take one variable whose condition has an OR`;
  }
  if (!items.every(isVariable)) {
    return say`has groups in its pattern, which Flink has not: repeat single variables only`;
  }
  if (fewestRows(pattern) === 0) {
    return say`has a pattern that may be without rows, which Flink does not take: let one variable be there at least once`;
  }
  if (isGreedy(items.at(-1)!)) {
    return say`ends with what takes as many rows as it can, for which Flink has no end: put a variable behind it, or make it reluctant ("?" behind it)`;
  }
  if (items.some((item, i) => i > 0 && isOptional(item) && isGreedy(items[i - 1]!))) {
    return say`has what may be left out behind what takes as many rows as it can, which Flink does not take: make the first reluctant ("?" behind it)`;
  }
  return null;
}

function hasAlternatives(syntax: PatternSyntax): boolean {
  switch (syntax.node) {
    case 'variable':
      return false;
    case 'alternatives':
      return true;
    case 'sequence':
      return syntax.items.some(hasAlternatives);
    case 'repeat':
      return hasAlternatives(syntax.item);
  }
}

function isVariable(syntax: PatternSyntax): boolean {
  return syntax.node === 'variable' || (syntax.node === 'repeat' && syntax.item.node === 'variable');
}

function isGreedy(syntax: PatternSyntax): boolean {
  if (syntax.node !== 'repeat') return false;
  const { min, max, isGreedy: takesAll } = syntax.quantifier;
  return takesAll && max > 1 && max > min;
}

function isOptional(syntax: PatternSyntax): boolean {
  return syntax.node === 'repeat' && syntax.quantifier.min === 0;
}
