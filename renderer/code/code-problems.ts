/** Problems of a document as marks in its text. */
import type { Diagnostic, TextRange } from '../../runtime/core/diagnostics.ts';
import type { PipelineDocument } from '../../runtime/graph/index.ts';
import { said } from '../app/i18n/said.ts';
import { parsePath } from '../inspector/form/config-path.ts';
import type { EditorProblem } from './editor-types.ts';
import { placeOf, type JsonPath } from './json-places.ts';

/** Of a text that is no document. */
export function textProblems(text: string, diagnostics: readonly Diagnostic[]): readonly EditorProblem[] {
  return diagnostics.map((one) => ({
    severity: one.severity,
    message: `${one.code}: ${said(one.message)}`,
    range: one.range ?? (one.path === undefined ? null : placeOf(text, parsePath(one.path))),
  }));
}

/** Of a document, at their places in `text`, which must be its text. */
export function documentProblems(
  text: string,
  document: PipelineDocument,
  diagnostics: readonly Diagnostic[],
): readonly EditorProblem[] {
  return diagnostics.map((one) => ({
    severity: one.severity,
    message: `${one.code}: ${said(one.message)}`,
    range: rangeOf(text, document, one),
  }));
}

/** Where a problem, or any other place of a document, stands in its text. */
export function rangeOf(
  text: string,
  document: PipelineDocument,
  problem: Pick<Diagnostic, 'nodeId' | 'edge' | 'path'>,
): TextRange | null {
  const { nodeId, edge, path } = problem;
  if (nodeId !== undefined) {
    const index = document.nodes.findIndex((node) => node.id === nodeId);
    const inNode: JsonPath = path === undefined ? ['id'] : ['config', ...parsePath(path)];
    return placeOf(text, ['nodes', index, ...inNode]);
  }
  if (edge !== undefined) {
    const index = document.edges.findIndex(
      (one) =>
        one.from === edge.from && one.to === edge.to && one.fromPort === edge.fromPort && one.toPort === edge.toPort,
    );
    return placeOf(text, ['edges', index]);
  }
  return path === undefined ? firstCharacter(text) : placeOf(text, parsePath(path));
}

/** A problem of the whole would underline everything. */
function firstCharacter(text: string): TextRange {
  return { start: 0, end: Math.min(1, text.length) };
}
