/** Somebody who is told what operators do with their state, while they do it. */
import type { StateColumnType } from '../core/state.ts';
import type { Field, Value } from '../core/types.ts';
import type { NodeId } from '../core/ids.ts';
import type { EmittedRow, OperatorCall } from './step-probe.ts';

export interface EntryLayout {
  readonly keys: readonly Field[];
  readonly columns: readonly { readonly name: string; readonly type: StateColumnType }[];
}

/** An entry of keyed state. */
export interface EntryPlace {
  readonly nodeId: NodeId;
  readonly subtask: number;
  readonly table: string;
  readonly key: readonly Value[];
  /** Equal for equal keys. */
  readonly keyText: string;
  readonly namespace: number;
  /** `columns`: an aggregate in columns; `object`: one object for the key, which may hold many rows. */
  readonly form: 'columns' | 'object';
  readonly layout: EntryLayout;
}

export interface StateWatch {
  begin(call: OperatorCall): void;
  end(call: OperatorCall): void;
  emit(nodeId: NodeId, subtask: number, row: EmittedRow): void;
  /** The entry was looked at, or is about to be written. `read` gives its values as JSON texts now, null when it is not there; valid until the call ends. */
  access(place: EntryPlace, isWrite: boolean, read: () => readonly unknown[] | null): void;
  removed(place: EntryPlace): void;
  removedNamespace(nodeId: NodeId, subtask: number, table: string, namespace: number): void;
}

/** Two of them as one. */
export function both(a: StateWatch, b: StateWatch): StateWatch {
  return {
    begin: (call) => (a.begin(call), b.begin(call)),
    end: (call) => (a.end(call), b.end(call)),
    emit: (...row) => (a.emit(...row), b.emit(...row)),
    access: (...entry) => (a.access(...entry), b.access(...entry)),
    removed: (place) => (a.removed(place), b.removed(place)),
    removedNamespace: (...place) => (a.removedNamespace(...place), b.removedNamespace(...place)),
  };
}
