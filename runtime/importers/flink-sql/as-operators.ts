/** Queries that are one operator become that operator; queries that hand their input on are left out. */
import { createValidator } from '../../compiler/validate.ts';
import type { Expansion } from '../../core/expansion.ts';
import type { NodeId } from '../../core/ids.ts';
import { escapeParameters, type PipelineDocument, type RawConfig } from '../../graph/index.ts';
import { catalog, findSpec } from '../../operators/catalog.ts';

/** Pure. */
export function asOperators(document: PipelineDocument): PipelineDocument {
  const validator = createValidator({});
  let current = document;
  for (const { id, type } of document.nodes) {
    if (type !== catalog.sql.type) continue;
    const expansion = validator.validate(current).nodes.get(id)?.expansion?.expansion;
    if (expansion === undefined || expansion.nodes.length !== 1) continue;
    const isIdentity = expansion.nodes[0]!.type === catalog.union.type && Object.keys(expansion.inputs).length === 1;
    current = isIdentity ? withoutNode(current, id) : withOperator(current, id, expansion);
  }
  return current;
}

/** Its readers read from where it read. */
function withoutNode(document: PipelineDocument, id: NodeId): PipelineDocument {
  const input = document.edges.find(({ to }) => to === id);
  if (input === undefined) return document;
  return {
    ...document,
    nodes: document.nodes.filter((node) => node.id !== id),
    edges: document.edges
      .filter(({ to }) => to !== id)
      .map((edge) => (edge.from === id ? { ...edge, from: input.from, fromPort: input.fromPort } : edge)),
  };
}

function withOperator(document: PipelineDocument, id: NodeId, { nodes, inputs }: Expansion): PipelineDocument {
  const [{ type, config }] = nodes as [Expansion['nodes'][number]];
  return {
    ...document,
    nodes: document.nodes.map((node) =>
      node.id === id
        ? { ...node, type, version: findSpec(type)!.version, config: escapeParameters(config) as RawConfig }
        : node,
    ),
    edges: document.edges.flatMap((edge) =>
      edge.to === id ? (inputs[edge.toPort] ?? []).map(({ port }) => ({ ...edge, toPort: port })) : [edge],
    ),
  };
}
