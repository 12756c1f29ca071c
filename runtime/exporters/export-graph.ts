/** What every target starts from: a whole document, valid, without composites and parameters. */
import type { Diagnostic } from '../core/diagnostics.ts';
import { hasErrors } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import { isUrl } from '../core/webhdfs-location.ts';
import { validateDocument, type ValidateOptions, type Validation } from '../compiler/validate.ts';
import type { PipelineDocument, Settings } from '../graph/index.ts';
import type { RegionNode } from './region.ts';
import { takeApart } from './take-apart.ts';

export interface ExportNode extends RegionNode {
  /** As the canvas shows it. */
  readonly label: string;
  /** Subtasks, where the node has its own number. */
  readonly parallelism: number | null;
  /** Output ports that somebody reads. */
  readonly readPorts: readonly string[];
}

export interface ExportGraph {
  /** As it was, with composites and parameters. */
  readonly document: PipelineDocument;
  readonly name: string;
  readonly description: string;
  readonly settings: Settings;
  /** Each after all it reads from. */
  readonly nodes: readonly ExportNode[];
  /** Absolute `file:` URL of a path in a config; a URL stays as it is. */
  fileUrl(path: string): string;
}

export interface GraphOptions extends Pick<ValidateOptions, 'params' | 'subPipelines'> {
  /** Absolute; relative paths in configs are resolved against it. */
  readonly baseFolder: string;
  /** Of this document with these parameters and sub-pipelines; made when left out. */
  readonly validation?: Validation;
}

/** Pure. `graph` is null iff there are errors. A document without source or sink has one: there would be nothing to export. */
export function exportGraph(
  document: PipelineDocument,
  { params, subPipelines, baseFolder, validation }: GraphOptions,
): { readonly graph: ExportGraph | null; readonly diagnostics: readonly Diagnostic[] } {
  const known = validation ?? validateDocument(document, { params, subPipelines });
  const diagnostics = known.diagnostics.map((one): Diagnostic =>
    one.code === 'MR1110' || one.code === 'MR1111' ? { ...one, severity: 'error' } : one,
  );
  if (hasErrors(diagnostics)) return { graph: null, diagnostics };
  const ids = document.nodes.map(({ id }) => id);
  const apart = takeApart(document, ids, { params, subPipelines });
  const { name, description, settings } = document;
  const nodes = nodesOf(apart.document, apart.validation, apart.origins);
  return {
    graph: { document, name, description, settings, nodes, fileUrl: (path) => fileUrl(baseFolder, path) },
    diagnostics,
  };
}

function nodesOf(
  document: PipelineDocument,
  { order, nodes }: Validation,
  origins: ReadonlyMap<NodeId, NodeId>,
): readonly ExportNode[] {
  return order.map((id): ExportNode => {
    const node = document.nodes.find((one) => one.id === id)!;
    const analyzed = nodes.get(id)!;
    const readers = document.edges.filter(({ from }) => from === id);
    return {
      ...analyzed,
      id,
      type: node.type,
      origin: origins.get(id)!,
      label: node.label ?? analyzed.spec!.label,
      parallelism: node.parallelism ?? null,
      readPorts: [...new Set(readers.map(({ fromPort }) => fromPort))],
    };
  });
}

function fileUrl(baseFolder: string, path: string): string {
  if (isUrl(path)) return path;
  const isAbsolute = /^(?:[\\/]|[A-Za-z]:[\\/])/.test(path);
  const parts = (isAbsolute ? path : `${baseFolder}/${path}`).replaceAll('\\', '/').split('/');
  const kept: string[] = [];
  for (const part of parts) {
    if (part === '..') kept.pop();
    else if (part !== '' && part !== '.') kept.push(part);
  }
  return `file:///${kept.join('/')}`;
}
