import type { Diagnostic } from '../core/diagnostics.ts';
import { codedError } from '../protocol/wire.ts';

/** What a request is rejected with whose document has errors: they are in its `diagnostics`. */
export function refused(diagnostics: readonly Diagnostic[]): Error {
  const errors = diagnostics.filter((one) => one.severity === 'error');
  const [first] = errors;
  const count = errors.length === 1 ? 'an error' : `${errors.length} errors`;
  return codedError(first?.code ?? 'MR1002', `The document has ${count}: ${first?.message ?? ''}`, { diagnostics });
}
