/** Timers of keys, in memory: each key once in a table, by whose slots the heap of timers knows it. */
import { columnBuilder } from '../../../core/column-builder.ts';
import { assert } from '../../../core/errors.ts';
import type { DueTimers, KeyedTimers, TableSpec } from '../../../core/state.ts';
import type { Field } from '../../../core/types.ts';
import { MemoryTable } from '../memory-table.ts';
import type { BatchKeys } from './batch-keys.ts';
import type { KeyedStateHost, TableSnapshotInProgress, TimerTable } from './keyed-state-host.ts';
import { TimerHeap } from './timer-heap.ts';
import { restoreTimers, snapshotTimers, timerTableSpec } from './timer-snapshot.ts';

/** How many timers a key has. A key without is removed, once no snapshot needs it any more. */
const TIMERS = 'timers';

export class HeapTimers implements KeyedTimers, TimerTable {
  readonly #spec: TableSpec;
  readonly #keys: MemoryTable;
  readonly #heap = new TimerHeap();
  readonly #batch: BatchKeys;
  readonly #selected: () => number;
  /** Slots of the batch's keys, by row: those of load number `#version`. */
  #rowKeys = new Int32Array(0);
  #rowCount = 0;
  #version = 0;
  /** Slots of keys that had no timers when last looked at. */
  #idle: number[] = [];
  #snapshots = 0;

  constructor(
    name: string,
    keys: readonly Field[],
    host: KeyedStateHost,
    batch: BatchKeys,
    /** Row of the selected key. */
    selected: () => number,
  ) {
    this.#spec = timerTableSpec(name, keys);
    this.#batch = batch;
    this.#selected = selected;
    this.#keys = new MemoryTable({ name, keys, namespaced: false, columns: [{ name: TIMERS, type: 'i32' }] });
    restoreTimers(this.#spec, host.restored(this.#spec), this.#keys, (slots, at, order) => {
      this.#heap.restore(slots, at, order);
      const counts = this.#keys.i32(TIMERS);
      for (const slot of slots) counts[slot]!++;
    });
    host.include(this);
  }

  get nextAt(): number {
    return this.#heap.nextAt;
  }

  get bytes(): number {
    return this.#heap.bytes + this.#keys.bytes;
  }

  add(at: number): void {
    assert(at === at, 'a timer at no time');
    const key = this.#selectedKey();
    if (this.#heap.add(key, at)) this.#keys.i32(TIMERS)[key]!++;
  }

  remove(at: number): void {
    const key = this.#selectedKey();
    if (this.#heap.remove(key, at)) this.#keys.i32(TIMERS)[key]!--;
  }

  takeDue(time: number, max: number): DueTimers | null {
    if (this.#heap.size === 0 || this.#heap.nextAt > time) return null;
    const room = Math.min(max, this.#heap.size);
    const at = new Float64Array(room);
    const slots = new Int32Array(room);
    const count = this.#heap.take(time, at, slots);
    const builders = this.#spec.keys.map((key) => columnBuilder(key.type, count));
    this.#keys.appendKeys(slots, count, builders);
    this.#forgetRows();
    const counts = this.#keys.i32(TIMERS);
    for (let i = 0; i < count; i++) if (--counts[slots[i]!]! === 0) this.#idle.push(slots[i]!);
    this.#removeIdle();
    return { count, at: at.subarray(0, count), keys: builders.map((builder) => builder.finish()) };
  }

  snapshot(): TableSnapshotInProgress {
    this.#snapshots++;
    return snapshotTimers(this.#spec, this.#heap.copy(), this.#keys, () => {
      this.#snapshots--;
      this.#forgetRows();
      this.#removeIdle();
    });
  }

  /** Slot of the selected key. The whole batch is looked up when the first of its rows sets a timer, and its keys made. */
  #selectedKey(): number {
    const { columns, count, version } = this.#batch;
    if (this.#version !== version) {
      this.#forgetRows();
      this.#removeIdle();
      if (this.#rowKeys.length < count) this.#rowKeys = new Int32Array(count);
      this.#keys.slots(columns, count, null, this.#rowKeys);
      this.#rowCount = count;
      this.#version = version;
    }
    return this.#rowKeys[this.#selected()]!;
  }

  #forgetRows(): void {
    const counts = this.#keys.i32(TIMERS);
    for (let row = 0; row < this.#rowCount; row++) {
      if (counts[this.#rowKeys[row]!] === 0) this.#idle.push(this.#rowKeys[row]!);
    }
    this.#rowCount = 0;
    this.#version = -1;
  }

  /** No row may refer to the keys any more. Those of a snapshot under way stay: it copies them bit by bit. */
  #removeIdle(): void {
    if (this.#snapshots > 0 || this.#idle.length === 0) return;
    const counts = this.#keys.i32(TIMERS);
    const idle = this.#idle;
    this.#idle = [];
    let kept = 0;
    for (const key of idle) {
      if (counts[key] !== 0) continue;
      // Listed twice, it is removed once.
      counts[key] = -1;
      idle[kept++] = key;
    }
    for (let i = 0; i < kept; i++) this.#keys.remove(idle[i]!);
  }
}
