/** State of an operator that is replaced, with all it holds, by another one while the task runs. */
import type { Json, KeyedState, KeyedStateSpec, KeyedTable, ListState, TableSpec } from '../../core/state.ts';
import type { SnapshotInProgress, StateBackend } from '../state/index.ts';

export class SwitchedState implements StateBackend {
  #current: StateBackend;
  readonly #subtask: number;

  constructor(first: StateBackend, subtask: number) {
    this.#current = first;
    this.#subtask = subtask;
  }

  /** Closes what was held before. */
  switchTo(next: StateBackend): void {
    this.#current.close();
    this.#current = next;
  }

  get bytes(): number {
    return this.#current.bytes;
  }

  get entries(): number {
    return this.#current.entries;
  }

  sampleKeys(isOn: boolean): void {
    this.#current.sampleKeys(isOn);
  }

  get sampledKeys(): StateBackend['sampledKeys'] {
    return this.#current.sampledKeys;
  }

  list<T extends Json>(name: string, redistribution: 'split' | 'union'): ListState<T> {
    return this.#current.list<T>(name, redistribution);
  }

  table(spec: TableSpec): KeyedTable {
    return this.#current.table(spec);
  }

  keyed(spec: KeyedStateSpec): KeyedState {
    return this.#current.keyed(spec);
  }

  snapshot(kind: 'checkpoint' | 'savepoint'): SnapshotInProgress {
    const snapshot = this.#current.snapshot(kind);
    return {
      step: () => snapshot.step(),
      result: () => ({ ...snapshot.result(), subtask: this.#subtask }),
      discard: () => snapshot.discard(),
    };
  }

  settle(): void {
    this.#current.settle();
  }

  unclaimed(): readonly string[] {
    return this.#current.unclaimed();
  }

  close(): void {
    this.#current.close();
  }
}
