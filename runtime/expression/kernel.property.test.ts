import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnOf } from '../core/column-builder.ts';
import type { Column } from '../core/column.ts';
import type { Value } from '../core/types.ts';
import {
  randomCondition,
  randomExpression,
  randomFullRow,
  randomRow,
  randomSchema,
} from '../testing/expression-arbitraries.ts';
import { checkExpression, compileKernel, compilePredicate, evaluate, scopeOf, type TypedExpression } from './index.ts';

const scope = scopeOf(randomSchema);
const context = { now: () => 1_700_000_000_000, random: () => 0.25 };
const settings = { seed: 20261122, numRuns: 400 };

function typed(text: string): TypedExpression {
  const { expression, problems } = checkExpression(text, scope);
  expect(problems, text).toEqual([]);
  return expression!;
}

function columnsOf(rows: readonly (readonly Value[])[]): readonly Column[] {
  return randomSchema.fields.map((f, c) =>
    columnOf(
      f.type,
      rows.map((row) => row[c]!),
    ),
  );
}

type Outcome = { readonly values: readonly Value[] } | 'failed';

/** What the interpreter gives row by row; a batch fails when one of its rows does. */
function interpreted(expression: TypedExpression, rows: readonly (readonly Value[])[]): Outcome {
  try {
    return { values: rows.map((row) => evaluate(expression, row, context)) };
  } catch (error) {
    expect(error).toMatchObject({ code: 'MR2104' });
    return 'failed';
  }
}

function computed(expression: TypedExpression, rows: readonly (readonly Value[])[]): Outcome {
  try {
    const column = compileKernel(expression)(columnsOf(rows), rows.length, context);
    return { values: rows.map((_, i) => column.value(i)) };
  } catch (error) {
    expect(error).toMatchObject({ code: 'MR2104' });
    return 'failed';
  }
}

describe('kernels', () => {
  for (const [what, row] of [
    ['rows with NULLs', randomRow],
    ['rows without NULLs', randomFullRow],
  ] as const) {
    it(`give what the interpreter gives, on ${what}`, () => {
      fc.assert(
        fc.property(randomExpression, fc.array(row, { minLength: 1, maxLength: 12 }), (text, rows) => {
          const expression = typed(text);
          expect(computed(expression, rows), text).toEqual(interpreted(expression, rows));
        }),
        settings,
      );
    });
  }

  it('give NULL only where the type says so', () => {
    fc.assert(
      fc.property(randomExpression, fc.array(randomRow, { minLength: 1, maxLength: 6 }), (text, rows) => {
        const expression = typed(text);
        const outcome = interpreted(expression, rows);
        if (outcome !== 'failed' && !expression.nullable) expect(outcome.values, text).not.toContain(null);
      }),
      settings,
    );
  });

  it('select the rows where a condition is TRUE', () => {
    fc.assert(
      fc.property(randomCondition, fc.array(randomRow, { minLength: 1, maxLength: 12 }), (text, rows) => {
        const expression = typed(text);
        const outcome = interpreted(expression, rows);
        const selection = new Int32Array(rows.length);
        const select = (): number[] => [
          ...selection.subarray(0, compilePredicate(expression)(columnsOf(rows), rows.length, context, selection)),
        ];
        if (outcome === 'failed') expect(select, text).toThrow(expect.objectContaining({ code: 'MR2104' }));
        else expect(select(), text).toEqual(outcome.values.flatMap((value, i) => (value === true ? [i] : [])));
      }),
      settings,
    );
  });
});
