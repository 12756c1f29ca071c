/** A document to the files of a target. */
import type { Diagnostic } from '../core/diagnostics.ts';
import { say } from '../core/say.ts';
import type { PipelineDocument } from '../graph/index.ts';
import { exportGraph, type ExportGraph, type GraphOptions } from './export-graph.ts';
import { lossReport, type LossReport } from './loss-report.ts';
import { readmeOf } from './readme.ts';
import type { Export, ExportedFile, Target } from './target.ts';

export interface DocumentExport {
  /** Null: the document has errors. */
  readonly report: LossReport | null;
  /** With README.md and manifest.json; none where something is impossible. */
  readonly files: readonly ExportedFile[];
  /** Of the document, and an error for all that is impossible (MR2401). */
  readonly diagnostics: readonly Diagnostic[];
}

/** Pure. */
export function exportDocument(document: PipelineDocument, target: Target, options: GraphOptions): DocumentExport {
  const { graph, diagnostics } = exportGraph(document, options);
  if (graph === null) return { report: null, files: [], diagnostics };
  const exported = target.export(graph, fileBase(graph.name));
  const report = lossReport(target.id, graph, exported.losses, exported.remarks);
  const impossible = impossibilities(target, report);
  if (impossible.length > 0) return { report, files: [], diagnostics: [...diagnostics, ...impossible] };
  const files = [
    ...exported.files,
    { path: 'README.md', text: readmeOf(graph, target, exported, report), about: 'what this is' },
    { path: 'manifest.json', text: manifestOf(graph, target, exported, report), about: 'all of this for programs' },
  ];
  return { report, files, diagnostics };
}

/** An error for all that a target has nothing for (MR2401). */
export function impossibilities({ label: name }: Pick<Target, 'label'>, { nodes }: LossReport): readonly Diagnostic[] {
  return nodes.flatMap(({ node, label, losses }) =>
    losses
      .filter(({ fidelity }) => fidelity === 'impossible')
      .map(({ text }): Diagnostic => ({
        severity: 'error',
        code: 'MR2401',
        message: say`${name}: "${label}" ${text}`,
        nodeId: node,
      })),
  );
}

function manifestOf(graph: ExportGraph, target: Target, exported: Export, report: LossReport): string {
  const { files, dependencies, commands, names } = exported;
  const manifest = {
    format: 'millrace/export',
    version: 1,
    pipeline: graph.name,
    target: target.id,
    targetVersion: target.version,
    files: files.map(({ path, about }) => ({ path, about })),
    dependencies,
    commands,
    nodes: graph.nodes.map(({ id, origin, type }) => ({
      id: origin,
      ...(origin === id ? {} : { part: id }),
      type,
      names: names.get(id) ?? [],
    })),
    losses: report,
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** `Clicks per minute` → `clicks-per-minute`. */
export function fileBase(name: string): string {
  const base = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  return base === '' ? 'pipeline' : base;
}
