import { assert } from '../../core/errors.ts';
import { exportGraph, type ExportGraph } from '../export-graph.ts';
import type { Job } from './case.ts';

/** A case as exporters see it. Throws the first of its errors. */
export function graphOf({ document, params, baseFolder }: Omit<Job, 'scratch'>): ExportGraph {
  const { graph, diagnostics } = exportGraph(document, { params, baseFolder });
  assert(graph !== null, diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'no graph');
  return graph;
}
