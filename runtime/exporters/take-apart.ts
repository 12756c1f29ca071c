/** A document without composites: what they stand for is in their place. */
import type { NodeId } from '../core/ids.ts';
import { isComposite } from '../core/operator.ts';
import { createValidator, type ValidateOptions, type Validation } from '../compiler/validate.ts';
import { explode, type PipelineDocument } from '../graph/index.ts';
import { findSpec } from '../operators/catalog.ts';

export interface Apart {
  readonly document: PipelineDocument;
  readonly validation: Validation;
  /** The chosen nodes, by id; each with the one of the document that it is or was a part of. */
  readonly origins: ReadonlyMap<NodeId, NodeId>;
}

/** Composites among the nodes are taken apart, and those in them. Pure; the document stays as it is. */
export function takeApart(
  document: PipelineDocument,
  ids: readonly NodeId[],
  { params, subPipelines }: Pick<ValidateOptions, 'params' | 'subPipelines'> = {},
): Apart {
  const validator = createValidator({ params, subPipelines });
  const origins = new Map(ids.map((id) => [id, id]));
  for (let current = document; ;) {
    const validation = validator.validate(current);
    const composite = [...origins.keys()].find((id) => {
      const node = validation.nodes.get(id);
      return node !== undefined && node.spec !== null && isComposite(node.spec) && node.expansion !== null;
    });
    if (composite === undefined) return { document: current, validation, origins };
    const { expansion } = validation.nodes.get(composite)!.expansion!;
    const versionOf = (type: string): number => findSpec(type)?.version ?? 1;
    const exploded = explode(current, composite, expansion, versionOf, { x: 0, y: 0 });
    const origin = origins.get(composite)!;
    origins.delete(composite);
    for (const id of exploded.ids) origins.set(id, origin);
    current = exploded.document;
  }
}
