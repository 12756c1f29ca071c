import type { DiagnosticCode } from '../../core/diagnostic-codes.ts';
import type { TextRange } from '../../core/diagnostics.ts';
import { say } from '../../core/say.ts';

/** Ends the reading or planning of a query: only its first problem is told, for what follows from it would only confuse. */
export class QueryProblem extends Error {
  readonly code: DiagnosticCode;
  readonly range: TextRange;

  constructor(code: DiagnosticCode, message: string, range: TextRange) {
    super(message);
    this.code = code;
    this.range = range;
  }
}

/** SQL that no operator can do, with what to write instead. */
export function unsupported(construct: string, instead: string, range: TextRange): QueryProblem {
  return new QueryProblem('MR1802', say`${construct}: ${instead}`, range);
}
