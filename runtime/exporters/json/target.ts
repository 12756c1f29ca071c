/** The pipeline for other programs: parameters filled in, composites taken apart, the fields of every stream told. */
import { printDataType } from '../../core/types.ts';
import type { ExportGraph, ExportNode } from '../export-graph.ts';
import type { Export, Target } from '../target.ts';

export const jsonTarget: Target = {
  id: 'json',
  label: 'JSON',
  version: null,
  export: (graph, base): Export => ({
    losses: [],
    remarks: [],
    files: [{ path: `${base}.json`, text: `${JSON.stringify(asJson(graph), null, 2)}\n`, about: 'the resolved graph' }],
    dependencies: [],
    commands: [],
    names: new Map(graph.nodes.map(({ id }) => [id, [id]])),
  }),
};

function asJson({ name, description, settings, nodes }: ExportGraph): object {
  return { format: 'millrace/graph', version: 1, name, description, settings, nodes: nodes.map(nodeAsJson) };
}

function nodeAsJson({ id, origin, type, label, parallelism, config, edges, outputs }: ExportNode): object {
  const ports = Object.entries(outputs).map(([port, { schema, eventTime, changelog, bounded }]) => {
    const fields = schema.fields.map((field) => ({ ...field, type: printDataType(field.type) }));
    return [port, { fields, eventTime, changelog, bounded }] as const;
  });
  return {
    id,
    // Of a composite of the document.
    ...(origin === id ? {} : { partOf: origin }),
    type,
    label,
    ...(parallelism === null ? {} : { parallelism }),
    config,
    inputs: edges.map(({ from, fromPort, toPort }) => ({ port: toPort, from, fromPort })),
    outputs: Object.fromEntries(ports),
  };
}
