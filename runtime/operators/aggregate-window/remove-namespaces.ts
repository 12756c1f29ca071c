import type { KeyedTable } from '../../core/state.ts';

/** Removes about `max` entries of the lowest namespaces, those that are `over`; returns how many: fewer than `max` when none are left. */
export function removeNamespaces(table: KeyedTable, isOver: (namespace: number) => boolean, max: number): number {
  const before = table.size;
  for (const namespace of table.namespaces()) {
    const left = max - (before - table.size);
    if (!isOver(namespace) || left <= 0) break;
    table.removeNamespace(namespace, left);
  }
  return before - table.size;
}
