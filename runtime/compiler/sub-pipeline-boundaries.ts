/** The ports that a document declares for those who use it as a sub-pipeline. */
import type { Diagnostic } from '../core/diagnostics.ts';
import type { NodeId } from '../core/ids.ts';
import { isComposite } from '../core/operator.ts';
import { say } from '../core/say.ts';
import type { Boundary } from '../core/sub-pipeline.ts';
import type { AnalyzedNode } from './validator.ts';

export interface BoundaryNode extends Boundary {
  readonly id: NodeId;
}

/** In the document's order; without those whose config has errors. */
export function boundariesOf(nodes: ReadonlyMap<NodeId, AnalyzedNode>): readonly BoundaryNode[] {
  return [...nodes].flatMap(([id, { spec, config }]): BoundaryNode[] => {
    if (spec === null || config === null || !isComposite(spec) || spec.boundary === undefined) return [];
    return [{ id, ...spec.boundary(config) }];
  });
}

/** Two of a side with one name. */
export function boundaryProblems(nodes: ReadonlyMap<NodeId, AnalyzedNode>): Diagnostic[] {
  const boundaries = boundariesOf(nodes);
  return boundaries
    .filter((one, i) => boundaries.findIndex((other) => other.side === one.side && other.port === one.port) < i)
    .map(({ id, side, port }) => ({
      severity: 'error',
      code: 'MR1813',
      message: say`there is another ${side} "${port}"`,
      nodeId: id,
      path: 'port',
    }));
}
