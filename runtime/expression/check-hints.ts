/** What a message about types can advise. */
import { say } from '../core/say.ts';
import { printTimestamp } from '../core/time.ts';
import { isNumeric, printDataType, type DataType } from '../core/types.ts';
import { canCast } from './type-rules.ts';
import type { TypedExpression } from './typed-expression.ts';

export function castHint(from: DataType, to: DataType): string {
  return canCast(from, to) ? say` Write CAST(… AS ${printDataType(to)}).` : '';
}

export function comparisonHint(typed: readonly TypedExpression[]): string {
  const time = typed.find((e) => e.type.kind === 'TIMESTAMP' || e.type.kind === 'DATE');
  if (time !== undefined && typed.some((e) => e.type.kind === 'STRING')) {
    const example = time.type.kind === 'DATE' ? '2026-11-22' : printTimestamp(0).slice(0, 19).replace('T', ' ');
    return say` Write ${time.type.kind} '${example}' for a literal, or add a CAST.`;
  }
  return say` Add a CAST.`;
}

export function timeAsNumber(from: DataType, to: DataType): boolean {
  return (from.kind === 'TIMESTAMP' || from.kind === 'DATE') && isNumeric(to);
}
