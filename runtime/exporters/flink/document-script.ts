import type { Diagnostic } from '../../core/diagnostics.ts';
import type { PipelineDocument } from '../../graph/index.ts';
import { impossibilities } from '../export-document.ts';
import { exportGraph, type ExportGraph, type GraphOptions } from '../export-graph.ts';
import { lossReport, type LossReport } from '../loss-report.ts';
import { flinkScript, type FlinkScript } from './script.ts';
import { flinkSqlTarget } from './target.ts';

/** What is sent to a Flink. */
export interface DocumentScript {
  readonly graph: ExportGraph;
  readonly script: FlinkScript;
  readonly report: LossReport;
}

/** Pure. `job` is null iff the document has errors, or an operator that Flink SQL has nothing for. */
export function documentScript(
  document: PipelineDocument,
  options: GraphOptions,
): { readonly job: DocumentScript | null; readonly diagnostics: readonly Diagnostic[] } {
  const { graph, diagnostics } = exportGraph(document, options);
  if (graph === null) return { job: null, diagnostics };
  const script = flinkScript(graph);
  const report = lossReport(flinkSqlTarget.id, graph, script.losses, script.remarks);
  const impossible = impossibilities(flinkSqlTarget, report);
  return {
    job: impossible.length > 0 ? null : { graph, script, report },
    diagnostics: [...diagnostics, ...impossible],
  };
}
