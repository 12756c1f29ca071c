/** A subtask's keys in parts: each a range of its key groups, as if it were a subtask of a job of higher parallelism. */
import { hashRows, KEY_GROUPS, keyGroupOf, keyGroupRange, subtaskOfKeyGroup } from '../../core/hash.ts';
import type { Column } from '../../core/column.ts';
import type { KeyGroupRange, StateSnapshot } from '../state/index.ts';

/** Most parts that a subtask's keys are put into. */
const MAX_PARTITIONS = 32;

export class KeyPartitions {
  readonly count: number;
  readonly #first: number;
  readonly #factor: number;
  readonly #partitionOf: Uint8Array;
  #hashes = new Int32Array(0);

  constructor(subtask: number, parallelism: number) {
    this.count = Math.max(1, Math.min(MAX_PARTITIONS, Math.floor(KEY_GROUPS / parallelism)));
    this.#factor = parallelism * this.count;
    this.#first = subtask * this.count;
    this.#partitionOf = Uint8Array.from({ length: KEY_GROUPS }, (_, group) =>
      Math.max(0, subtaskOfKeyGroup(group, this.#factor) - this.#first),
    );
  }

  keyGroups(partition: number): KeyGroupRange {
    return keyGroupRange(this.#first + partition, this.#factor);
  }

  /** Deals out rows 0 to `count`: `selections[p][0, counts[p])` get the rows of part p. */
  select(keys: readonly Column[], count: number, selections: readonly Int32Array[], counts: Int32Array): void {
    if (this.#hashes.length < count) this.#hashes = new Int32Array(count);
    const hashes = this.#hashes;
    hashRows(keys, count, hashes);
    counts.fill(0);
    for (let row = 0; row < count; row++) {
      const partition = this.#partitionOf[keyGroupOf(hashes[row]!)]!;
      selections[partition]![counts[partition]!++] = row;
    }
  }

  /** The share of a state that belongs to a part; entries of lists that are split are dealt out. */
  shareOf(state: StateSnapshot, partition: number): StateSnapshot {
    const { start, end } = this.keyGroups(partition);
    return {
      ...state,
      lists: state.lists.map((list) =>
        list.redistribution === 'union'
          ? list
          : { ...list, values: list.values.filter((_, i) => i % this.count === partition) },
      ),
      tables: state.tables.map((table) => ({
        ...table,
        keyGroups: table.keyGroups.filter(({ keyGroup }) => keyGroup >= start && keyGroup < end),
      })),
    };
  }
}
