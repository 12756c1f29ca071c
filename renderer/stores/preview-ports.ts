/** Which ports' rows belong to what is selected. */
import { useMemo } from 'react';
import type { EdgeRef } from '../../runtime/core/diagnostics.ts';
import { DEFAULT_INPUT, upstreamOf, type PipelineDocument } from '../../runtime/graph/index.ts';
import type { NodeId } from '../../runtime/core/ids.ts';
import { isSink } from '../../runtime/core/operator.ts';
import type { Watch } from '../../runtime/protocol/job.ts';
import type { Validation } from '../../runtime/compiler/validate.ts';
import { useDocumentStore, usePipeline } from './document-store.ts';
import { setWatches } from './run-store.ts';
import { activeValidation, useValidation, useValidationStore } from './validation-store.ts';
import { useViewStore } from './view-store.ts';

export interface Selection {
  readonly nodeIds: readonly NodeId[];
  readonly edge: EdgeRef | null;
}

/**
 * An edge: the port it leaves. A node: its output ports, the optional ones last; a sink's are what it publishes itself (under its
 * input's name), the ports that feed it, and what it sends on. Several nodes: none.
 */
export function previewPorts(
  document: PipelineDocument,
  validation: Pick<Validation, 'nodes'> | null,
  selection: Selection,
): readonly Watch[] {
  const { nodeIds, edge } = selection;
  if (edge !== null) {
    const found = document.edges.find((one) => one.from === edge.from && one.fromPort === edge.fromPort);
    return found === undefined ? [] : [{ nodeId: found.from, port: found.fromPort }];
  }
  const [id, ...others] = nodeIds;
  if (id === undefined || others.length > 0 || !document.nodes.some((node) => node.id === id)) return [];
  const node = validation?.nodes.get(id);
  const outputs = node?.ports.outputs ?? [];
  const optionalLast = outputs.toSorted((a, b) => Number(a.isOptional ?? false) - Number(b.isOptional ?? false));
  const leaving = optionalLast.map((port) => ({ nodeId: id, port: port.name }));
  if (node !== undefined && !isSink(node)) return leaving;
  const feeding = document.edges.filter((one) => one.to === id);
  return [
    { nodeId: id, port: DEFAULT_INPUT },
    ...feeding.map((one) => ({ nodeId: one.from, port: one.fromPort })),
    ...leaving,
  ];
}

/** Connected outputs of the sources that a node reads from, by whatever way; its own where it is a source. */
export function sourcesBefore(
  document: PipelineDocument,
  validation: Pick<Validation, 'nodes'> | null,
  node: NodeId,
): readonly Watch[] {
  const before = new Set([node, ...upstreamOf(document, [node])]);
  const isSource = (id: NodeId): boolean => {
    const ports = validation?.nodes.get(id)?.ports;
    return ports !== undefined && ports.inputs.length === 0 && ports.outputs.length > 0;
  };
  const leaving = document.edges.filter(({ from, to }) => isSource(from) && (before.has(to) || from === node));
  const found = new Map(leaving.map(({ from, fromPort }) => [`${from}.${fromPort}`, { nodeId: from, port: fromPort }]));
  return [...found.values()];
}

/** Ports of what is selected now. */
export function usePreviewPorts(): readonly Watch[] {
  const document = usePipeline();
  const validation = useValidation();
  const nodeIds = useViewStore((state) => state.selectedNodeIds);
  const edge = useViewStore((state) => state.selectedEdge);
  return useMemo(
    () => (document === null ? [] : previewPorts(document, validation, { nodeIds, edge })),
    [document, validation, nodeIds, edge],
  );
}

/** Asks the host for the rows of what is selected, from now on. Returns the way to stop. */
export function watchSelection(): () => void {
  let asked = '';
  const follow = (): void => {
    const { documents, activePath } = useDocumentStore.getState();
    const document = documents.find((open) => open.path === activePath)?.document;
    const { selectedNodeIds: nodeIds, selectedEdge: edge } = useViewStore.getState();
    const validation = activeValidation();
    const shown = document === undefined ? [] : previewPorts(document, validation, { nodeIds, edge });
    // What comes in belongs to it: a preview can be saved as a test.
    const inputs = shown.flatMap(({ nodeId }) => sourcesBefore(document!, validation, nodeId));
    const watches = [...new Map([...shown, ...inputs].map((one) => [`${one.nodeId}.${one.port}`, one])).values()];
    const now = JSON.stringify(watches);
    if (now === asked) return;
    asked = now;
    setWatches('selection', watches);
  };
  follow();
  const stops = [
    useViewStore.subscribe(follow),
    useDocumentStore.subscribe(follow),
    useValidationStore.subscribe(follow),
  ];
  return () => stops.forEach((stop) => stop());
}
