import { describe, expect, it } from 'vitest';
import { compilePattern } from './automaton.ts';
import { checkPattern } from './check-pattern.ts';
import type { PatternSyntax } from './pattern-syntax.ts';
import { variablesOf } from './pattern-syntax.ts';

/** With every group and quantifier written out. */
function printed(pattern: PatternSyntax | null): string {
  if (pattern === null) return 'nothing';
  switch (pattern.node) {
    case 'variable':
      return pattern.name;
    case 'sequence':
      return `(${pattern.items.map(printed).join(' ')})`;
    case 'alternatives':
      return `(${pattern.items.map(printed).join(' | ')})`;
    case 'repeat': {
      const { min, max, isGreedy } = pattern.quantifier;
      return `${printed(pattern.item)}{${min},${max}}${isGreedy ? '' : '?'}`;
    }
  }
}

describe('the text of a pattern', () => {
  it.each([
    ['A', 'A'],
    ['A B', '(A B)'],
    ['(A B+ C)', '(A B{1,Infinity} C)'],
    ['A*B?C+\n D', '(A{0,Infinity} B{0,1} C{1,Infinity} D)'],
    ['A{2} B{2,} C{1,3} D{,4} E', '(A{2,2} B{2,Infinity} C{1,3} D{0,4} E)'],
    ['A B*? C?? D+? E{2,3}? F{1,}?', '(A B{0,Infinity}? C{0,1}? D{1,Infinity}? E{2,3}? F{1,Infinity}?)'],
    ['A | B C | D', '(A | (B C) | D)'],
    ['(A (B | C))+ D', '((A (B | C)){1,Infinity} D)'],
    ['größe _x $1', '(größe _x $1)'],
  ])('%s', (text, structure) => {
    expect(printed(checkPattern(text).pattern)).toBe(structure);
  });

  it.each([
    ['', 'Expected a variable or "(" but found the end', 0, 0],
    ['A (B', 'Expected ")" but found the end', 3, 4],
    ['A )', 'Expected the end but found ")"', 2, 3],
    ['+ A', 'Expected a variable or "(" but found "+"', 0, 1],
    ['A{3,2} B', '{3,2} ends before it begins', 1, 6],
    ['A{0} B', 'At most 0 rows: leave the variable out', 1, 4],
    ['A{} B', 'Say how often: {n}, {n,}, {n,m} or {,m}', 1, 3],
  ])('%j cannot be read', (text, message, start, end) => {
    const { pattern, problems } = checkPattern(text);
    expect(pattern).toBeNull();
    expect(problems).toEqual([{ code: 'MR1310', message, range: { start, end } }]);
  });

  it('says where there is a character that means nothing', () => {
    const { problems } = checkPattern('^ A B');
    expect(problems[0]).toMatchObject({ code: 'MR1310', range: { start: 0, end: 1 } });
  });

  it.each([
    ['A*', 'no row'],
    ['A? B*?', 'no row'],
    ['A | B*', 'no row'],
    ['(A?)+ B', 'could be empty'],
    ['A B*', 'greedy'],
    ['A B+ C?', 'greedy'],
    ['A B{1,2} C*?', 'greedy'],
    ['A | B C+', 'greedy'],
    ['(A B+){2}', 'greedy'],
    ['A{100000000}', 'too far'],
    ['((A{50}){50}){50}', 'too far'],
  ])('%s asks for too much', (text, message) => {
    const { pattern, problems } = checkPattern(text);
    expect(pattern).toBeNull();
    expect(problems.every(({ code }) => code === 'MR1311')).toBe(true);
    expect(problems.some((problem) => problem.message.includes(message))).toBe(true);
  });

  it.each(['A B+?', 'A B{2}', 'A B{2,}?', 'A B*? C', '(A B+?)+?', 'A | B+ C'])('%s knows when to stop', (text) => {
    expect(checkPattern(text).problems).toEqual([]);
  });

  it('names its variables once', () => {
    expect(variablesOf(checkPattern('A B+ (A | C) B').pattern!)).toEqual(['A', 'B', 'C']);
  });

  it('is whole where nothing more has to come', () => {
    const { states, isAccepting } = compilePattern(checkPattern('A B*?').pattern!);
    const taken = states.find((state) => state.type === 'take' && state.variable === 'A');
    expect(taken?.type === 'take' && isAccepting[taken.next]).toBe(true);
  });
});
