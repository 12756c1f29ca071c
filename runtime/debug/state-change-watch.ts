/** Which entries of keyed state a call changes: for breakpoints on state. */
import type { NodeId } from '../core/ids.ts';
import type { EntryPlace, StateWatch } from './state-watch.ts';

export interface ChangedEntry {
  readonly place: EntryPlace;
  /** In the order of the layout's columns, objects as JSON; null: it is not there. */
  readonly before: readonly unknown[] | null;
  readonly after: readonly unknown[] | null;
}

interface Seen {
  readonly place: EntryPlace;
  readonly before: readonly unknown[] | null;
  readonly read: () => readonly unknown[] | null;
  isWritten: boolean;
}

export class StateChangeWatch implements StateWatch {
  readonly #nodes: ReadonlySet<NodeId>;
  readonly #seen = new Map<string, Seen>();
  #changed: ChangedEntry[] = [];

  constructor(nodes: ReadonlySet<NodeId>) {
    this.#nodes = nodes;
  }

  /** Of the steps since the last time. */
  take(): readonly ChangedEntry[] {
    const changed = this.#changed;
    this.#changed = [];
    return changed;
  }

  begin(): void {
    this.#seen.clear();
  }

  access(place: EntryPlace, isWrite: boolean, read: () => readonly unknown[] | null): void {
    if (!this.#nodes.has(place.nodeId)) return;
    const id = `${place.table} ${place.namespace} ${place.keyText}`;
    const known = this.#seen.get(id);
    if (known === undefined) this.#seen.set(id, { place, before: read(), read, isWritten: isWrite });
    else if (isWrite) known.isWritten = true;
  }

  end(): void {
    for (const { place, before, read, isWritten } of this.#seen.values()) {
      if (!isWritten) continue;
      const after = read();
      if (print(before) !== print(after)) this.#changed.push({ place, before, after });
    }
    this.#seen.clear();
  }

  emit(): void {}

  removed(): void {}

  removedNamespace(): void {}
}

function print(values: readonly unknown[] | null): string {
  return JSON.stringify(values, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
