/**
 * What SQL has no place for (labels, parameters, notes, settings of our own), as the last comment of a script: a line of JSON for the document
 * and one for each operator. `importers/flink-sql` reads it back, as far as the statements still say the same.
 */
import { printDocument, readDocument, type PipelineDocument } from '../../graph/index.ts';
import type { ExportGraph } from '../export-graph.ts';

const HEAD = 'What SQL has no place for, for `millrace import` to read; Flink does not need it.';
const MARK = 'millrace:';

interface WrittenDocument {
  readonly nodes: readonly Record<string, unknown>[];
}

/** Lines of comment, without their dashes. Where things stood on the canvas is left out: a script has no layout. */
export function keptLines({ document, fileUrl }: ExportGraph): readonly string[] {
  const { nodes, ...rest } = JSON.parse(printDocument(document)) as WrittenDocument;
  const all = [{ folder: fileUrl('.'), ...rest }, ...nodes.map(({ position: _, ...node }) => node)];
  return [HEAD, ...all.map((one) => `${MARK} ${JSON.stringify(one)}`)];
}

/** Null: there is none that can be read. `folder`: that its paths are seen from. */
export function readKept(script: string): { readonly document: PipelineDocument; readonly folder: string } | null {
  const lines = [...script.matchAll(/^-- millrace: (\{.*\})\s*$/gm)].map(([, json]) => json!);
  const parts = lines.flatMap((line): object[] => {
    try {
      return [JSON.parse(line) as object];
    } catch {
      return [];
    }
  });
  if (parts.length === 0 || parts.length < lines.length) return null;
  const [{ folder, ...rest }, ...nodes] = parts as [{ folder?: unknown }, ...object[]];
  const { document } = readDocument({ ...rest, nodes: nodes.map((node) => ({ ...node, position: { x: 0, y: 0 } })) });
  return document === null ? null : { document, folder: String(folder).replace(/^file:\/\//, '') };
}
