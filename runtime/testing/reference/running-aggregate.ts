/**
 * GROUP BY without a window that keeps every row and computes each result from scratch: the oracle of operators/aggregate-running. An
 * aggregate takes values back, not rows, as in Flink: of equal ones the first, and if it is distinct, the last.
 */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE, type ChangeKind } from '../../core/batch.ts';
import type { Value } from '../../core/types.ts';
import { aggregate, type ReferenceAggregate } from './aggregates.ts';

export interface ReferenceChange {
  readonly kind: ChangeKind;
  /** Keys, aggregates. */
  readonly values: readonly Value[];
}

type Rows = readonly (readonly Value[])[];

interface Group {
  readonly key: readonly Value[];
  readonly size: number;
  /** Of each aggregate, by arrival. */
  readonly rowsOf: readonly Rows[];
}

export class ReferenceRunningAggregate {
  readonly #keys: readonly number[];
  readonly #aggregates: readonly ReferenceAggregate[];
  /** Results that stay the same go out as well. */
  readonly #repeats: boolean;
  #groups: Group[] = [];

  constructor(keys: readonly number[], aggregates: readonly ReferenceAggregate[], repeats = false) {
    this.#keys = keys;
    this.#aggregates = aggregates;
    this.#repeats = repeats;
  }

  /** A row that is taken back must have come before. */
  change(kind: ChangeKind, values: readonly Value[]): readonly ReferenceChange[] {
    const key = this.#keys.map((i) => values[i]!);
    const old = this.#groups.find((one) => print(one.key) === print(key));
    const isAdded = kind === INSERT || kind === UPDATE_AFTER;
    if (!isAdded && old === undefined) return [];
    const group = {
      key,
      size: (old?.size ?? 0) + (isAdded ? 1 : -1),
      rowsOf: this.#aggregates.map((spec, i) => {
        const rows = old?.rowsOf[i] ?? [];
        return isAdded ? [...rows, values] : without(spec, rows, values);
      }),
    };
    this.#groups = [...this.#groups.filter((other) => other !== old), ...(group.size > 0 ? [group] : [])];

    const before = old === undefined ? null : this.#result(old);
    const after = group.size === 0 ? null : this.#result(group);
    if (before === null) return [{ kind: INSERT, values: after! }];
    if (after === null) return [{ kind: DELETE, values: before }];
    if (!this.#repeats && print(before) === print(after)) return [];
    return [
      { kind: UPDATE_BEFORE, values: before },
      { kind: UPDATE_AFTER, values: after },
    ];
  }

  #result({ key, rowsOf }: Group): readonly Value[] {
    return [...key, ...this.#aggregates.map((spec, i) => aggregate(spec, rowsOf[i]!))];
  }
}

function without({ field, filter, distinct }: ReferenceAggregate, rows: Rows, gone: readonly Value[]): Rows {
  const isEqual = (row: readonly Value[]): boolean =>
    (filter === null || filter(row)) && (field === null || print([row[field]!]) === print([gone[field]!]));
  if (!isEqual(gone)) return rows;
  const at = distinct ? rows.findLastIndex(isEqual) : rows.findIndex(isEqual);
  return rows.filter((_, i) => i !== at);
}

/** -0 is 0. */
function print(values: readonly Value[]): string {
  return values.map(printValue).join(' | ');
}

function printValue(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return String(value + 0);
  if (value instanceof Uint8Array) return `bytes ${value.join()}`;
  return Array.isArray(value) ? `[${(value as readonly Value[]).map(printValue).join()}]` : String(value);
}
