import {
  BaseEdge,
  getBezierPath,
  Handle,
  Position,
  type EdgeProps,
  type HandleProps,
  type Node,
  type NodeProps,
} from '@xyflow/react';
import type { FlowEdge } from '../canvas/flow-model.ts';
import { memo, type ReactNode } from 'react';
import type { PipelineNode } from '../../runtime/graph/index.ts';
import { findSpec } from '../../runtime/operators/catalog.ts';
import { edgeKey } from '../stores/metrics-summary.ts';
import { nodeLabel } from '../ui/operator-assets.ts';
import { OperatorIcon } from '../ui/OperatorIcon.tsx';
import { DiffMark } from './DiffMark.tsx';
import type { ShownDiff } from './diff-store.ts';

export type GhostFlowNode = Node<
  { readonly node: PipelineNode; readonly inputs: readonly string[]; readonly outputs: readonly string[] },
  'ghost'
>;

/** What was there, where it was. */
export const GhostNode = memo(function GhostNode({ data }: NodeProps<GhostFlowNode>): ReactNode {
  const { node, inputs, outputs } = data;
  const spec = findSpec(node.type);
  return (
    <div className="canvas-node diff-ghost">
      <div className="canvas-node-head">
        <OperatorIcon type={node.type} category={spec?.category ?? null} />
        <span className="canvas-node-label">{nodeLabel(node)}</span>
        <DiffMark mark="removed" />
      </div>
      <Ports names={inputs} type="target" position={Position.Left} />
      <Ports names={outputs} type="source" position={Position.Right} />
    </div>
  );
});

function Ports({
  names,
  ...side
}: Pick<HandleProps, 'type' | 'position'> & { readonly names: readonly string[] }): ReactNode {
  return names.map((name) => <Handle key={name} id={name} {...side} className="canvas-port" isConnectable={false} />);
}

export const GhostEdge = memo(function GhostEdge(props: EdgeProps<FlowEdge>): ReactNode {
  const [path] = getBezierPath(props);
  return <BaseEdge id={props.id} path={path} className="diff-ghost-edge" />;
});

/** Removed nodes and edges, to be drawn along with what is there. */
export function ghostsOf(diff: ShownDiff | null): { readonly nodes: GhostFlowNode[]; readonly edges: FlowEdge[] } {
  if (diff === null) return { nodes: [], edges: [] };
  const gone = diff.changes.flatMap((change) =>
    change.element === 'edge' && change.kind === 'removed' ? [change.before] : [],
  );
  const nodes = diff.changes.flatMap((change): GhostFlowNode[] => {
    if (change.element !== 'node' || change.kind !== 'removed') return [];
    const node = change.before;
    const unique = (ports: readonly string[]): string[] => [...new Set(ports)];
    return [
      {
        id: node.id,
        type: 'ghost',
        position: node.position,
        data: {
          node,
          inputs: unique(gone.filter((edge) => edge.to === node.id).map((edge) => edge.toPort)),
          outputs: unique(gone.filter((edge) => edge.from === node.id).map((edge) => edge.fromPort)),
        },
        draggable: false,
        selectable: false,
        focusable: false,
        ariaLabel: nodeLabel(node),
      },
    ];
  });
  const edges = gone.map((edge): FlowEdge => ({
    id: `gone\n${edgeKey(edge)}`,
    type: 'ghost',
    data: { ref: edge },
    source: edge.from,
    sourceHandle: edge.fromPort,
    target: edge.to,
    targetHandle: edge.toPort,
    selectable: false,
    focusable: false,
    reconnectable: false,
  }));
  return { nodes, edges };
}
