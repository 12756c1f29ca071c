/** Keyed state of an operator as it is shown: read from a snapshot, as a checkpoint would hold it. */
import type { Batch } from '../core/batch.ts';
import type { NodeId } from '../core/ids.ts';
import { formatValue } from '../formats/index.ts';
import { finishSnapshot, readTable, type TableSnapshot } from '../engine/state/index.ts';
import { textOfBytes } from './state-bytes.ts';
import type { OperatorNode } from '../engine/task/operator-node.ts';
import type { NodeState, StateChange, StateEntry, StateList, StateQuery, StateTable } from '../protocol/debug.ts';

const DEFAULT_LIMIT = 200;

interface ReadTable {
  readonly snapshot: TableSnapshot;
  readonly subtask: number;
  readonly batch: Batch;
}

/** Of all subtasks of an operator. */
export function viewState(nodeId: NodeId, nodes: readonly OperatorNode[], query: StateQuery = {}): NodeState {
  const tables = new Map<string, StateTable & { shown: StateEntry[]; matched: number }>();
  const { offset = 0, limit = DEFAULT_LIMIT } = query;
  for (const { snapshot, subtask, batch } of nodes.flatMap(readTables)) {
    if (query.table !== undefined && query.table !== snapshot.name) continue;
    const { keys, columns } = snapshot.layout;
    const known = tables.get(snapshot.name);
    const table = known ?? { name: snapshot.name, keys, columns, entries: 0, bytes: 0, shown: [], matched: 0 };
    const bytes = snapshot.keyGroups.reduce((sum, group) => sum + group.bytes.length, 0);
    const next = { ...table, entries: table.entries + batch.length, bytes: table.bytes + bytes };
    for (let row = 0; row < batch.length && next.shown.length < limit; row++) {
      const entry = entryOf(snapshot, subtask, batch, row);
      if (query.key !== undefined && !query.key.every((text, i) => keyText(entry.key[i]).startsWith(text))) continue;
      if (next.matched++ >= offset) next.shown.push(entry);
    }
    tables.set(snapshot.name, next);
  }
  const lists = nodes.flatMap(({ state, subtask }): StateList[] =>
    finishSnapshot(state.snapshot('savepoint')).lists.map(({ name, values }) => ({ name, subtask, values })),
  );
  return {
    nodeId,
    bytes: nodes.reduce((sum, { state }) => sum + state.bytes, 0),
    tables: [...tables.values()].map(({ matched: _, ...table }) => table),
    lists,
  };
}

/** What differs between an operator's state before and after a step. */
export function stateChanges(before: readonly OperatorNode[], after: readonly OperatorNode[]): readonly StateChange[] {
  const [old, now] = [entriesOf(before), entriesOf(after)];
  const changes: StateChange[] = [];
  for (const [place, { table, columns, entry }] of now) {
    const was = old.get(place)?.entry;
    if (was !== undefined && JSON.stringify(was.values) === JSON.stringify(entry.values)) continue;
    const { subtask, key, namespace } = entry;
    changes.push({ table, subtask, key, namespace, columns, before: was?.values ?? null, after: entry.values });
  }
  for (const [place, { table, columns, entry }] of old) {
    if (now.has(place)) continue;
    const { subtask, key, namespace } = entry;
    changes.push({ table, subtask, key, namespace, columns, before: entry.values, after: null });
  }
  return changes;
}

interface PlacedEntry {
  readonly table: string;
  readonly columns: readonly string[];
  readonly entry: StateEntry;
}

function entriesOf(nodes: readonly OperatorNode[]): ReadonlyMap<string, PlacedEntry> {
  const entries = new Map<string, PlacedEntry>();
  for (const { snapshot, subtask, batch } of nodes.flatMap(readTables)) {
    const columns = snapshot.layout.columns.map(({ name }) => name);
    for (let row = 0; row < batch.length; row++) {
      const entry = entryOf(snapshot, subtask, batch, row);
      const place = JSON.stringify([snapshot.name, subtask, entry.key, entry.namespace]);
      entries.set(place, { table: snapshot.name, columns, entry });
    }
  }
  return entries;
}

function readTables({ state, subtask }: OperatorNode): ReadTable[] {
  const { tables } = finishSnapshot(state.snapshot('savepoint'));
  return tables.map((snapshot) => ({ snapshot, subtask, batch: readTable(snapshot) }));
}

/** A row of `readTable`: keys, serial, columns. */
function entryOf({ layout }: TableSnapshot, subtask: number, batch: Batch, row: number): StateEntry {
  const cells = batch.schema.fields.map(({ type }, i) => formatValue(type, batch.columns[i]!, row));
  const namespace = batch.eventTimes?.[row] ?? NaN;
  const first = layout.keys.length + 1;
  return {
    subtask,
    key: cells.slice(0, layout.keys.length),
    namespace: layout.namespaced && !Number.isNaN(namespace) ? namespace : null,
    values: layout.columns.map(({ type }, i) => {
      const column = batch.columns[first + i]!;
      if (type === 'bytes') return column.isNull(row) ? null : textOfBytes(column.value(row) as Uint8Array);
      const cell = cells[first + i];
      return type === 'object' && typeof cell === 'string' ? (JSON.parse(cell) as unknown) : cell;
    }),
  };
}

export function keyText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
