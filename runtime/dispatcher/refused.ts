import type { Diagnostic } from '../core/diagnostics.ts';
import { say } from '../core/say.ts';
import { parseDocument, type PipelineDocument } from '../graph/index.ts';
import { codedError } from '../protocol/wire.ts';

/** What a request is rejected with whose document has errors: they are in its `diagnostics`. */
export function refused(diagnostics: readonly Diagnostic[]): Error {
  const errors = diagnostics.filter((one) => one.severity === 'error');
  const [first] = errors;
  const count = errors.length === 1 ? say`an error` : say`${errors.length} errors`;
  return codedError(first?.code ?? 'MR1002', say`The document has ${count}: ${first?.message ?? ''}`, { diagnostics });
}

/** The document in a text; throws as `refused` says when there is none. */
export function documentIn(text: string): PipelineDocument {
  const { document, diagnostics } = parseDocument(text);
  if (document === null) throw refused(diagnostics);
  return document;
}
