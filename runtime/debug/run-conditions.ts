/** Expressions on single rows, as conditions and for a look at their parts. */
import type { Batch } from '../core/batch.ts';
import { columnBuilder } from '../core/column-builder.ts';
import { say } from '../core/say.ts';
import { type Schema } from '../core/schema.ts';
import { BOOLEAN, printDataType, type Value } from '../core/types.ts';
import {
  checkExpression,
  checkSyntax,
  evaluate,
  parseExpression,
  scopeOf,
  syntaxChildren,
  type EvaluationContext,
  type Scope,
  type Syntax,
} from '../expression/index.ts';
import { formatValue } from '../formats/index.ts';
import type { SubexpressionValue } from '../protocol/debug.ts';

/** Clock and chance of a debug run are at rest while somebody looks. */
export function atRest(now: number): EvaluationContext {
  return { now: () => now, random: () => 0.5 };
}

/** Whether a row fits; false where the expression cannot be computed. Or what is wrong with the text. */
export function rowCondition(
  text: string,
  schema: Schema,
): { readonly test: (row: readonly Value[], now: number) => boolean } | { readonly problem: string } {
  const { expression, problems } = checkExpression(text, scopeOf(schema), BOOLEAN);
  if (expression === null) return { problem: problems[0]?.message ?? say`the condition cannot be read` };
  return {
    test: (row, now) => {
      try {
        return evaluate(expression, row, atRest(now)) === true;
      } catch {
        return false;
      }
    },
  };
}

/** Value of an expression as a row sample would show it; why there is none in `error`. */
export function subexpressions(
  text: string,
  scope: Scope,
  row: readonly Value[],
  now: number,
): readonly SubexpressionValue[] {
  const { syntax } = parseExpression(text);
  const found: SubexpressionValue[] = [];
  visit(syntax, (part) => {
    const { expression, problems } = checkSyntax(part, scope);
    const { start, end } = part.range;
    const at = { start, end, text: text.slice(start, end) };
    if (expression === null) {
      // Literal parts such as a bare NULL have no type of their own: only the whole is worth a word.
      if (part === syntax)
        found.push({ ...at, type: '', value: null, error: problems[0]?.message ?? say`it cannot be read` });
      return;
    }
    if (part !== syntax && expression.node === 'literal') return;
    const type = printDataType(expression.type);
    try {
      const builder = columnBuilder(expression.type, 1);
      builder.appendValue(evaluate(expression, row, atRest(now)));
      found.push({ ...at, type, value: formatValue(expression.type, builder.finish(), 0), error: null });
    } catch (error) {
      found.push({ ...at, type, value: null, error: error instanceof Error ? error.message : String(error) });
    }
  });
  return found;
}

function visit(syntax: Syntax, look: (part: Syntax) => void): void {
  look(syntax);
  for (const child of syntaxChildren(syntax)) visit(child, look);
}

export function rowValues(batch: Batch): readonly Value[] {
  return batch.row(0);
}

/** `{expression}` in a text becomes its value. */
export function fillTemplate(template: string, schema: Schema, row: readonly Value[], now: number): string {
  return template.replace(/\{([^{}]+)\}/g, (_, text: string) => {
    const [whole] = subexpressions(text, scopeOf(schema), row, now);
    if (whole === undefined || whole.error !== null) return `{${text}: ${whole?.error ?? '?'}}`;
    return typeof whole.value === 'string' ? whole.value : JSON.stringify(whole.value);
  });
}
