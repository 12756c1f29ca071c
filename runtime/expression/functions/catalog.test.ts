import { describe, expect, it } from 'vitest';
import { schemaOf } from '../../core/schema.ts';
import type { Value } from '../../core/types.ts';
import {
  checkExpression,
  compileKernel,
  evaluate,
  functionCatalog,
  printExpression,
  printFlinkSql,
  printSparkSql,
  scopeOf,
  untranslatable,
} from '../index.ts';

const scope = scopeOf(schemaOf([]));
const context = { now: () => 1_700_000_000_000, random: () => 0.25 };

function valueOf(text: string): Value {
  const { expression, problems } = checkExpression(text, scope);
  expect(problems, text).toEqual([]);
  return evaluate(expression!, [], context);
}

describe('the function catalogue', () => {
  it('has at least 160 functions, under names of their own', () => {
    const names = functionCatalog.flatMap((spec) => [spec.name, ...spec.aliases]);
    expect(functionCatalog.length).toBeGreaterThanOrEqual(160);
    expect(new Set(names).size).toBe(names.length);
  });

  it.each(functionCatalog.map((spec) => [spec.name, spec] as const))('%s does what its example says', (name, spec) => {
    const { expression, result } = spec.example;
    expect(expression).toContain(name);
    expect(valueOf(expression)).toEqual(valueOf(result));
    const typed = checkExpression(expression, scope).expression!;
    expect(compileKernel(typed)([], 1, context).value(0)).toEqual(valueOf(result));
    expect(checkExpression(printExpression(typed), scope).expression).toEqual(typed);
  });

  it.each(functionCatalog.map((spec) => [spec.name, spec] as const))(
    '%s is documented and can be written for both targets, or says why not',
    (_, spec) => {
      expect(spec.doc).toMatch(/\.$/);
      const typed = checkExpression(spec.example.expression, scope).expression!;
      for (const [target, print] of [
        ['flink', printFlinkSql],
        ['spark', printSparkSql],
      ] as const) {
        const reasons = untranslatable(typed, target);
        expect(reasons.every((reason) => reason.length > 0)).toBe(true);
        expect(print(typed)).not.toMatch(/undefined|\[object/);
      }
    },
  );
});
