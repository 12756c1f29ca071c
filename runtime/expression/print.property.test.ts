import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomExpression, randomSchema } from '../testing/expression-arbitraries.ts';
import { checkExpression, printExpression, scopeOf } from './index.ts';

const scope = scopeOf(randomSchema);

describe('the canonical text', () => {
  it('is read back as the same tree, and printed the same again', () => {
    fc.assert(
      fc.property(randomExpression, (text) => {
        const { expression } = checkExpression(text, scope);
        const printed = printExpression(expression!);
        const again = checkExpression(printed, scope);
        expect(again, printed).toEqual({ expression, problems: [] });
        expect(printExpression(again.expression!)).toBe(printed);
      }),
      { seed: 20261122, numRuns: 500 },
    );
  });

  it('of a tree that was cloned between threads is the same', () => {
    fc.assert(
      fc.property(randomExpression, (text) => {
        const { expression } = checkExpression(text, scope);
        expect(structuredClone(expression)).toEqual(expression);
      }),
      { seed: 20261122, numRuns: 100 },
    );
  });
});

describe('any text', () => {
  it('is read to the end, whatever it is, with problems inside its range', () => {
    const piece = fc.constantFrom(
      'i',
      's',
      '(',
      ')',
      '[',
      ']',
      ',',
      '.',
      '+',
      '-',
      "'",
      '"',
      '`',
      'CASE',
      'WHEN',
      'END',
      'AND',
      'NOT',
      'IS',
      'IN',
      'CAST',
      'AS',
      '1',
      '1.5',
      'UPPER(',
      'EXTRACT(',
      'FROM',
      'INTERVAL',
      "'5'",
      'DAY',
      'BETWEEN',
      'LIKE',
      '/*',
      '--',
      '\n',
      '€',
      '=',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.array(piece, { maxLength: 12 }).map((p) => p.join(' ')),
          fc.string(),
        ),
        (text) => {
          const { expression, problems } = checkExpression(text, scope);
          expect(expression === null, text).toBe(problems.length > 0);
          for (const { range, code } of problems) {
            expect(code).toMatch(/^MR1[34]\d\d$/);
            expect(
              range.start >= 0 && range.start <= range.end && range.end <= text.length,
              `${text} ${JSON.stringify(range)}`,
            ).toBe(true);
          }
        },
      ),
      { seed: 20261122, numRuns: 1000 },
    );
  });
});
