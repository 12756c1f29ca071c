import type { DiagnosticCode } from '../core/diagnostic-codes.ts';
import type { Severity, TextRange } from '../core/diagnostics.ts';

/** A diagnostic of an expression, before anyone knows in which node and config key the expression stands. */
export interface ExpressionProblem {
  readonly severity: Severity;
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly range: TextRange;
}

export function problem(code: DiagnosticCode, message: string, range: TextRange): ExpressionProblem {
  return { severity: 'error', code, message, range };
}
