/**
 * All aggregates of an operator together: arguments and filters are computed once a batch, however many aggregates share them,
 * and each aggregate keeps its state in columns of one keyed table.
 */
import type { ColumnBuilder } from '../../../core/column-builder.ts';
import { Column } from '../../../core/column.ts';
import type { OperatorContext } from '../../../core/operator.ts';
import type { Schema } from '../../../core/schema.ts';
import type { ListState, StateColumnSpec } from '../../../core/state.ts';
import { BOOLEAN, type DataType } from '../../../core/types.ts';
import {
  compileKernel,
  compilePredicate,
  type EvaluationContext,
  type Kernel,
  type Predicate,
} from '../../../expression/index.ts';
import { evaluationContext, typedExpression } from '../expressions.ts';
import { StateArrays, type Accumulator, type StateColumns } from './accumulator.ts';
import type { AggregateFunction } from './aggregate-function.ts';
import { aggregateFunctions } from './catalog.ts';
import { isAllRows, type AggregateItem } from './config.ts';
import { DistinctAccumulator } from './distinct.ts';

/** Takes part where there is no argument. */
const NO_ARGUMENT = new Column(BOOLEAN, 0, null, new Uint8Array(0));

interface Member {
  readonly accumulator: Accumulator;
  readonly prefix: string;
  readonly argument: Argument | null;
  readonly rows: RowSet;
}

interface Argument {
  readonly kernel: Kernel;
  column: Column;
}

/** Rows of the batch at hand that take part: those that pass a filter and where an argument is not NULL. */
interface RowSet {
  readonly argument: Argument | null;
  readonly filter: Predicate | null;
  rows: Int32Array;
  count: number;
  /** All rows of the batch, so that row i stands at i. */
  isAll: boolean;
}

/** What keeps an aggregate's values; `argument` is BOOLEAN for `*`. */
export type CreateAccumulator = (item: AggregateItem, argument: DataType) => Accumulator;

export class AggregateGroup {
  /** For the table that holds the groups. */
  readonly columns: readonly StateColumnSpec[];
  readonly #members: readonly Member[];
  readonly #rowSets: readonly RowSet[];
  readonly #arguments: readonly Argument[];
  readonly #evaluation: EvaluationContext;
  /** Rows seen before the batch at hand, and with it. */
  #arrival = 0;
  #nextArrival = 0;
  readonly #arrivals: ListState<number>;
  #allRows = new Int32Array(0);

  constructor(
    items: readonly AggregateItem[],
    schema: Schema,
    context: OperatorContext,
    create: CreateAccumulator = createAccumulator,
  ) {
    const args = new Map<string, Argument>();
    const rowSets = new Map<string, RowSet>();
    this.#members = items.map((item) => memberOf(item, schema, args, rowSets, create));
    this.#arguments = [...args.values()];
    this.#rowSets = [...rowSets.values()];
    this.#evaluation = evaluationContext(context);
    this.columns = this.#members.flatMap(({ accumulator, prefix }) =>
      accumulator.columns.map((column) => ({ ...column, name: prefix + column.name })),
    );
    // Keys may come from several subtasks: past the largest, arrivals go on rising for each of them.
    this.#arrivals = context.state.list<number>('arrivals', 'union');
    this.#nextArrival = this.#arrivals.get().reduce((a, b) => Math.max(a, b), 0);
  }

  /** Call in the operator's `snapshot`. */
  snapshot(): void {
    this.#arrivals.set([this.#nextArrival]);
  }

  /** Takes the table's arrays again: after every call that may have made entries. */
  bind(table: StateColumns): void {
    for (const { accumulator, prefix } of this.#members) accumulator.bind(new StateArrays(table, prefix));
  }

  /** Computes arguments and filters of a batch. Throws StreamError MR2104. */
  load(columns: readonly Column[], count: number): void {
    this.#arrival = this.#nextArrival;
    this.#nextArrival += count;
    for (const argument of this.#arguments) argument.column = argument.kernel(columns, count, this.#evaluation);
    if (this.#allRows.length < count) this.#allRows = Int32Array.from({ length: count }, (_, i) => i);
    for (const set of this.#rowSets) this.#select(set, columns, count);
  }

  #select(set: RowSet, columns: readonly Column[], count: number): void {
    const column = set.argument?.column;
    set.isAll = set.filter === null && (column === undefined || column.validity === null);
    if (set.isAll) {
      set.rows = this.#allRows;
      set.count = count;
      return;
    }
    if (set.rows === this.#allRows || set.rows.length < count) set.rows = new Int32Array(count);
    set.count = set.filter === null ? count : set.filter(columns, count, this.#evaluation, set.rows);
    if (set.filter === null) set.rows.set(this.#allRows.subarray(0, count));
    if (column !== undefined && column.validity !== null) set.count = dropNulls(column, set.rows, set.count);
  }

  /** Adds rows `[from, to)` of the loaded batch, each to the entry `slots[row]`. `bind` first. */
  add(slots: Int32Array, from: number, to: number): void {
    for (const { accumulator, argument, rows } of this.#members) {
      const start = rows.isAll ? from : firstAtLeast(rows, from);
      const end = rows.isAll ? to : firstAtLeast(rows, to);
      if (start < end)
        accumulator.add(slots, argument === null ? NO_ARGUMENT : argument.column, rows.rows, start, end, this.#arrival);
    }
  }

  merge(from: Int32Array, into: Int32Array, count: number): void {
    for (const { accumulator } of this.#members) accumulator.merge(from, into, count);
  }

  /** Results of `slots[0, count)`, a builder for each aggregate from `builders[first]` on. */
  append(slots: Int32Array, count: number, builders: readonly ColumnBuilder[], first: number): void {
    this.#members.forEach(({ accumulator }, i) => accumulator.append(slots, count, builders[first + i]!));
  }
}

function memberOf(
  item: AggregateItem,
  schema: Schema,
  args: Map<string, Argument>,
  rowSets: Map<string, RowSet>,
  create: CreateAccumulator,
): Member {
  const expression = isAllRows(item) ? null : typedExpression(item.expr, schema);
  const argument =
    expression === null
      ? null
      : ensure(args, item.expr, () => ({ kernel: compileKernel(expression), column: NO_ARGUMENT }));
  const rows = ensure(rowSets, JSON.stringify([item.filter, expression === null ? null : item.expr]), () => ({
    argument,
    filter: item.filter === null ? null : compilePredicate(typedExpression(item.filter, schema, BOOLEAN)),
    rows: new Int32Array(0),
    count: 0,
    isAll: false,
  }));
  return { accumulator: create(item, expression?.type ?? BOOLEAN), prefix: `${item.as}.`, argument, rows };
}

function createAccumulator(item: AggregateItem, argument: DataType): Accumulator {
  const fn: AggregateFunction = aggregateFunctions[item.fn];
  const plain = fn.create(argument, item, item.distinct);
  return item.distinct && fn.distinct === 'set' ? new DistinctAccumulator(argument, plain) : plain;
}

function ensure<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

function dropNulls(column: Column, rows: Int32Array, count: number): number {
  let kept = 0;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    if (!column.isNull(row)) rows[kept++] = row;
  }
  return kept;
}

/** Index of the first of the ascending rows that is not below `row`. */
function firstAtLeast({ rows, count }: RowSet, row: number): number {
  if (row === 0) return 0;
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return low;
}
