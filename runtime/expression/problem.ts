import type { DiagnosticCode } from '../core/diagnostic-codes.ts';
import type { Severity, TextRange } from '../core/diagnostics.ts';
import { say } from '../core/say.ts';

/** A diagnostic of an expression, before anyone knows in which node and config key the expression stands. */
export interface ExpressionProblem {
  readonly severity: Severity;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly range: TextRange;
  /** Belongs in place of `range`. */
  readonly suggestion?: string;
}

/** `suggestion`: what was probably meant; the message says so. */
export function problem(
  code: DiagnosticCode,
  message: string,
  range: TextRange,
  suggestion: string | null = null,
): ExpressionProblem {
  if (suggestion === null) return { severity: 'error', code, message, range };
  return { severity: 'error', code, message: say`${message} Did you mean "${suggestion}"?`, range, suggestion };
}
