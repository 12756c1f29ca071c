/**
 * Timers in a snapshot: a table with an entry for each key and time, the time as namespace, in the form of table-snapshot.ts. So they
 * go with their key group to whatever subtask owns it next.
 */
import { Batch } from '../../../core/batch.ts';
import { columnBuilder } from '../../../core/column-builder.ts';
import { Column } from '../../../core/column.ts';
import { KEY_GROUPS } from '../../../core/hash.ts';
import type { Schema } from '../../../core/schema.ts';
import type { TableSpec } from '../../../core/state.ts';
import { DOUBLE, type Field } from '../../../core/types.ts';
import { decodeBatch, encodeBatch } from '../../../core/wire-batch.ts';
import type { MemoryTable } from '../memory-table.ts';
import type { KeyGroupSnapshot } from '../snapshot.ts';
import { layoutOf, pieceSchema } from '../table-snapshot.ts';
import type { TableSnapshotInProgress } from './keyed-state-host.ts';
import type { TimerRows } from './timer-heap.ts';

/** Timers looked at, and written, in one step (written: unless one key group has more): about a millisecond's work. */
const STEP_LOOKS = 32_768;
const STEP_WRITES = 4096;

export function timerTableSpec(name: string, keys: readonly Field[]): TableSpec {
  return { name, keys, namespaced: true, columns: [] };
}

/** `keys` must keep the timers' keys until `onEnd`, which is called once. */
export function snapshotTimers(
  spec: TableSpec,
  timers: TimerRows,
  keys: MemoryTable,
  onEnd: () => void,
): TableSnapshotInProgress {
  const pieces: KeyGroupSnapshot[] = [];
  const work = writePieces(spec, timers, keys, pieces);
  let isOver = false;
  const end = (): void => {
    if (!isOver) onEnd();
    isOver = true;
  };
  return {
    step() {
      if (work.next().done !== true) return true;
      end();
      return false;
    },
    result: () => ({ name: spec.name, layout: layoutOf(spec), keyGroups: pieces }),
    discard: end,
  };
}

/** A step up to each `yield`. */
function* writePieces(
  spec: TableSpec,
  timers: TimerRows,
  keys: MemoryTable,
  pieces: KeyGroupSnapshot[],
): Generator<undefined, void, undefined> {
  const { length } = timers.at;
  const keyGroupOf = new Uint8Array(length);
  const starts = new Int32Array(KEY_GROUPS + 1);
  for (let i = 0; i < length; i++) {
    keyGroupOf[i] = keys.keyGroupOf(timers.keys[timers.ids[i]!]!);
    starts[keyGroupOf[i]! + 1]!++;
    if (i % STEP_LOOKS === STEP_LOOKS - 1) yield;
  }
  for (let keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) starts[keyGroup + 1]! += starts[keyGroup]!;
  const ends = starts.slice();
  const members = new Int32Array(length);
  for (let i = 0; i < length; i++) {
    members[ends[keyGroupOf[i]!]!++] = i;
    if (i % STEP_LOOKS === STEP_LOOKS - 1) yield;
  }
  const schema = pieceSchema(spec);
  let written = 0;
  for (let keyGroup = 0; keyGroup < KEY_GROUPS; keyGroup++) {
    const own = members.subarray(starts[keyGroup], starts[keyGroup + 1]);
    if (own.length === 0) continue;
    const bytes = new Uint8Array(encodeBatch(pieceOf(schema, spec, timers, keys, own)));
    pieces.push({ keyGroup, entries: own.length, bytes });
    written += own.length;
    if (written < STEP_WRITES) continue;
    written = 0;
    yield;
  }
}

function pieceOf(schema: Schema, spec: TableSpec, timers: TimerRows, keys: MemoryTable, members: Int32Array): Batch {
  const count = members.length;
  const slots = new Int32Array(count);
  const serials = new Float64Array(count);
  const at = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const timer = members[i]!;
    const id = timers.ids[timer]!;
    slots[i] = timers.keys[id]!;
    serials[i] = timers.order[id]!;
    at[i] = timers.at[timer]!;
  }
  const builders = spec.keys.map((key) => columnBuilder(key.type, count));
  keys.appendKeys(slots, count, builders);
  const columns = [...builders.map((builder) => builder.finish()), new Column(DOUBLE, count, null, serials)];
  return new Batch(schema, count, columns, at);
}

/** Hands over the timers of key groups (of any subtasks), and puts their keys into an empty table: `slots` are theirs. */
export function restoreTimers(
  spec: TableSpec,
  keyGroups: readonly KeyGroupSnapshot[],
  keys: MemoryTable,
  add: (slots: Int32Array, at: Float64Array, order: Float64Array) => void,
): void {
  const schema = pieceSchema(spec);
  for (const { bytes } of keyGroups) {
    const { length, columns, eventTimes } = decodeBatch(schema, bytes.buffer, bytes.byteOffset);
    const slots = new Int32Array(length);
    keys.slots(columns.slice(0, spec.keys.length), length, null, slots);
    add(slots, eventTimes!, columns[spec.keys.length]!.values as Float64Array);
  }
}
