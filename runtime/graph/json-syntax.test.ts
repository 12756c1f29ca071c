import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSyntaxProblem } from './json-syntax.ts';

describe('findSyntaxProblem', () => {
  it.each([
    ['', 1, 1, 'expected a value, found the end of the text'],
    ['{"a": 1,}', 1, 9, 'expected a key in double quotes, found "}"'],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'expected "," or "}", found "\\""'],
    ['[1, 2', 1, 6, 'expected "," or "]", found the end of the text'],
    ['{"a" 1}', 1, 6, 'expected ":", found "1"'],
    ['[tru]', 1, 2, 'expected a value, found "t"'],
    ['["\\q"]', 1, 3, 'unknown escape in a string, found "\\\\"'],
    ['["a\n"]', 1, 4, 'expected the end of the string, found "\\n"'],
    ['{} x', 1, 4, 'expected the end of the text, found "x"'],
    ['[01]', 1, 3, 'expected "," or "]", found "1"'],
  ])('finds the place in %j', (text, line, column, message) => {
    expect(findSyntaxProblem(text)).toMatchObject({ line, column, message });
  });

  it('agrees with JSON.parse on what is JSON', () => {
    const mutated = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', '{', '}', '[', ']', ',', ':', '"', '0', '-', '\\', ' ', 'e'))
      .map(([text, at, piece]) => {
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + piece + text.slice(cut + 1);
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), mutated), (text) => {
        expect(findSyntaxProblem(text) === null).toBe(isJson(text));
      }),
      { numRuns: 500 },
    );
  });

  it('takes any depth', () => {
    expect(findSyntaxProblem('['.repeat(200_000))).toMatchObject({ offset: 200_000 });
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
