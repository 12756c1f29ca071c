/**
 * Which rows each row of a run was made of. A run from its start on is watched: every entry of keyed state remembers the rows that have
 * written to it; a row that leaves was made of the row at hand and of those that the entries looked at in the same call remember.
 * That is never too few. It is narrowed down by what the row itself shows:
 *
 * - Operators that pass rows on (joins, dedup, topn): only rows whose values stand in it.
 * - Aggregates: only entries of its key; windows in event time: only rows between its bounds.
 *
 * What is left is exact but for equal rows that nothing tells apart, for values that hold many rows of a key (patterns, code of
 * users), and for frames of OVER, whose partition counts as a whole.
 */
import type { Batch } from '../core/batch.ts';
import { assert } from '../core/errors.ts';
import type { NodeId } from '../core/ids.ts';
import { isComposite } from '../core/operator.ts';
import { fieldIndex, type Schema } from '../core/schema.ts';
import { sameType } from '../core/types.ts';
import type { PhysicalOperator, PhysicalPlan } from '../compiler/physical-plan.ts';
import { findSpec } from '../operators/catalog.ts';
import type { LineageExactness, RowId } from '../protocol/debug.ts';
import { textOf } from './observed-state.ts';
import type { EntryPlace, StateWatch } from './state-watch.ts';
import type { EmittedRow, OperatorCall } from './step-probe.ts';

/** A row that an entry was made of. */
interface Contributor {
  readonly row: RowId;
  readonly input: number;
  /** Kept where its values may be asked for. */
  readonly batch: Batch | null;
  readonly eventTime: number;
}

/** How an operator's rows can be narrowed down. */
interface Narrowing {
  /** Where the fields of each input begin in a row that leaves; null: it does not pass rows on. */
  readonly passes: readonly number[] | null;
  /** Of the bounds of a window in event time among the fields of `out`. */
  readonly window: { readonly start: number; readonly end: number } | null;
  /** All rows of a key, or of its window, are in its result; not where rows are carried along with aggregates over others (OVER). */
  readonly isAggregate: boolean;
  readonly inputs: readonly Schema[];
  readonly firstPort: string | undefined;
}

interface Accessed {
  readonly place: EntryPlace;
  readonly contributors: Map<RowId, Contributor>;
  isWritten: boolean;
  isRemoved: boolean;
}

export type RowMade = (row: RowId, parents: readonly RowId[], exactness: LineageExactness) => void;

export class LineageTracker implements StateWatch {
  readonly #narrowings: ReadonlyMap<NodeId, Narrowing>;
  readonly #onRow: RowMade;
  /** By operator's subtask and table, then namespace, then key. */
  readonly #tables = new Map<string, Map<number, Map<string, Map<RowId, Contributor>>>>();
  readonly #accessed = new Map<string, Accessed>();
  readonly #removedNamespaces: { readonly table: string; readonly namespace: number }[] = [];
  #call: OperatorCall | null = null;

  constructor({ operators }: PhysicalPlan, onRow: RowMade) {
    this.#narrowings = new Map(operators.map((operator) => [operator.nodeId, narrowingOf(operator)]));
    this.#onRow = onRow;
  }

  begin(call: OperatorCall): void {
    this.#call = call;
    this.#accessed.clear();
    this.#removedNamespaces.length = 0;
  }

  access(place: EntryPlace, isWrite: boolean): void {
    const id = `${place.table} ${place.namespace} ${place.keyText}`;
    const known = this.#accessed.get(id);
    if (known !== undefined) {
      known.isWritten ||= isWrite;
      // Made anew, it may be what two were merged into: what it was made of is kept, and narrowed down later.
      if (isWrite) known.isRemoved = false;
    } else
      this.#accessed.set(id, { place, contributors: this.#contributors(place), isWritten: isWrite, isRemoved: false });
  }

  removed(place: EntryPlace): void {
    const known = this.#accessed.get(`${place.table} ${place.namespace} ${place.keyText}`);
    if (known !== undefined) known.isRemoved = true;
  }

  removedNamespace(nodeId: NodeId, subtask: number, table: string, namespace: number): void {
    this.#removedNamespaces.push({ table: tableId(nodeId, subtask, table), namespace });
  }

  emit(nodeId: NodeId, _subtask: number, { id, port, batch }: EmittedRow): void {
    const call = this.#call;
    if (call === null) return;
    const narrowing = this.#narrowings.get(nodeId)!;
    const own = call.row === 0 ? [] : [contributorOf(call)];
    // A row that is sent aside as it came.
    if (own.length > 0 && port !== narrowing.firstPort) return this.#onRow(id, [call.row], 'exact');
    const kept = [...this.#accessed.values()].filter(({ contributors }) => contributors.size > 0);
    if (kept.length === 0)
      return this.#onRow(
        id,
        own.map(({ row }) => row),
        'exact',
      );
    if (narrowing.passes !== null) return this.#passed(id, batch, own, kept, narrowing);
    const keyed = kept.filter(({ place }) => mayBeOf(batch, place));
    const rows = new Map(own.map((one) => [one.row, one]));
    for (const { contributors } of keyed) for (const one of contributors.values()) rows.set(one.row, one);
    const parents = [...rows.values()].filter((one) => isWithin(batch, one, narrowing.window));
    const isExact = narrowing.isAggregate && keyed.every(({ place }) => place.form === 'columns');
    this.#onRow(id, sorted(parents), isExact ? 'exact' : 'superset');
  }

  /** The candidates whose values the row has where their input's fields are. */
  #passed(id: RowId, batch: Batch, own: readonly Contributor[], kept: readonly Accessed[], narrowing: Narrowing): void {
    const { passes, window } = narrowing;
    const rows = new Map(own.map((one) => [one.row, one]));
    for (const { contributors } of kept) for (const one of contributors.values()) rows.set(one.row, one);
    const fits = [...rows.values()].filter(
      (one) => one.batch !== null && isWithin(batch, one, window) && hasValuesOf(batch, one.batch, passes![one.input]!),
    );
    // The row at hand is one of several equal ones only if it is not the one that came.
    const found = passes!.flatMap((_, input) => {
      const ofInput = fits.filter((one) => one.input === input);
      const isOwn = ofInput.filter(({ row }) => row === own[0]?.row);
      return isOwn.length > 0 ? [isOwn] : ofInput.length > 0 ? [ofInput] : [];
    });
    if (found.length === 0) return this.#onRow(id, sorted([...rows.values()]), 'superset');
    this.#onRow(id, sorted(found.flat()), found.every((same) => same.length === 1) ? 'exact' : 'superset');
  }

  end(call: OperatorCall): void {
    this.#call = null;
    const accessed = [...this.#accessed.values()];
    const own = call.row === 0 ? null : this.#ownOf(call);
    for (const { place, contributors, isWritten, isRemoved } of accessed) {
      if (!isWritten || isRemoved) continue;
      // What an entry was merged from: those of its key that went, or (without a row) those that were looked at.
      for (const other of accessed) {
        if (other.contributors === contributors || other.place.keyText !== place.keyText) continue;
        if (own === null || (other.isRemoved && other.place.table === place.table)) {
          for (const one of other.contributors.values()) contributors.set(one.row, one);
        }
      }
      if (own !== null) contributors.set(own.row, own);
    }
    for (const { place, isRemoved } of accessed) {
      if (isRemoved) this.#tables.get(tableOf(place))?.get(place.namespace)?.delete(place.keyText);
    }
    for (const { table, namespace } of this.#removedNamespaces) this.#tables.get(table)?.delete(namespace);
  }

  #ownOf(call: OperatorCall): Contributor {
    const one = contributorOf(call);
    return this.#narrowings.get(call.nodeId)!.passes === null ? { ...one, batch: null } : one;
  }

  #contributors(place: EntryPlace): Map<RowId, Contributor> {
    const id = tableOf(place);
    let table = this.#tables.get(id);
    if (table === undefined) this.#tables.set(id, (table = new Map()));
    let keys = table.get(place.namespace);
    if (keys === undefined) table.set(place.namespace, (keys = new Map()));
    let found = keys.get(place.keyText);
    if (found === undefined) keys.set(place.keyText, (found = new Map()));
    return found;
  }
}

function narrowingOf({ type, config, inputs, outputs }: PhysicalOperator): Narrowing {
  const spec = findSpec(type);
  const schemas = inputs.map(({ shape }) => shape.schema);
  const firstPort = Object.keys(outputs)[0];
  const none = { passes: null, window: null, isAggregate: false, inputs: schemas, firstPort };
  if (spec === null || isComposite(spec) || firstPort === undefined) return none;
  const out = outputs[firstPort]!.schema;
  const firing = spec.firing?.(config);
  const isInEventTime = firing !== undefined && 'time' in firing && firing.time === 'event';
  const window = { start: fieldIndex(out, 'window_start'), end: fieldIndex(out, 'window_end') };
  const isNew = schemas.every((schema) => fieldIndex(schema, 'window_start') < 0);
  const passesRows = spec.traits(config).passesRows === true;
  return {
    ...none,
    passes: passesRows ? placesOf(schemas, out) : null,
    window: isInEventTime && isNew && window.start >= 0 && window.end >= 0 ? window : null,
    isAggregate: spec.category === 'aggregate' && (firing !== undefined || placesOf(schemas, out) === null),
  };
}

/** Where each input's fields begin; null where the row does not begin with all of them. */
function placesOf(inputs: readonly Schema[], out: Schema): readonly number[] | null {
  const places: number[] = [];
  let at = 0;
  for (const { fields } of inputs) {
    if (!fields.every(({ type }, i) => out.fields[at + i] !== undefined && sameType(type, out.fields[at + i]!.type)))
      return null;
    places.push(at);
    at += fields.length;
  }
  return places;
}

function contributorOf({ row, input, batch }: OperatorCall): Contributor {
  assert(batch !== null, 'a row without values');
  return { row, input, batch, eventTime: batch.eventTimes?.[0] ?? NaN };
}

/** Whether a row may come from an entry, as far as its key is among its fields. */
function mayBeOf({ schema, columns }: Batch, { layout, key }: EntryPlace): boolean {
  return layout.keys.every(({ name, type }, i) => {
    const at = fieldIndex(schema, name);
    if (at < 0 || !sameType(schema.fields[at]!.type, type)) return true;
    return textOf([columns[at]!.value(0)]) === textOf([key[i]!]);
  });
}

function isWithin({ columns }: Batch, { eventTime }: Contributor, window: Narrowing['window']): boolean {
  if (window === null || Number.isNaN(eventTime)) return true;
  const [start, end] = [columns[window.start]!.value(0), columns[window.end]!.value(0)];
  return (start === null || eventTime >= (start as number)) && (end === null || eventTime < (end as number));
}

function hasValuesOf(made: Batch, from: Batch, place: number): boolean {
  const { columns } = from;
  return columns.every((column, i) => textOf([column.value(0)]) === textOf([made.columns[place + i]!.value(0)]));
}

function sorted(rows: readonly Contributor[]): readonly RowId[] {
  return rows.map(({ row }) => row).sort((a, b) => a - b);
}

function tableOf({ nodeId, subtask, table }: EntryPlace): string {
  return tableId(nodeId, subtask, table);
}

function tableId(nodeId: NodeId, subtask: number, table: string): string {
  return `${nodeId}#${subtask}/${table}`;
}
