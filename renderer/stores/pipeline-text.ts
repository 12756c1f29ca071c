import type { PipelineDocument } from '../../runtime/graph/index.ts';

const texts = new WeakMap<PipelineDocument, string>();

/** All of a document that decides over the rows it gives: not where its nodes stand, and not its tests. */
export function pipelineText(document: PipelineDocument): string {
  const known = texts.get(document);
  if (known !== undefined) return known;
  const { nodes, edges, settings } = document;
  const text = JSON.stringify([nodes.map(({ position: _, label: __, ...node }) => node), edges, settings]);
  texts.set(document, text);
  return text;
}
