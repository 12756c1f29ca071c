import { validateDocument } from '../compiler/validate.ts';
import { assert } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import type { Schema } from '../core/schema.ts';
import type { PipelineDocument } from '../graph/index.ts';
import { exportGraph, type ExportGraph } from '../exporters/export-graph.ts';
import type { Job, JobContext } from './engine.ts';

/** A job as exporters see it. Throws the first of its errors. */
export function graphOf({ document, ...context }: Omit<Job, 'scratch'>): ExportGraph {
  const { graph, diagnostics } = exportGraph(document, context);
  assert(graph !== null, diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'no graph');
  return graph;
}

/** Schemas of what comes into each sink. */
export function sinkSchemas(
  document: PipelineDocument,
  { params, subPipelines }: Pick<JobContext, 'params' | 'subPipelines'>,
): ReadonlyMap<NodeId, Schema> {
  const { nodes } = validateDocument(document, { params, subPipelines });
  const sinks = [...nodes].filter(([, { ports }]) => ports.outputs.every(({ name }) => name === 'rejected'));
  return new Map(sinks.map(([id, { inputs }]) => [id, inputs[0]!.shape.schema]));
}
