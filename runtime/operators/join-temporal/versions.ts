/**
 * Right rows as the versions of their keys, by event time. A version is valid until the next one; the newest one that the watermark has passed
 * and all behind it are kept. A timer of the key is set for the time at which its oldest version is of no more use.
 */
import { DELETE, UPDATE_BEFORE, type Batch } from '../../core/batch.ts';
import type { Column } from '../../core/column.ts';
import type { OperatorContext } from '../../core/operator.ts';
import type { Schema } from '../../core/schema.ts';
import type { Json, KeyedState, KeyedTable, KeyedTimers, StateCodec } from '../../core/state.ts';
import type { Field } from '../../core/types.ts';
import { hasNullKey, takeKeys } from '../shared/joins/keys.ts';
import { rowCodec, rowValues, type RowValues } from '../shared/rows/row-values.ts';

interface Version extends RowValues {
  /** From then on the key has no row. */
  readonly isDeletion: boolean;
}

interface History {
  /** By event time; no two of one time. */
  readonly versions: Version[];
  /** When the first one goes; Infinity while it is the only one. */
  nextAt: number;
}

const COLUMN = 'versions';

export class Versions {
  readonly #table: KeyedTable;
  readonly #outdated: KeyedState;
  readonly #timers: KeyedTimers;
  #slots = new Int32Array(0);
  readonly #one = new Int32Array(1);

  constructor(context: OperatorContext, keys: readonly Field[], schema: Schema) {
    this.#table = context.state.table({
      name: 'right',
      keys,
      namespaced: false,
      columns: [{ name: COLUMN, type: 'object', codec: historyCodec(schema) }],
    });
    this.#outdated = context.state.keyed({ name: 'outdated', keys });
    this.#timers = this.#outdated.timers('versions');
  }

  /** Rows of a batch with its keys: each is its key's row from its time on; one of the same time takes the place of that before. */
  add(batch: Batch, keys: readonly Column[]): void {
    const kept = new Int32Array(batch.length);
    let count = 0;
    for (let row = 0; row < batch.length; row++) {
      // What a row replaces is valid until then.
      if (batch.kind(row) !== UPDATE_BEFORE && !hasNullKey(keys, row)) kept[count++] = row;
    }
    if (count === 0) return;
    const own = takeKeys(keys, batch.length, kept, count);
    this.#reserve(count);
    this.#table.slots(own, count, null, this.#slots);
    const histories = this.#table.objects(COLUMN) as (History | undefined)[];
    this.#outdated.load(own, count);
    for (let i = 0; i < count; i++) {
      const row = kept[i]!;
      const history = (histories[this.#slots[i]!] ??= { versions: [], nextAt: Infinity });
      insert(history.versions, { ...rowValues(batch, row), isDeletion: batch.kind(row) === DELETE });
      this.#awaitNext(i, history);
    }
  }

  /** By key, what to look versions up in. It holds until rows are added or dropped. */
  find(keys: readonly Column[], count: number): readonly (readonly Version[])[] {
    this.#reserve(count);
    this.#table.find(keys, count, null, this.#slots);
    const histories = this.#table.objects(COLUMN) as History[];
    return Array.from(this.#slots.subarray(0, count), (slot) => (slot < 0 ? [] : histories[slot]!.versions));
  }

  /** Drops versions that no row from the watermark on can see, of up to `max` keys; false when there are none left. */
  dropOutdated(watermark: number, max: number): boolean {
    const due = this.#timers.takeDue(watermark, max);
    if (due === null) return false;
    const { keys, count } = due;
    this.#reserve(count);
    this.#table.find(keys, count, null, this.#slots);
    const histories = this.#table.objects(COLUMN) as History[];
    this.#outdated.load(keys, count);
    for (let i = 0; i < count; i++) {
      const slot = this.#slots[i]!;
      if (slot < 0 || histories[slot]!.nextAt > watermark) continue;
      this.#one[0] = slot;
      this.#table.touch(this.#one, 1);
      const history = histories[slot]!;
      history.versions.splice(0, countUpTo(history.versions, watermark) - 1);
      history.nextAt = Infinity;
      this.#awaitNext(i, history);
    }
    return true;
  }

  /** Sets the timer of the `nth` loaded key, unless it has one before. */
  #awaitNext(nth: number, history: History): void {
    const nextAt = history.versions[1]?.eventTime ?? Infinity;
    if (nextAt >= history.nextAt) return;
    history.nextAt = nextAt;
    this.#outdated.select(nth);
    this.#timers.add(nextAt);
  }

  #reserve(count: number): void {
    if (this.#slots.length < count) this.#slots = new Int32Array(count);
  }
}

/** The row that was valid at `time`; null when there was none. */
export function validAt(versions: readonly Version[], time: number): RowValues | null {
  const version = versions[countUpTo(versions, time) - 1];
  return version === undefined || version.isDeletion ? null : version;
}

/** How many versions are of `time` or before: most are looked up near the end. */
function countUpTo(versions: readonly Version[], time: number): number {
  let low = 0;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (versions[middle]!.eventTime <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function insert(versions: Version[], version: Version): void {
  const at = countUpTo(versions, version.eventTime);
  const isSameTime = versions[at - 1]?.eventTime === version.eventTime;
  versions.splice(isSameTime ? at - 1 : at, isSameTime ? 1 : 0, version);
}

const HISTORY_BYTES = 96;

function historyCodec(schema: Schema): StateCodec {
  const rows = rowCodec(schema);
  return {
    toJson(value): Json {
      const { versions, nextAt } = value as History;
      const timer = nextAt === Infinity ? null : nextAt;
      return [timer, ...versions.map((version): Json => [version.isDeletion, rows.toJson(version)])];
    },
    fromJson(json): History {
      const [timer, ...versions] = json as readonly [number | null, ...(readonly [boolean, Json])[]];
      return {
        nextAt: timer ?? Infinity,
        versions: versions.map(([isDeletion, row]) => ({ ...(rows.fromJson(row) as RowValues), isDeletion })),
      };
    },
    sizeOf: (value) => (value as History).versions.reduce((sum, one) => sum + 8 + rows.sizeOf(one), HISTORY_BYTES),
  };
}
