import type { FieldRef } from '../../runtime/compiler/rename/plan-rename.ts';
import { nodeId } from '../../runtime/core/ids.ts';
import { activeValidation } from '../stores/validation-store.ts';
import { useViewStore } from '../stores/view-store.ts';

/** Fields of what is selected: those that leave a node, those of a node without outputs that reach it, those on an edge. */
export function selectedFields(): readonly FieldRef[] {
  const { selectedNodeIds, selectedEdge } = useViewStore.getState();
  const [id] = selectedNodeIds;
  if (selectedEdge !== null) return fieldsAt(selectedEdge.from, selectedEdge.fromPort);
  const node = id === undefined ? undefined : activeValidation()?.nodes.get(id);
  if (id === undefined || node === undefined) return [];
  const ports = node.ports.outputs.map(({ name }) => ({ from: id, fromPort: name }));
  return (ports.length > 0 ? ports : node.edges).flatMap(({ from, fromPort }) => fieldsAt(from, fromPort));
}

function fieldsAt(id: string, port: string): readonly FieldRef[] {
  const shape = activeValidation()?.nodes.get(nodeId(id))?.outputs[port];
  return (shape?.schema.fields ?? []).map(({ name }) => ({ nodeId: nodeId(id), port, field: name }));
}

/** The field of that name which leaves the node, or which reaches it; null: there is none. */
export function fieldAt(id: string, name: string): FieldRef | null {
  const node = activeValidation()?.nodes.get(nodeId(id));
  if (node === undefined) return null;
  const reaching = node.edges.flatMap(({ from, fromPort }) => fieldsAt(from, fromPort));
  const leaving = Object.keys(node.outputs).flatMap((port) => fieldsAt(id, port));
  return [...reaching, ...leaving].find(({ field }) => field === name) ?? null;
}
