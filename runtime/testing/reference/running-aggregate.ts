/** GROUP BY without a window that keeps every row and computes each result from scratch: the oracle of operators/aggregate-running. */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE, type ChangeKind } from '../../core/batch.ts';
import type { Value } from '../../core/types.ts';
import { aggregate, type ReferenceAggregate } from './aggregates.ts';

export interface ReferenceChange {
  readonly kind: ChangeKind;
  /** Keys, aggregates. */
  readonly values: readonly Value[];
}

interface Group {
  readonly key: readonly Value[];
  readonly rows: (readonly Value[])[];
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
    const old = this.#groups.find((group) => print(group.key) === print(key));
    const group = { key, rows: [...(old?.rows ?? [])] };
    if (kind === INSERT || kind === UPDATE_AFTER) group.rows.push(values);
    else if (old === undefined) return [];
    else group.rows.splice(group.rows.map(print).lastIndexOf(print(values)), 1);
    this.#groups = [...this.#groups.filter((other) => other !== old), ...(group.rows.length > 0 ? [group] : [])];

    const before = old === undefined ? null : this.#result(old);
    const after = group.rows.length === 0 ? null : this.#result(group);
    if (before === null) return [{ kind: INSERT, values: after! }];
    if (after === null) return [{ kind: DELETE, values: before }];
    if (!this.#repeats && print(before) === print(after)) return [];
    return [
      { kind: UPDATE_BEFORE, values: before },
      { kind: UPDATE_AFTER, values: after },
    ];
  }

  #result({ key, rows }: Group): readonly Value[] {
    return [...key, ...this.#aggregates.map((spec) => aggregate(spec, rows))];
  }
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
