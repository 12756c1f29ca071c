/** The key of the row or timer at hand with its state. Entries of a batch's keys are fetched when the first of them is asked for. */
import type { Column } from '../../core/column.ts';
import type { OperatorContext, OperatorPlan } from '../../core/operator.ts';
import { say } from '../../core/say.ts';
import { fieldIndex } from '../../core/schema.ts';
import type { KeyedListState, KeyedState, KeyedTimers, MapState, StateCodec, ValueState } from '../../core/state.ts';
import { printDataType, type DataType, type Field, type Value } from '../../core/types.ts';
import { valueCodec } from '../shared/aggregates/value-codec.ts';
import type { StateKind } from './check-code.ts';
import { compileRowView, type RowView } from './row-view.ts';
import type { ProcessJsConfig, StateDeclaration } from './spec.ts';
import { copyData, dataCodec } from './state-data.ts';
import { userError } from './user-error.ts';
import { describeValue, fromUser, MISFIT, toUser } from './user-values.ts';

/** States of one time to live. */
interface Group {
  readonly keyed: KeyedState;
  /** Whether it has the entries of the batch at hand. */
  isLoaded: boolean;
}

export class KeyAtHand {
  readonly #fields: readonly Field[];
  readonly #view: RowView;
  readonly #groups = new Map<number, Group>();
  readonly #states: Readonly<Record<StateKind, ReadonlyMap<string, unknown>>>;
  readonly eventTimers: KeyedTimers;
  readonly processingTimers: KeyedTimers;
  readonly #timerGroup: Group;
  readonly #context: OperatorContext;
  #columns: readonly Column[] | null = null;
  #count = 0;
  #row = 0;

  constructor({ config, inputs }: OperatorPlan<ProcessJsConfig>, context: OperatorContext) {
    const { schema } = inputs[0]!.shape;
    this.#context = context;
    this.#fields = config.keys.map((name) => schema.fields[fieldIndex(schema, name)]!);
    this.#view = compileRowView(this.#fields);
    this.#timerGroup = this.#groupOf(0);
    this.eventTimers = this.#timerGroup.keyed.timers('timers in event time');
    this.processingTimers = this.#timerGroup.keyed.timers('timers in processing time');
    const of = <T>(kind: StateKind, declare: (state: StateDeclaration) => T): ReadonlyMap<string, T> =>
      new Map(config.state.filter((one) => one.kind === kind).map((one) => [one.name, declare(one)]));
    this.#states = {
      value: of('value', (state) => this.#valueState(state)),
      list: of('list', (state) => this.#listState(state)),
      map: of('map', (state) => this.#mapState(state)),
    };
  }

  /** `ctx.state`. */
  get state(): Readonly<Record<StateKind, (name: unknown) => unknown>> {
    const find = (kind: StateKind) => {
      const states = this.#states[kind];
      return (name: unknown): unknown => states.get(name as string) ?? this.#missing(kind, name);
    };
    return Object.freeze({ value: find('value'), list: find('list'), map: find('map') });
  }

  load(columns: readonly Column[], count: number): void {
    this.#columns = columns;
    this.#count = count;
    this.#row = 0;
    this.#view.load(columns);
    for (const group of this.#groups.values()) group.isLoaded = false;
  }

  select(row: number): void {
    this.#row = row;
  }

  /** No key is at hand any more. */
  release(): void {
    this.#columns = null;
  }

  /** `ctx.key`. */
  get key(): unknown {
    if (this.#columns === null) throw noKey('ctx.key');
    this.#view.select(this.#row);
    const values = this.#view.row.toObject();
    return this.#fields.length === 1 ? values[this.#fields[0]!.name] : values;
  }

  /** Before timers are set or taken away: they are those of the key at hand. */
  reachTimers(): void {
    this.#reach(this.#timerGroup, 'ctx.timers');
  }

  #groupOf(ttlMs: number): Group {
    const known = this.#groups.get(ttlMs);
    if (known !== undefined) return known;
    // One name for all: a state whose TTL changes is still the same state.
    const keyed = this.#context.state.keyed({
      name: 'user',
      keys: this.#fields,
      ...(ttlMs === 0 ? {} : { ttl: { ms: ttlMs, update: 'on-create-and-write' } }),
    });
    const group = { keyed, isLoaded: false };
    this.#groups.set(ttlMs, group);
    return group;
  }

  #reach(group: Group, what: string): void {
    if (this.#columns === null) throw noKey(what);
    if (!group.isLoaded) {
      group.keyed.load(this.#columns, this.#count);
      group.isLoaded = true;
    }
    group.keyed.select(this.#row);
  }

  #valueState(declaration: StateDeclaration): unknown {
    const { group, codec, read, write } = this.#parts(declaration);
    const state: ValueState<unknown> = group.keyed.value(`value ${declaration.name}`, codec);
    const reach = (): void => this.#reach(group, 'ctx.state');
    return Object.freeze({
      get: () => (reach(), read(state.get())),
      set: (value: unknown) => (reach(), state.set(write(value))),
      clear: () => (reach(), state.clear()),
    });
  }

  #listState(declaration: StateDeclaration): unknown {
    const { group, codec, read, write } = this.#parts(declaration);
    const state: KeyedListState<unknown> = group.keyed.listState(`list ${declaration.name}`, codec);
    const reach = (): void => this.#reach(group, 'ctx.state');
    return Object.freeze({
      get: () => (reach(), state.get().map(read)),
      add: (value: unknown) => (reach(), state.add(write(value))),
      set: (values: unknown) => (reach(), state.set(listOf(declaration.name, values).map(write))),
      clear: () => (reach(), state.clear()),
    });
  }

  #mapState(declaration: StateDeclaration): unknown {
    const { group, codec, read, write } = this.#parts(declaration);
    const state: MapState<unknown> = group.keyed.map(`map ${declaration.name}`, codec);
    const at = (key: unknown): string => {
      if (typeof key !== 'string') {
        throw userError(
          'MR2303',
          say`a key of state "${declaration.name}" must be a text, and is ${describeValue(key)}`,
        );
      }
      this.#reach(group, 'ctx.state');
      return key;
    };
    const reach = (): void => this.#reach(group, 'ctx.state');
    return Object.freeze({
      get: (key: unknown) => read(state.get(at(key))),
      has: (key: unknown) => state.get(at(key)) !== undefined,
      set: (key: unknown, value: unknown) => state.set(at(key), write(value)),
      remove: (key: unknown) => state.remove(at(key)),
      keys: () => (reach(), [...state.keys()]),
      clear: () => (reach(), state.clear()),
    });
  }

  #parts({ name, type, ttl }: StateDeclaration) {
    const write = type === null ? copyData : fromUser(type);
    return {
      group: this.#groupOf(ttl ?? 0),
      codec: (type === null ? dataCodec : valueCodec(type)) satisfies StateCodec,
      read: readerOf(type),
      write: (value: unknown): unknown => {
        const kept = value === undefined || value === null ? MISFIT : write(value);
        if (kept !== MISFIT) return kept;
        const expected = type === null ? say`data (see the docs on state)` : printDataType(type);
        throw userError(
          'MR2302',
          say`state "${name}" was given ${describeValue(value)}, where ${expected} is expected`,
        );
      },
    };
  }

  #missing(kind: StateKind, name: unknown): never {
    const declared = [...this.#states[kind].keys()].map((one) => `"${one}"`);
    const known = declared.length === 0 ? say`none is declared` : say`declared are ${declared.join(', ')}`;
    throw userError('MR2303', say`there is no ${kind} state ${describeValue(name)}: ${known}`);
  }
}

/** `undefined` stays what it is: nothing is kept. */
function readerOf(type: DataType | null): (value: unknown) => unknown {
  const convert = type === null ? copyData : toUser(type);
  if (convert === null) return (value) => value;
  return (value) => (value === undefined ? undefined : convert(value as Exclude<Value, null>));
}

function listOf(name: string, values: unknown): readonly unknown[] {
  if (Array.isArray(values)) return values;
  throw userError('MR2302', say`state "${name}" was given ${describeValue(values)}, where an array is expected`);
}

function noKey(what: string): Error {
  return userError('MR2303', say`${what} belongs to a key, and there is none here`);
}
